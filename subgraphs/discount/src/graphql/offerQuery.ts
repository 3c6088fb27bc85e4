import { isUuid } from "@kava/contracts/ids";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { maySee, type DiscountContext } from "./context.js";
import { Offer } from "./Offer.js";
import { showOffer } from "./showOffer.js";

@Resolver()
export class OfferQuery {
  @Query(() => Offer, { nullable: true, description: "An offer; for its customer and staff, null for all others." })
  async offer(@Arg("id", () => ID) id: string, @Ctx() context: DiscountContext): Promise<Offer | null> {
    const stored = isUuid(id) ? await context.load.offer.load(id) : null;
    return stored && maySee(context, stored.customerId) ? showOffer(stored, context) : null;
  }
}
