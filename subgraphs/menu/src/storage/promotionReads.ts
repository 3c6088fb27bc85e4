import type { Sql } from "@kava/platform/database/sql";
import type { PromotionRule } from "../domain/promotion.js";

/** A promotion as the graph shows it. */
export interface PromotionRow {
  id: string;
  name: string;
  startsAt: Date;
  endsAt: Date | null;
  percent: number | null;
  amountMinor: number | null;
  rule: PromotionRule;
  version: number;
}

/** Which promotions a viewer sees: all, or those that are live at `now`. */
export interface PromotionView {
  tenantId: string;
  now: Date;
  onlyLive: boolean;
}

const PROMOTION_ROW = `id, name, starts_at AS "startsAt", ends_at AS "endsAt", percent, amount_minor AS "amountMinor", rule, version`;
const SEEN = "tenant_id = $1 AND (NOT $3 OR (starts_at <= $2 AND (ends_at IS NULL OR ends_at > $2)))";

/** Reads promotions. They are not cached: they begin and end by themselves. */
export class PromotionReader {
  constructor(private readonly sql: Sql) {}

  /** At most `limit` promotions, the latest start first, after the given one. */
  async page(
    { tenantId, now, onlyLive }: PromotionView,
    after: readonly [startsAt: string, id: string] | null,
    limit: number,
  ): Promise<PromotionRow[]> {
    const { rows } = await this.sql.query<PromotionRow>(
      `SELECT ${PROMOTION_ROW} FROM promotion WHERE ${SEEN} AND ($4::timestamptz IS NULL OR (starts_at, id) < ($4, $5::uuid)) ORDER BY starts_at DESC, id DESC LIMIT $6`,
      [tenantId, now, onlyLive, ...(after ?? [null, null]), limit],
    );
    return rows;
  }

  async one({ tenantId, now, onlyLive }: PromotionView, id: string): Promise<PromotionRow | null> {
    const { rows } = await this.sql.query<PromotionRow>(`SELECT ${PROMOTION_ROW} FROM promotion WHERE ${SEEN} AND id = $4`, [
      tenantId,
      now,
      onlyLive,
      id,
    ]);
    return rows[0] ?? null;
  }
}
