import { requireStaff } from "@kava/platform/graphql/context";
import { UnknownItem } from "@kava/platform/graphql/errors";
import { Arg, Ctx, ID, Int, Mutation, Resolver, createUnionType } from "type-graphql";
import { actorOf, type MenuContext } from "../context.js";
import { Changed } from "../types/errors.js";
import { MenuItem } from "../types/menuItem.js";
import { StaffOnly } from "../types/staffOnly.js";
import { changedItem } from "../values.js";

const RetireItemResult = createUnionType({ name: "RetireItemResult", types: () => [MenuItem, UnknownItem, Changed] as const });

@Resolver()
export class RetireItem {
  @Mutation(() => RetireItemResult, { description: "Staff: takes an item off the menu; it stays readable and can be restored." })
  @StaffOnly()
  async retireItem(
    @Arg("id", () => ID) id: string,
    @Ctx() context: MenuContext,
    @Arg("expectedVersion", () => Int, { nullable: true }) expectedVersion: number | null,
  ): Promise<MenuItem | UnknownItem | Changed> {
    requireStaff(context);
    return changedItem(context, id, (known) => context.menu.items.setRetired(actorOf(context), known, expectedVersion ?? null, true));
  }
}
