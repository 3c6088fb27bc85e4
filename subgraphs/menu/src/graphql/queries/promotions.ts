import { isStaff } from "@kava/contracts/identity";
import { isUuid } from "@kava/contracts/ids";
import { pageSize, toConnection, type Connection } from "@kava/platform/graphql/connection";
import { Arg, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import type { PromotionView } from "../../storage/promotionReads.js";
import type { MenuContext } from "../context.js";
import { readCursor } from "../cursor.js";
import { Promotion, PromotionConnection, promotionOf } from "../types/promotion.js";

const FIRST = 20;

/** Everyone sees what is live; the staff sees all, also what is planned. */
export const promotionView = ({ identity, now }: MenuContext): PromotionView => ({
  tenantId: identity.tenantId,
  now,
  onlyLive: !isStaff(identity),
});

@Resolver()
export class PromotionQueries {
  @Query(() => PromotionConnection, { nullable: true, description: "Promotions, the latest first: those that are live; staff see all." })
  async promotions(
    @Ctx() context: MenuContext,
    @Arg("first", () => Int, { defaultValue: FIRST, nullable: true }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<Promotion>> {
    const size = pageSize(first ?? FIRST);
    const seen = readCursor("promotions", after);
    const rows = await context.menu.promotionReader.page(promotionView(context), seen, size + 1);
    return toConnection(rows, size, (row) => [row.startsAt.toISOString(), row.id], promotionOf);
  }

  @Query(() => Promotion, { nullable: true, description: "One promotion; null when there is none that the viewer may see." })
  async promotion(@Arg("id", () => ID) id: string, @Ctx() context: MenuContext): Promise<Promotion | null> {
    const row = isUuid(id) ? await context.menu.promotionReader.one(promotionView(context), id) : null;
    return row && promotionOf(row);
  }
}
