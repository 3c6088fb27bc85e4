import type { TenantFacts } from "@kava/contracts/tenant";
import type { Sql } from "@kava/platform/database/sql";
import type { Outcome } from "../domain/outcome.js";
import { LEAST_WINDOW_DAYS } from "../domain/outcomeWindow.js";
import { OFFER_DAYS } from "../domain/policy.js";

/** `windowDays` of the domain, in SQL. */
const WINDOW_DAYS = `greatest(${LEAST_WINDOW_DAYS}, 2 * coalesce((a.customer->>'medianGapDays')::float8, 0))`;

/** Of a log too long to be learned from as a whole: shares, 0 to 1. What is taken depends on identifiers alone, never on what was drawn or came of it. */
export interface OutcomeSample {
  /** Of customers, with all their weeks. */
  customers: number;
  /** Of weeks, of whichever customers: so that as many different ones as possible are among them. */
  weeks: number;
}

export const EVERY_OUTCOME: OutcomeSample = { customers: 1, weeks: 1 };

/** Of how many customers' weeks chance decided after a moment and up to another one, whether their outcome is known or not. */
export const countDraws = async (sql: Sql, tenantId: string, after: Date, until?: Date): Promise<number> =>
  (
    await sql.query<{ draws: number }>(
      "SELECT count(*) AS draws FROM assignment WHERE tenant_id = $1 AND decided_at > $2 AND decided_at <= coalesce($3, 'infinity'::timestamptz)",
      [tenantId, after, until ?? null],
    )
  ).rows[0]?.draws ?? 0;

/** A sample of about so many weeks of those drawn since a moment, half by customers and half by weeks; all where there are no more. */
export const sampleFor = async (sql: Sql, tenantId: string, since: Date, most: number): Promise<OutcomeSample> => {
  const share = most / Math.max(1, await countDraws(sql, tenantId, since));
  return share >= 1 ? EVERY_OUTCOME : { customers: share / 2, weeks: share / 2 };
};

/** A hash of what follows, as a share of all hashes. */
const hashed = (text: string): string => `(hashtextextended(${text}, 0) & 1048575) / 1048576.0`;

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
  sample: OutcomeSample = EVERY_OUTCOME,
): Promise<Outcome[]> => {
  const { rows } = await sql.query<Outcome>(
    `SELECT a.customer_id AS "customerId", a.week, a.decided_at AS "decidedAt", a.item_id AS "itemId", a.depth, a.propensities, a.customer, a.item,
       round(coalesce(o.margin, 0))::bigint AS "marginMinor", o.purchases, coalesce(o.units, 0) AS units,
       ${hashed("a.customer_id::text")} < $7 AS whole
     FROM assignment a CROSS JOIN LATERAL (
       SELECT sum(u.paid / $3::float8 - u.quantity * i.cost_minor) FILTER (WHERE i.cost_minor IS NOT NULL) AS margin, count(DISTINCT v.purchase_id) AS purchases,
         sum(u.quantity) FILTER (WHERE u.item_id = a.item_id AND v.at <= a.decided_at + interval '${OFFER_DAYS} days') AS units
       FROM visit v CROSS JOIN unnest(v.item_ids, v.quantities, v.paid_minor) AS u(item_id, quantity, paid)
       LEFT JOIN item_view i ON i.tenant_id = a.tenant_id AND i.item_id = u.item_id
       WHERE v.tenant_id = a.tenant_id AND v.customer_id = a.customer_id AND v.at > a.decided_at AND v.at <= a.decided_at + ${WINDOW_DAYS} * interval '1 day') AS o
     WHERE a.tenant_id = $1 AND a.decided_at + ${WINDOW_DAYS} * interval '1 day' <= $2 AND (a.decided_at, a.customer_id) > ($4, $5::uuid)
       AND (${hashed("a.customer_id::text")} < $7 OR ${hashed("a.week || a.customer_id")} < $8)
     ORDER BY a.decided_at, a.customer_id LIMIT $6`,
    [tenantId, now, tax.mode === "inclusive" ? 1 + tax.rate : 1, after.decidedAt, after.customerId, limit, sample.customers, sample.weeks],
  );
  return rows;
};
