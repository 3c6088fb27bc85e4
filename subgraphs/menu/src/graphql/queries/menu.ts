import { isUuid } from "@kava/contracts/ids";
import { pageSize, toConnection, type Connection } from "@kava/platform/graphql/connection";
import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import type { MenuContext } from "../context.js";
import { readCursor } from "../cursor.js";
import { MenuItem, MenuItemConnection, menuItemOf } from "../types/menuItem.js";

const FIRST = 50;

@Resolver()
export class MenuQueries {
  @Query(() => MenuItemConnection, {
    nullable: true,
    description: "What is on the menu, by category and name. Null when there is no such venue.",
  })
  async menu(
    @Ctx() context: MenuContext,
    @Arg("venueId", () => ID, { nullable: true }) venueId: string | null,
    @Arg("category", () => String, { nullable: true }) category: string | null,
    @Arg("first", () => Int, { defaultValue: FIRST, nullable: true }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<MenuItem> | null> {
    const size = pageSize(first ?? FIRST);
    const seen = readCursor("menu", after);
    const venue = venueId ? await venueIn(context, venueId) : null;
    if (venueId && !venue) return null;
    const query = { category: category ?? null, after: seen, limit: size + 1 };
    const { rows, totalCount } = await context.menu.reader.page(context.identity.tenantId, query);
    return toConnection(
      rows,
      size,
      (row) => [row.category, row.name, row.id],
      (row) => menuItemOf(row, venue),
      totalCount,
    );
  }

  @Query(() => [String], { nullable: true, description: "The categories of the menu." })
  menuCategories(@Ctx() { menu, identity }: MenuContext): Promise<string[]> {
    return menu.reader.categories(identity.tenantId);
  }

  @Query(() => MenuItem, {
    nullable: true,
    description: "One item, also a retired one; null when there is none or it is another tenant's.",
  })
  async item(@Arg("id", () => ID) id: string, @Ctx() { items }: MenuContext): Promise<MenuItem | null> {
    const row = isUuid(id) ? await items.load(id.toLowerCase()) : null;
    return row && menuItemOf(row);
  }
}

const venueIn = async ({ venues }: MenuContext, id: string): Promise<string | null> =>
  isUuid(id) ? ((await venues.load(id.toLowerCase()))?.id ?? null) : null;
