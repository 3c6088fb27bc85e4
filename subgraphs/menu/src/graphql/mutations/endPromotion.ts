import { isUuid } from "@kava/contracts/ids";
import { requireScope } from "@kava/platform/graphql/context";
import { Arg, Ctx, ID, Int, Mutation, Resolver, createUnionType } from "type-graphql";
import { actorOf, type MenuContext } from "../context.js";
import { Changed, UnknownPromotion } from "../types/errors.js";
import { Promotion, promotionOf } from "../types/promotion.js";
import { MarketerOnly } from "../types/staffOnly.js";

const EndPromotionResult = createUnionType({ name: "EndPromotionResult", types: () => [Promotion, UnknownPromotion, Changed] as const });

@Resolver()
export class EndPromotion {
  @Mutation(() => EndPromotionResult, { description: "Marketers: ends a promotion now; one that has not begun never will." })
  @MarketerOnly()
  async endPromotion(
    @Arg("id", () => ID) id: string,
    @Ctx() context: MenuContext,
    @Arg("expectedVersion", () => Int, { nullable: true }) expectedVersion: number | null,
  ): Promise<Promotion | UnknownPromotion | Changed> {
    requireScope(context, "marketer");
    if (!isUuid(id)) return UnknownPromotion.of(id);
    const outcome = await context.menu.promotions.end(actorOf(context), id, expectedVersion ?? null);
    if (outcome.kind === "unknown") return UnknownPromotion.of(id);
    return outcome.kind === "stale" ? Changed.of(outcome.currentVersion) : promotionOf(outcome.promotion);
  }
}
