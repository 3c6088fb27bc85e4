import type { PurchaseRow } from "@kava/contracts/loading";
import { copyRows } from "@kava/platform/database/copy";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import { boughtItems } from "../domain/boughtItems.js";
import { visitIdOf } from "../domain/visitId.js";

/** Makes the table that a load's rows are copied into; it goes with the transaction. */
const STAGING = `CREATE TEMP TABLE IF NOT EXISTS visit_staging
  (customer_id uuid NOT NULL, at timestamptz NOT NULL, purchase_id uuid NOT NULL, total_minor bigint NOT NULL, item_ids uuid[] NOT NULL,
   quantities int[] NOT NULL, paid_minor bigint[] NOT NULL, venue_id uuid) ON COMMIT DROP`;

/**
 * Adds a block of history with COPY; what is known already is left alone, so that a load may run twice, with other dates too. Purchases of nobody known
 * teach nothing here and are counted as known. The customers touched are marked, for `computeFeatures`. Returns how many were new.
 */
export const loadPurchases = async (tx: Transaction, tenantId: string, purchases: readonly PurchaseRow[]): Promise<number> => {
  await tx.query(STAGING);
  await copyRows(
    tx,
    "visit_staging",
    ["customer_id", "at", "purchase_id", "total_minor", "item_ids", "quantities", "paid_minor", "venue_id"],
    purchases
      .filter((row): row is PurchaseRow & { customerId: string } => row.customerId !== null)
      .map((row) => {
        const { itemIds, quantities, paidMinor } = boughtItems(row.lines);
        const total = paidMinor.reduce((sum, paid) => sum + paid, 0);
        return [row.customerId, row.at, visitIdOf(row.id), total, listOf(itemIds), listOf(quantities), listOf(paidMinor), row.venueId];
      }),
  );
  const { rows } = await tx.query<{ added: number }>(
    `WITH added AS (
       INSERT INTO visit (tenant_id, customer_id, at, purchase_id, total_minor, item_ids, quantities, paid_minor)
       SELECT $1, customer_id, at, purchase_id, total_minor, item_ids, quantities, paid_minor FROM visit_staging ON CONFLICT DO NOTHING RETURNING customer_id, purchase_id, at, item_ids),
     habits AS (
       INSERT INTO habit AS h (tenant_id, customer_id, item_id, purchases, last_at)
       SELECT $1, customer_id, item_id, count(*), max(at) FROM added, unnest(item_ids) AS item_id GROUP BY customer_id, item_id ORDER BY customer_id, item_id
       ON CONFLICT (tenant_id, customer_id, item_id) DO UPDATE SET purchases = h.purchases + excluded.purchases, last_at = greatest(h.last_at, excluded.last_at)),
     latest AS (
       SELECT DISTINCT ON (customer_id) customer_id, a.at, s.venue_id FROM added a JOIN visit_staging s USING (customer_id, purchase_id) ORDER BY customer_id, a.at DESC),
     touched AS (
       INSERT INTO customer_view AS c (tenant_id, customer_id, last_at, last_venue_id, stale) SELECT $1, customer_id, at, venue_id, true FROM latest ORDER BY customer_id
       ON CONFLICT (tenant_id, customer_id) DO UPDATE SET stale = true,
         last_venue_id = CASE WHEN c.last_at IS NULL OR c.last_at <= excluded.last_at THEN coalesce(excluded.last_venue_id, c.last_venue_id) ELSE c.last_venue_id END,
         last_at = greatest(c.last_at, excluded.last_at))
     SELECT count(*) AS added FROM added`,
    [tenantId],
  );
  return rows[0]?.added ?? 0;
};

/** A list as PostgreSQL reads it; none of its parts needs quotes. */
const listOf = (parts: readonly (string | number)[]): string => `{${parts.join(",")}}`;

/**
 * Computes the features of the customers that a load touched, set-wise: purchases, visits a week since the first one (at least a week),
 * average order, median gap. Returns how many customers. `now` ends the span over which visits a week are counted.
 */
export const computeFeatures = async (sql: Sql, tenantId: string, now: Date): Promise<number> => {
  // a chain that has just been loaded is not in the statistics yet: taken for empty, it would be read once for each of its customers
  await sql.query("ANALYZE visit, habit, customer_view");
  const { rowCount } = await sql.query(
    `UPDATE customer_view c SET stale = false, purchase_count = f.purchases, last_at = f.last_at, average_order_minor = round(f.total / f.purchases), median_gap_days = f.median_gap,
       frequency_per_week = f.purchases / greatest(1, extract(epoch FROM $2::timestamptz - f.first_at) / 604800)
     FROM (
       SELECT customer_id, count(*)::int AS purchases, sum(total_minor) AS total, min(at) AS first_at, max(at) AS last_at,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS median_gap
       FROM (
         SELECT v.customer_id, v.at, v.total_minor, extract(epoch FROM v.at - lag(v.at) OVER (PARTITION BY v.customer_id ORDER BY v.at)) / 86400 AS gap
         FROM visit v WHERE v.tenant_id = $1 AND v.customer_id IN (SELECT customer_id FROM customer_view WHERE tenant_id = $1 AND stale)) AS visits
       GROUP BY customer_id) AS f
     WHERE c.tenant_id = $1 AND c.customer_id = f.customer_id AND c.stale`,
    [tenantId, now],
  );
  await sql.query("UPDATE customer_view SET stale = false WHERE tenant_id = $1 AND stale", [tenantId]); // who was loaded and never bought
  return rowCount;
};
