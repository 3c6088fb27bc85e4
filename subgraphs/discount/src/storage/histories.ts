import type { Sql } from "@kava/platform/database/sql";
import type { VisitHistory } from "../domain/responseExamples.js";

/** The moment of the latest visit that is known; null when there is none. */
export const latestVisit = async (sql: Sql, tenantId: string): Promise<Date | null> =>
  (await sql.query<{ at: Date | null }>("SELECT max(last_at) AS at FROM customer_view WHERE tenant_id = $1", [tenantId])).rows[0]?.at ??
  null;

/** Visits since a moment of at most `customers` customers with two purchases or more: always the same ones, chosen by a hash of their identifier. */
export const sampleHistories = async (sql: Sql, tenantId: string, since: Date, customers: number): Promise<VisitHistory[]> => {
  const { rows } = await sql.query<{ customerId: string; at: Date; totalMinor: number; itemIds: string[] }>(
    `SELECT customer_id AS "customerId", at, total_minor AS "totalMinor", item_ids AS "itemIds" FROM visit
     WHERE tenant_id = $1 AND at >= $2 AND customer_id IN (
       SELECT customer_id FROM customer_view WHERE tenant_id = $1 AND purchase_count >= 2 ORDER BY md5(customer_id::text) LIMIT $3)
     ORDER BY customer_id, at`,
    [tenantId, since, customers],
  );
  return [...Map.groupBy(rows, (row) => row.customerId).values()].map((visits) => ({ visits }));
};
