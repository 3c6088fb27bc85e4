import type { TenantFacts } from "@kava/contracts/tenant";
import type { Sql } from "@kava/platform/database/sql";
import { isInHoldout } from "../domain/holdout.js";
import type { AgainstHoldout } from "../domain/promotion.js";

/** Of customers known before the window: what each earned the chain in the `days` before `now`, by whether they may get offers. Null without two of each. */
export const marginsAgainstHoldout = async (
  sql: Sql,
  tenantId: string,
  { tax }: Pick<TenantFacts, "tax">,
  now: Date,
  days: number,
): Promise<AgainstHoldout | null> => {
  const { rows } = await sql.query<{ customerId: string; margin: number }>(
    `SELECT c.customer_id AS "customerId", coalesce(sum(u.paid / $3::float8 - u.quantity * i.cost_minor) FILTER (WHERE i.cost_minor IS NOT NULL), 0)::float8 AS margin
     FROM customer_view c
     LEFT JOIN visit v ON v.tenant_id = c.tenant_id AND v.customer_id = c.customer_id AND v.at > $2::timestamptz - $4 * interval '1 day' AND v.at <= $2
     LEFT JOIN LATERAL unnest(v.item_ids, v.quantities, v.paid_minor) AS u(item_id, quantity, paid) ON true
     LEFT JOIN item_view i ON i.tenant_id = c.tenant_id AND i.item_id = u.item_id
     WHERE c.tenant_id = $1 AND EXISTS (SELECT FROM visit e WHERE e.tenant_id = c.tenant_id AND e.customer_id = c.customer_id AND e.at <= $2::timestamptz - $4 * interval '1 day')
     GROUP BY c.customer_id`,
    [tenantId, now, tax.mode === "inclusive" ? 1 + tax.rate : 1, days],
  );
  const [held, offered] = [true, false].map((holdout) =>
    momentsOf(rows.filter(({ customerId }) => isInHoldout(tenantId, customerId) === holdout).map(({ margin }) => margin)),
  ) as [Moments, Moments];
  if (held.count < 2 || offered.count < 2) return null;
  return {
    customers: offered.count,
    held: held.count,
    holdoutMargin: held.mean,
    difference: offered.mean - held.mean,
    standardError: Math.sqrt(offered.variance / offered.count + held.variance / held.count),
  };
};

interface Moments {
  count: number;
  mean: number;
  /** Of a single value. */
  variance: number;
}

const momentsOf = (values: readonly number[]): Moments => {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { count: values.length, mean, variance };
};
