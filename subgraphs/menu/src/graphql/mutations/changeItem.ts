import { requireStaff } from "@kava/platform/graphql/context";
import { InvalidInput, UnknownItem } from "@kava/platform/graphql/errors";
import { DecimalScalar } from "@kava/platform/graphql/scalars";
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Resolver, createUnionType } from "type-graphql";
import { actorOf, type MenuContext } from "../context.js";
import { Changed } from "../types/errors.js";
import { MenuItem } from "../types/menuItem.js";
import { StaffOnly } from "../types/staffOnly.js";
import { changedItem, readItemValues } from "../values.js";

@InputType("ChangeItemInput", { description: "What is absent or null stays as it is." })
class ChangeItemInput {
  @Field(() => ID) id!: string;
  @Field(() => Int, { nullable: true, description: "The version that was seen: the change is not made when there is a newer one." })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => String, { nullable: true }) category?: string | null;
  @Field(() => DecimalScalar, { nullable: true }) price?: string | null;
  @Field(() => DecimalScalar, { nullable: true }) cost?: string | null;
}

const ChangeItemResult = createUnionType({
  name: "ChangeItemResult",
  types: () => [MenuItem, UnknownItem, Changed, InvalidInput] as const,
});

@Resolver()
export class ChangeItem {
  @Mutation(() => ChangeItemResult, {
    description: "Staff: changes an item's name, category, price or cost; price and cost leave a line in its history.",
  })
  @StaffOnly()
  async changeItem(
    @Arg("input", () => ChangeItemInput) input: ChangeItemInput,
    @Ctx() context: MenuContext,
  ): Promise<MenuItem | UnknownItem | Changed | InvalidInput> {
    requireStaff(context);
    const values = readItemValues(input, await context.currency());
    if (values instanceof InvalidInput) return values;
    return changedItem(context, input.id, (id) => context.menu.items.change(actorOf(context), id, input.expectedVersion ?? null, values));
  }
}
