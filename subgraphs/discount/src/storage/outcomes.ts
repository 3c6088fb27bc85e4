import type { TenantFacts } from "@kava/contracts/tenant";
import type { Sql } from "@kava/platform/database/sql";
import type { Outcome } from "../domain/outcome.js";
import { LEAST_WINDOW_DAYS } from "../domain/outcomeWindow.js";
import { OFFER_DAYS } from "../domain/policy.js";

/** `windowDays` of the domain, in SQL. */
const WINDOW_DAYS = `greatest(${LEAST_WINDOW_DAYS}, 2 * coalesce((a.customer->>'medianGapDays')::float8, 0))`;

/**
 * The outcomes whose window is over at `now`, oldest first, after a moment and customer; at most `limit`. Costs are those of today: discount keeps no
 * history of them.
 */
export const outcomesAfter = async (
  sql: Sql,
  tenantId: string,
  { tax }: Pick<TenantFacts, "tax">,
  now: Date,
  after: { decidedAt: Date; customerId: string },
  limit: number,
): Promise<Outcome[]> => {
  const { rows } = await sql.query<Outcome>(
    `SELECT a.customer_id AS "customerId", a.week, a.decided_at AS "decidedAt", a.item_id AS "itemId", a.depth, a.propensities, a.customer, a.item,
       round(coalesce(o.margin, 0))::bigint AS "marginMinor", o.purchases, coalesce(o.units, 0) AS units
     FROM assignment a CROSS JOIN LATERAL (
       SELECT sum(u.paid / $3::float8 - u.quantity * i.cost_minor) FILTER (WHERE i.cost_minor IS NOT NULL) AS margin, count(DISTINCT v.purchase_id) AS purchases,
         sum(u.quantity) FILTER (WHERE u.item_id = a.item_id AND v.at <= a.decided_at + interval '${OFFER_DAYS} days') AS units
       FROM visit v CROSS JOIN unnest(v.item_ids, v.quantities, v.paid_minor) AS u(item_id, quantity, paid)
       LEFT JOIN item_view i ON i.tenant_id = a.tenant_id AND i.item_id = u.item_id
       WHERE v.tenant_id = a.tenant_id AND v.customer_id = a.customer_id AND v.at > a.decided_at AND v.at <= a.decided_at + ${WINDOW_DAYS} * interval '1 day') AS o
     WHERE a.tenant_id = $1 AND a.decided_at + ${WINDOW_DAYS} * interval '1 day' <= $2 AND (a.decided_at, a.customer_id) > ($4, $5::uuid)
     ORDER BY a.decided_at, a.customer_id LIMIT $6`,
    [tenantId, now, tax.mode === "inclusive" ? 1 + tax.rate : 1, after.decidedAt, after.customerId, limit],
  );
  return rows;
};
