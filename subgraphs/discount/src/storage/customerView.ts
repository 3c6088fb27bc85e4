import type { DomainEvent, EventData } from "@kava/contracts/events";
import type { CustomerRow } from "@kava/contracts/loading";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import { boughtItems, type BoughtItems } from "../domain/boughtItems.js";
import { visitIdOf } from "../domain/visitId.js";

/** A registration or a row of records may come after a change of the profile, which is newer. */
const DECLARED_BEFORE = `tastes = CASE WHEN c.profile_version = 0 THEN excluded.tastes ELSE c.tastes END,
       home_venue_id = CASE WHEN c.profile_version = 0 THEN excluded.home_venue_id ELSE c.home_venue_id END`;

/** Keeps who a customer is, from `customer.registered`; what they declared since stays. */
export const keepRegistered = async (tx: Sql, tenantId: string, data: EventData<"customer.registered">): Promise<void> => {
  await tx.query(
    `INSERT INTO customer_view AS c (tenant_id, customer_id, joined_at, tastes, home_venue_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, customer_id) DO UPDATE SET joined_at = excluded.joined_at, ${DECLARED_BEFORE}`,
    [tenantId, data.customerId, data.joinedAt, data.tastes, data.homeVenueId],
  );
};

/** Keeps what a customer declares now, from `customer.profiled`, unless a later version of them is known; their segment as `keepSegments` does. */
export const keepProfiled = async (
  tx: Sql,
  { tenantId, aggregateVersion, occurredAt, data }: DomainEvent<"customer.profiled">,
): Promise<void> => {
  await tx.query(
    `INSERT INTO customer_view AS c (tenant_id, customer_id, tastes, home_venue_id, profile_version) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, customer_id) DO UPDATE SET tastes = excluded.tastes, home_venue_id = excluded.home_venue_id, profile_version = excluded.profile_version
     WHERE c.profile_version < excluded.profile_version`,
    [tenantId, data.customerId, data.tastes, data.homeVenueId, aggregateVersion],
  );
  const { customerId, segment } = data;
  if (segment)
    await keepSegments(tx, tenantId, occurredAt, [
      { customerId, segmentId: segment.id, segmentName: segment.name, version: aggregateVersion },
    ]);
};

/**
 * Whether a segment is later news than the one that is kept (`c`): by the customer's version, which counts what was committed; where one is without,
 * by the moment of the event, which is when a request began.
 */
const LATER_SEGMENT = `(c.segment_at IS NULL OR CASE WHEN c.segment_version IS NULL OR excluded.segment_version IS NULL THEN c.segment_at < excluded.segment_at
  ELSE c.segment_version < excluded.segment_version END)`;

/** Keeps the memberships of a training, unless a later one is known. */
export const keepSegments = async (
  tx: Sql,
  tenantId: string,
  at: string,
  members: EventData<"customers.segmented">["members"],
): Promise<void> => {
  await tx.query(
    `INSERT INTO customer_view AS c (tenant_id, customer_id, segment_id, segment_name, segment_at, segment_version)
     SELECT $1, "customerId", "segmentId", "segmentName", $2, version
     FROM jsonb_to_recordset($3::jsonb) AS m("customerId" uuid, "segmentId" uuid, "segmentName" text, version bigint) ORDER BY "customerId"
     ON CONFLICT (tenant_id, customer_id) DO UPDATE SET segment_id = excluded.segment_id, segment_name = excluded.segment_name,
       segment_at = greatest(c.segment_at, excluded.segment_at), segment_version = greatest(c.segment_version, excluded.segment_version)
     WHERE ${LATER_SEGMENT}`,
    [tenantId, at, JSON.stringify(members)],
  );
};

export interface HeardPurchase {
  customerId: string;
  occurredAt: string;
  /** The customer's */
  aggregateVersion: number;
  data: EventData<"purchase.recorded">;
}

/**
 * Keeps purchases of different customers: the visits, the habits of their items, and the customers' features, which only a purchase with a higher
 * count replaces.
 */
