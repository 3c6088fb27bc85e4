import { isUuid } from "@kava/contracts/ids";
import { requireStaff } from "@kava/platform/graphql/context";
import { UnknownItem } from "@kava/platform/graphql/errors";
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver, createUnionType } from "type-graphql";
import { actorOf, type MenuContext } from "../context.js";
import { UnknownVenue } from "../types/errors.js";
import { MenuItem, menuItemOf } from "../types/menuItem.js";
import { StaffOnly } from "../types/staffOnly.js";
import { itemNow } from "../values.js";

@InputType("SetAvailabilityInput")
class SetAvailabilityInput {
  @Field(() => ID) itemId!: string;
  @Field(() => ID) venueId!: string;
  @Field(() => Boolean) available!: boolean;
}

const SetAvailabilityResult = createUnionType({
  name: "SetAvailabilityResult",
  types: () => [MenuItem, UnknownItem, UnknownVenue] as const,
});

@Resolver()
export class SetAvailability {
  @Mutation(() => SetAvailabilityResult, {
    description: "Staff: says whether a venue has an item; answers with the item as seen from that venue.",
  })
  @StaffOnly()
  async setAvailability(
    @Arg("input", () => SetAvailabilityInput) { itemId, venueId, available }: SetAvailabilityInput,
    @Ctx() context: MenuContext,
  ): Promise<MenuItem | UnknownItem | UnknownVenue> {
    requireStaff(context);
    if (!isUuid(itemId)) return UnknownItem.of(itemId);
    if (!isUuid(venueId)) return UnknownVenue.of(venueId);
    const [item, venue] = [itemId.toLowerCase(), venueId.toLowerCase()];
    const outcome = await context.menu.items.setAvailability(actorOf(context), item, venue, available);
    if (outcome.kind === "unknownVenue") return UnknownVenue.of(venueId);
    if (outcome.kind !== "done") return UnknownItem.of(itemId);
    return menuItemOf((await itemNow(context, item)).row, venue);
  }
}
