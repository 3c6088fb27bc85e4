import type { Because } from "@kava/contracts/because";
import type { Sql } from "@kava/platform/database/sql";
import type { Propensity } from "../domain/decision.js";
import { CAPPED_DAYS } from "../domain/policy.js";
import type { TasteItem } from "./tastes.js";

/** What is known of one customer when a decision is made. */
export interface CustomerKnowledge {
  customerId: string;
  tastes: string[];
  venueId: string | null;
  segmentId: string | null;
  segmentName: string | null;
  purchaseCount: number;
  lastAt: Date | null;
  frequencyPerWeek: number;
  averageOrderMinor: number;
  medianGapDays: number | null;
  /** Null when analytics has said nothing yet. */
  liked: TasteItem[] | null;
  /** Items bought, most often first. */
  habits: { itemId: string; purchases: number }[];
  live: LiveOffer | null;
  /** An offer in state LIVE whose time is over. */
  lapsedOfferId: string | null;
  /** When the offers of the last weeks were made, as far back as the caps look. */
  offeredAt: Date[];
}

export interface LiveOffer {
  id: string;
  itemId: string;
  depth: number;
  listMinor: number;
  priceMinor: number;
  because: Because;
}

/** A customer's counter, locked until the transaction ends: decisions of one customer go one after the other. */
export interface LockedCounter {
  customerId: string;
  /** Of the last push; 0 before the first. */
  seq: number;
  /** How many decisions there are, this one included. */
  decisions: number;
  week: string | null;
  weekDepth: number | null;
  weekPropensities: Propensity[] | null;
  /** Percent, at the beginning of that week. */
  remembered: number;
}

const MOST_HABITS = 60;

/** Locks the counters of these customers, in the order of their identifiers, and counts a decision for each. */
export const lockCounters = async (tx: Sql, tenantId: string, customerIds: readonly string[]): Promise<Map<string, LockedCounter>> => {
  const { rows } = await tx.query<LockedCounter>(
    `INSERT INTO push_counter AS p (tenant_id, customer_id, decisions) SELECT $1, id, 1 FROM (SELECT DISTINCT id FROM unnest($2::uuid[]) AS id ORDER BY id) AS ids
     ON CONFLICT (tenant_id, customer_id) DO UPDATE SET decisions = p.decisions + 1
     RETURNING customer_id AS "customerId", seq, decisions, week, week_depth AS "weekDepth", week_propensities AS "weekPropensities", remembered`,
    [tenantId, customerIds],
  );
  return new Map(rows.map((row) => [row.customerId, row]));
};

/** Everything that is known of these customers; those of whom nothing is known are missing. An expired offer does not count as live. */
export const knowledgeOf = async (
  tx: Sql,
  tenantId: string,
  customerIds: readonly string[],
  now: Date,
): Promise<Map<string, CustomerKnowledge>> => {
  const { rows } = await tx.query<CustomerKnowledge>(
    `SELECT c.customer_id AS "customerId", c.tastes, coalesce(c.last_venue_id, c.home_venue_id) AS "venueId", c.segment_id AS "segmentId", c.segment_name AS "segmentName",
       c.purchase_count AS "purchaseCount", c.last_at AS "lastAt", c.frequency_per_week AS "frequencyPerWeek", c.average_order_minor AS "averageOrderMinor",
       c.median_gap_days AS "medianGapDays", t.items AS liked,
       coalesce((SELECT jsonb_agg(jsonb_build_object('itemId', h.item_id, 'purchases', h.purchases) ORDER BY h.purchases DESC, h.item_id)
         FROM (SELECT item_id, purchases FROM habit WHERE tenant_id = $1 AND customer_id = c.customer_id ORDER BY purchases DESC, item_id LIMIT ${MOST_HABITS}) AS h), '[]') AS habits,
       CASE WHEN o.expires_at > $3 THEN jsonb_build_object('id', o.id, 'itemId', o.item_id, 'depth', o.depth, 'listMinor', o.list_minor, 'priceMinor', o.price_minor, 'because', o.because) END AS live,
       CASE WHEN o.expires_at <= $3 THEN o.id END AS "lapsedOfferId",
       ARRAY(SELECT made.created_at FROM offer made WHERE made.tenant_id = $1 AND made.customer_id = c.customer_id AND made.created_at > $3::timestamptz - interval '${CAPPED_DAYS} days') AS "offeredAt"
     FROM customer_view c
     LEFT JOIN taste t ON t.tenant_id = $1 AND t.customer_id = c.customer_id AND t.customer_id = ANY($2::uuid[])
     LEFT JOIN offer o ON o.tenant_id = $1 AND o.customer_id = c.customer_id AND o.customer_id = ANY($2::uuid[]) AND o.state = 'LIVE'
     WHERE c.tenant_id = $1 AND c.customer_id = ANY($2::uuid[])`,
    [tenantId, customerIds, now],
  );
  return new Map(rows.map((row) => [row.customerId, row]));
};

/** Locks these items against a change of price or cost until the transaction ends, and returns their versions as they are now. */
export const lockItems = async (tx: Sql, tenantId: string, itemIds: readonly string[]): Promise<Map<string, number>> => {
  if (itemIds.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; version: number }>(
    "SELECT item_id AS id, version FROM item_view WHERE tenant_id = $1 AND item_id = ANY($2::uuid[]) ORDER BY item_id FOR SHARE",
    [tenantId, itemIds],
  );
  return new Map(rows.map((row) => [row.id, row.version]));
};

/** The items that most purchases held, most first: what is offered to customers of whom nothing is known. */
export const popularItems = async (sql: Sql, tenantId: string, limit: number): Promise<{ itemId: string; share: number }[]> =>
  (
    await sql.query<{ itemId: string; share: number }>(
      `SELECT item_id AS "itemId", sum(purchases) / greatest(1, (SELECT sum(purchase_count) FROM customer_view WHERE tenant_id = $1))::float8 AS share
     FROM habit WHERE tenant_id = $1 GROUP BY item_id ORDER BY sum(purchases) DESC, item_id LIMIT $2`,
      [tenantId, limit],
    )
  ).rows;