export const keepPurchases = async (tx: Sql, tenantId: string, purchases: readonly HeardPurchase[]): Promise<void> => {
  await keepVisits(
    tx,
    tenantId,
    purchases.map(({ customerId, data }) => ({
      customerId,
      at: data.at,
      purchaseId: visitIdOf(data.purchaseId),
      totalMinor: data.totalMinor,
      ...boughtItems(data.lines),
    })),
  );
  const rows = purchases.map(({ customerId, occurredAt, aggregateVersion, data: { venueId, at, features, segment } }) => ({
    customer_id: customerId,
    last_venue_id: venueId,
    purchase_count: features?.purchaseCount ?? 0,
    last_at: at,
    frequency_per_week: features?.frequencyPerWeek ?? 0,
    average_order_minor: Math.round(features?.averageOrderMinor ?? 0),
    median_gap_days: features?.medianGapDays ?? null,
    segment_id: segment?.id ?? null,
    segment_name: segment?.name ?? null,
    segment_at: segment ? occurredAt : null,
    segment_version: segment ? aggregateVersion : null,
  }));
  await tx.query(
    `INSERT INTO customer_view AS c (tenant_id, customer_id, last_venue_id, purchase_count, last_at, frequency_per_week, average_order_minor, median_gap_days, segment_id, segment_name, segment_at, segment_version)
     SELECT $1, customer_id, last_venue_id, purchase_count, last_at, frequency_per_week, average_order_minor, median_gap_days, segment_id, segment_name, segment_at, segment_version
     FROM jsonb_to_recordset($2::jsonb) AS p(customer_id uuid, last_venue_id uuid, purchase_count int, last_at timestamptz, frequency_per_week float8, average_order_minor bigint,
       median_gap_days float8, segment_id uuid, segment_name text, segment_at timestamptz, segment_version bigint)
     ORDER BY customer_id
     ON CONFLICT (tenant_id, customer_id) DO UPDATE SET
       last_venue_id = CASE WHEN c.last_at IS NULL OR c.last_at <= excluded.last_at THEN coalesce(excluded.last_venue_id, c.last_venue_id) ELSE c.last_venue_id END,
       last_at = greatest(c.last_at, excluded.last_at),
       frequency_per_week = CASE WHEN c.purchase_count < excluded.purchase_count THEN excluded.frequency_per_week ELSE c.frequency_per_week END,
       average_order_minor = CASE WHEN c.purchase_count < excluded.purchase_count THEN excluded.average_order_minor ELSE c.average_order_minor END,
       median_gap_days = CASE WHEN c.purchase_count < excluded.purchase_count THEN excluded.median_gap_days ELSE c.median_gap_days END,
       purchase_count = greatest(c.purchase_count, excluded.purchase_count),
       segment_id = CASE WHEN ${LATER_SEGMENT} THEN excluded.segment_id ELSE c.segment_id END,
       segment_name = CASE WHEN ${LATER_SEGMENT} THEN excluded.segment_name ELSE c.segment_name END,
       segment_at = greatest(c.segment_at, excluded.segment_at), segment_version = greatest(c.segment_version, excluded.segment_version)`,
    [tenantId, JSON.stringify(rows)],
  );
};

export interface Visit extends BoughtItems {
  customerId: string;
  at: string;
  /** `visitIdOf` the purchase */
  purchaseId: string;
  totalMinor: number;
}

/** Adds visits that are not known yet and counts their items into the habits. Returns how many were new. */
export const keepVisits = async (tx: Sql, tenantId: string, visits: readonly Visit[]): Promise<number> => {
  const { rows } = await tx.query<{ added: number }>(
    `WITH added AS (
       INSERT INTO visit (tenant_id, customer_id, purchase_id, at, total_minor, item_ids, quantities, paid_minor)
       SELECT $1, "customerId", "purchaseId", at, "totalMinor", "itemIds", quantities, "paidMinor"
       FROM jsonb_to_recordset($2::jsonb) AS v("customerId" uuid, at timestamptz, "purchaseId" uuid, "totalMinor" bigint, "itemIds" uuid[], quantities int[], "paidMinor" bigint[])
       ON CONFLICT DO NOTHING RETURNING customer_id, at, item_ids),
     habits AS (
       INSERT INTO habit AS h (tenant_id, customer_id, item_id, purchases, last_at)
       SELECT $1, customer_id, item_id, count(*), max(at) FROM added, unnest(item_ids) AS item_id GROUP BY customer_id, item_id ORDER BY customer_id, item_id
       ON CONFLICT (tenant_id, customer_id, item_id) DO UPDATE SET purchases = h.purchases + excluded.purchases, last_at = greatest(h.last_at, excluded.last_at))
     SELECT count(*) AS added FROM added`,
    [tenantId, JSON.stringify(visits)],
  );
  return rows[0]?.added ?? 0;
};

/** Adds customers of a load that are not known yet, marked as not ready until `computeFeatures`. Returns how many were new. */
export const loadCustomers = async (tx: Transaction, tenantId: string, customers: readonly CustomerRow[]): Promise<number> => {
  const { rowCount } = await tx.query(
    `INSERT INTO customer_view AS c (tenant_id, customer_id, joined_at, tastes, home_venue_id, stale)
     SELECT $1, id, "joinedAt", coalesce(tastes, '{}'), "homeVenueId", true
     FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, "joinedAt" timestamptz, tastes text[], "homeVenueId" uuid) ORDER BY id
     ON CONFLICT (tenant_id, customer_id) DO UPDATE SET joined_at = excluded.joined_at, ${DECLARED_BEFORE}
     WHERE c.joined_at IS NULL`,
    [tenantId, JSON.stringify(customers.map(({ id, joinedAt, tastes, homeVenueId }) => ({ id, joinedAt, tastes, homeVenueId })))],
  );
  return rowCount;
};

/** Whether history is being loaded: there are customers whose features are not computed yet. */
export const isLoading = async (sql: Sql, tenantId: string): Promise<boolean> =>
  (await sql.query("SELECT FROM customer_view WHERE tenant_id = $1 AND stale LIMIT 1", [tenantId])).rowCount > 0;

/** Which of these customers are known. */
export const knownCustomers = async (sql: Sql, tenantId: string, customerIds: readonly string[]): Promise<Set<string>> => {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT customer_id AS id FROM customer_view WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[])",
    [tenantId, customerIds],
  );
  return new Set(rows.map((row) => row.id));
};
