import type { Sql } from "@kava/platform/database/sql";
import { isInHoldout } from "../domain/holdout.js";
import type { VisitHistory } from "../domain/responseExamples.js";

/** The moment of the latest visit that is known; null when there is none. */
export const latestVisit = async (sql: Sql, tenantId: string): Promise<Date | null> =>
  (await sql.query<{ at: Date | null }>("SELECT max(last_at) AS at FROM customer_view WHERE tenant_id = $1", [tenantId])).rows[0]?.at ??
  null;

/** Of so many times more customers are those chosen who may teach most: enough of them are in the holdout. */
const LOOKED_AT = 20;

/**
 * Visits and offers since a moment of at most `customers` customers with two purchases or more: always the same ones, chosen by a hash of their
 * identifier, the holdout first. What is learned from are weeks without an offer, and after some months few others have such weeks.
 */
export const sampleHistories = async (sql: Sql, tenantId: string, since: Date, customers: number): Promise<VisitHistory[]> => {
  const { rows: ids } = await sql.query<{ id: string }>(
    "SELECT customer_id AS id FROM customer_view WHERE tenant_id = $1 AND purchase_count >= 2 ORDER BY md5(customer_id::text) LIMIT $2",
    [tenantId, LOOKED_AT * customers],
  );
  const chosen = ids
    .map(({ id }) => ({ id, free: isInHoldout(tenantId, id) }))
    .sort((one, other) => Number(other.free) - Number(one.free))
    .slice(0, customers);
  const { rows } = await sql.query<{ customerId: string; at: Date; totalMinor: number; itemIds: string[] }>(
    `SELECT customer_id AS "customerId", at, total_minor AS "totalMinor", item_ids AS "itemIds" FROM visit
     WHERE tenant_id = $1 AND at >= $2 AND customer_id = ANY($3::uuid[]) ORDER BY customer_id, at`,
    [tenantId, since, chosen.map(({ id }) => id)],
  );
  const byCustomer = Map.groupBy(rows, (row) => row.customerId);
  const offers = await offersSince(sql, tenantId, since, [...byCustomer.keys()]);
  return [...byCustomer].map(([customerId, visits]) => ({ visits, offered: offers.get(customerId) ?? [] }));
};

/** When these customers had an offer, whatever became of it: from its making to its end. */
const offersSince = async (sql: Sql, tenantId: string, since: Date, customerIds: readonly string[]) => {
  const { rows } = await sql.query<{ customerId: string; from: Date; until: Date }>(
    `SELECT customer_id AS "customerId", created_at AS "from", coalesce(ended_at, expires_at) AS until FROM offer
     WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND coalesce(ended_at, expires_at) > $3`,
    [tenantId, customerIds, since],
  );
  return Map.groupBy(rows, (row) => row.customerId);
};
