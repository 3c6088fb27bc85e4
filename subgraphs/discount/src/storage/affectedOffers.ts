import type { Sql } from "@kava/platform/database/sql";

/** Before every identifier of a customer. */
export const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** Customers with a live offer on one of these items, after one, in the order of their identifiers. */
export const customersOffered = async (
  sql: Sql,
  tenantId: string,
  itemIds: readonly string[],
  limit: number,
  after = FIRST_ID,
): Promise<string[]> =>
  ids(
    await sql.query<Id>(
      `SELECT customer_id AS id FROM offer WHERE tenant_id = $1 AND item_id = ANY($2::uuid[]) AND state = 'LIVE' AND customer_id > $3
     ORDER BY customer_id LIMIT $4`,
      [tenantId, itemIds, after, limit],
    ),
  );

/** Locks the counters of customers without counting a decision: taken before an item's row, so that decisions under way and a price change do not wait for each other. */
export const lockCountersOf = async (tx: Sql, tenantId: string, customerIds: readonly string[]): Promise<void> => {
  await tx.query("SELECT FROM push_counter WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY customer_id FOR UPDATE", [
    tenantId,
    customerIds,
  ]);
};

/** Customers whose offer is over though its state still says LIVE. */
export const customersWithLapsedOffers = async (sql: Sql, tenantId: string, now: Date, limit: number): Promise<string[]> =>
  ids(
    await sql.query<Id>(
      "SELECT customer_id AS id FROM offer WHERE tenant_id = $1 AND state = 'LIVE' AND expires_at <= $2 ORDER BY expires_at LIMIT $3",
      [tenantId, now, limit],
    ),
  );

/** Customers in the order of their identifiers, after one. */
export const customersAfter = async (sql: Sql, tenantId: string, after: string, limit: number): Promise<string[]> =>
  ids(
    await sql.query<Id>(
      "SELECT customer_id AS id FROM customer_view WHERE tenant_id = $1 AND customer_id > $2 ORDER BY customer_id LIMIT $3",
      [tenantId, after, limit],
    ),
  );

export const countCustomers = async (sql: Sql, tenantId: string): Promise<number> =>
  (await sql.query<{ customers: number }>("SELECT count(*) AS customers FROM customer_view WHERE tenant_id = $1", [tenantId])).rows[0]
    ?.customers ?? 0;

/**
 * As `customersAfter`, of those who do not buy and have no live offer: the last purchase is two median gaps and at least `leastDays` ago, or there
 * never was one. Who is being loaded does not count yet.
 */
export const lapsedCustomersAfter = async (
  sql: Sql,
  tenantId: string,
  after: string,
  now: Date,
  leastDays: number,
  limit: number,
): Promise<string[]> =>
  ids(
    await sql.query<Id>(
      `SELECT customer_id AS id FROM customer_view c WHERE tenant_id = $1 AND customer_id > $2 AND NOT stale
       AND (last_at IS NULL OR last_at < $3::timestamptz - greatest($4, 2 * coalesce(median_gap_days, 0)) * interval '1 day')
       AND NOT EXISTS (SELECT FROM offer o WHERE o.tenant_id = c.tenant_id AND o.customer_id = c.customer_id AND o.state = 'LIVE')
     ORDER BY customer_id LIMIT $5`,
      [tenantId, after, now, leastDays, limit],
    ),
  );

/** Forgets decisions that made no offer and are older than this. */
export const forgetDecisions = async (sql: Sql, before: Date): Promise<number> =>
  (
    await sql.query(
      "DELETE FROM decision d WHERE decided_at < $1 AND NOT EXISTS (SELECT FROM offer o WHERE o.tenant_id = d.tenant_id AND o.decision_id = d.id)",
      [before],
    )
  ).rowCount;

interface Id {
  id: string;
}
const ids = ({ rows }: { rows: Id[] }): string[] => rows.map((row) => row.id);
