import { requireStaff } from "@kava/platform/graphql/context";
import { connectionOf, pageSize, toConnection, type Connection } from "@kava/platform/graphql/connection";
import { Money, moneyOf } from "@kava/platform/graphql/money";
import { Arg, Ctx, Directive, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from "type-graphql";
import { isAvailable } from "../../domain/item.js";
import type { MenuRow } from "../../storage/itemReads.js";
import type { MenuContext } from "../context.js";
import { readCursor } from "../cursor.js";
import { PriceChange, PriceChangeConnection, priceChangeOf } from "./priceChange.js";
import { StaffOnly } from "./staffOnly.js";

@ObjectType("MenuItem", { description: "Something that the chain sells. Items are retired, never deleted." })
@Directive('@key(fields: "id")')
export class MenuItem {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: "The chain's own code of the item." }) sku!: string;
  @Field(() => String) name!: string;
  @Field(() => String) category!: string;
  @Field(() => Boolean, { description: "Whether it can be had: at the venue of menu(venueId:), else at any." }) available!: boolean;
  @Field(() => Boolean, { description: "Taken off the menu; it stays readable." }) retired!: boolean;
  row!: MenuRow;
}

export const MenuItemConnection = connectionOf("MenuItem", () => MenuItem);

/** The item as seen from a venue, or from anywhere. */
export const menuItemOf = (row: MenuRow, venueId: string | null = null): MenuItem => {
  const { id, sku, name, category, retired } = row;
  return Object.assign(new MenuItem(), { id, sku, name, category, retired, available: isAvailable(row, venueId), row });
};

@Resolver(() => MenuItem)
export class MenuItemFields {
  @FieldResolver(() => Money, { description: "The menu price." })
  async price(@Root() { row }: MenuItem, @Ctx() context: MenuContext): Promise<Money> {
    return moneyOf(row.priceMinor, await context.currency());
  }

  @FieldResolver(() => Money, { nullable: true, description: "Staff only: what one costs the chain; null when nobody has told." })
  @StaffOnly()
  async cost(@Root() { row }: MenuItem, @Ctx() context: MenuContext): Promise<Money | null> {
    requireStaff(context);
    return row.costMinor === null ? null : moneyOf(row.costMinor, await context.currency());
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: "Staff only: rises with every change; give it as expectedVersion to change what you saw.",
  })
  @StaffOnly()
  version(@Root() { row }: MenuItem, @Ctx() context: MenuContext): number {
    requireStaff(context);
    return row.version;
  }

  @FieldResolver(() => [ID], { nullable: true, description: "Staff only: the venues that do not have it now." })
  @StaffOnly()
  unavailableVenueIds(@Root() { row }: MenuItem, @Ctx() context: MenuContext): string[] {
    requireStaff(context);
    return row.unavailableVenueIds;
  }

  @FieldResolver(() => PriceChangeConnection, {
    nullable: true,
    description: "Staff only: price and cost since the beginning, newest first.",
  })
  @StaffOnly()
  async priceHistory(
    @Root() { id }: MenuItem,
    @Ctx() context: MenuContext,
    @Arg("first", () => Int, { defaultValue: 20, nullable: true }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<PriceChange>> {
    requireStaff(context);
    const size = pageSize(first ?? 20);
    const before = readCursor("priceHistory", after)?.[0] ?? null;
    const [rows, currency] = await Promise.all([context.priceHistory.load({ itemId: id, before, limit: size + 1 }), context.currency()]);
    return toConnection(
      rows,
      size,
      (row) => [row.version],
      (row) => priceChangeOf(row, currency),
    );
  }
}
