import type { Sql } from "@kava/platform/database/sql";

/** One row of the push table: the customer's state after a decision. */
export interface Push {
  seq: number;
  offerId: string | null;
  at: Date;
}

/** The customer's pushes after a sequence number, ascending. */
export const pushesAfter = async (sql: Sql, tenantId: string, customerId: string, seq: number, limit: number): Promise<Push[]> =>
  (
    await sql.query<Push>(
      `SELECT seq, offer_id AS "offerId", at FROM offer_push WHERE tenant_id = $1 AND customer_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
      [tenantId, customerId, seq, limit],
    )
  ).rows;

/** The customer's most recent push, if there is one. */
export const latestPush = async (sql: Sql, tenantId: string, customerId: string): Promise<Push[]> =>
  (
    await sql.query<Push>(
      `SELECT seq, offer_id AS "offerId", at FROM offer_push WHERE tenant_id = $1 AND customer_id = $2 ORDER BY seq DESC LIMIT 1`,
      [tenantId, customerId],
    )
  ).rows;
