import { purchaseIdOf } from "@kava/contracts/ids";
import type { TenantFacts } from "@kava/contracts/tenant";
import type { Transaction } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import { itemsById } from "@kava/platform/views/items";
import { afterSale, featuresAt, type Features, type Habits } from "../domain/habits.js";
import { priceSale } from "../domain/pricing.js";
import { isSameSale, unknownVenue, type Purchase, type PurchaseOrder } from "../domain/purchase.js";
import { Refused } from "../domain/refusal.js";
import { placeCustomer } from "../domain/segmentation.js";
import { purchaseById, uuidOf } from "./purchaseReads.js";
import type { SegmentationStore } from "./segmentationStore.js";
import { knownVenues } from "./venueView.js";

/** One purchase to keep, and what it is kept by. */
export interface Recording {
  tenantId: string;
  facts: TenantFacts;
  order: PurchaseOrder;
  trace: string | null;
  now: Date;
  segmentations: SegmentationStore;
}

interface LockedCustomer {
  habits: Habits;
  tastes: string[];
  home_venue_id: string | null;
  segment_id: string;
  provisional: boolean;
  version: number;
  generation: number;
}
interface Membership {
  version: number;
  features: Features;
  segment: { id: string; name: string };
}

/**
 * Keeps a purchase, the customer's habits and segment and the event that says so, in the caller's transaction. The work does not grow with the
 * number of customers or of purchases. The request's row comes first: of two at the same moment the second waits here for the first, and then
 * finds the purchase. Throws Refused; the caller rolls back.
 */
export const recordPurchase = async (tx: Transaction, recording: Recording): Promise<Purchase> => {
  const { tenantId, order, now } = recording;
  const id = purchaseIdOf(tenantId, order.key, order.at);
  const { rowCount } = await tx.query(
    "INSERT INTO request (tenant_id, key, body_hash, purchase_id, purchase_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    [tenantId, order.key, order.bodyHash, uuidOf(id), order.at],
  );
  if (rowCount === 0) return recordedBefore(tx, tenantId, order);
  const customer = order.customerId === null ? null : await lockCustomer(tx, tenantId, order.customerId);
  if (order.venueId !== null && !(await knownVenues(tx, tenantId, [order.venueId])).has(order.venueId)) throw unknownVenue(order.venueId);
  const items = await itemsById(tx, tenantId, [...new Set(order.lines.map((line) => line.itemId))]);
  const sale = priceSale(order.lines, items);
  const purchase: Purchase = { id, customerId: order.customerId, venueId: order.venueId, at: order.at, ...sale };
  await insertPurchase(tx, tenantId, purchase, now);
  const membership = customer && (await applyToCustomer(tx, recording, customer, purchase, (itemId) => items.get(itemId)!.category));
  await appendToOutbox(tx, [
    {
      type: "purchase.recorded",
      tenantId,
      aggregateId: order.customerId ?? id,
      aggregateVersion: membership?.version ?? 1,
      occurredAt: now,
      trace: recording.trace,
      data: {
        purchaseId: id,
        customerId: order.customerId,
        venueId: order.venueId,
        at: order.at.toISOString(),
        totalMinor: sale.totalMinor,
        discountMinor: sale.discountMinor,
        lines: sale.lines.map(({ itemId, name, quantity, unitPriceMinor, paidMinor }) => ({
          itemId,
          name,
          quantity,
          unitPriceMinor,
          paidMinor,
        })),
        features: membership?.features ?? null,
        segment: membership?.segment ?? null,
      },
    },
  ]);
  return purchase;
};

const recordedBefore = async (tx: Transaction, tenantId: string, order: PurchaseOrder): Promise<Purchase> => {
  const { rows } = await tx.query<{ body_hash: string | null; purchase_at: Date }>(
    "SELECT body_hash, purchase_at FROM request WHERE tenant_id = $1 AND key = $2",
    [tenantId, order.key],
  );
  const kept = rows[0] && (await purchaseById(tx, tenantId, purchaseIdOf(tenantId, order.key, rows[0].purchase_at)));
  if (!kept) throw new Error(`The request ${order.key} is known but its purchase is not there`);
  const same = rows[0]!.body_hash === null ? isSameSale(kept, order) : rows[0]!.body_hash === order.bodyHash;
  if (!same) throw new Refused({ reason: "keyReused", key: order.key });
  return kept;
};

const lockCustomer = async (tx: Transaction, tenantId: string, customerId: string): Promise<LockedCustomer> => {
  const { rows } = await tx.query<LockedCustomer>(
    `SELECT c.habits, c.tastes, c.home_venue_id, c.segment_id, c.provisional, c.version, s.generation
     FROM customer c JOIN segmentation s USING (tenant_id) WHERE c.tenant_id = $1 AND c.id = $2 FOR UPDATE OF c`,
    [tenantId, customerId],
  );
  if (!rows[0]) throw new Refused({ reason: "unknownCustomer", customerId });
  return rows[0];
};

const insertPurchase = async (tx: Transaction, tenantId: string, purchase: Purchase, now: Date): Promise<void> => {
  await tx.query(
    "INSERT INTO purchase (tenant_id, id, at, customer_id, venue_id, total_minor, discount_minor, lines, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    [
      tenantId,
      uuidOf(purchase.id),
      purchase.at,
      purchase.customerId,
      purchase.venueId,
      purchase.totalMinor,
      purchase.discountMinor,
      JSON.stringify(purchase.lines),
      now,
    ],
  );
};

const applyToCustomer = async (
  tx: Transaction,
  { tenantId, facts, now, segmentations }: Recording,
  before: LockedCustomer,
  purchase: Purchase,
  categoryOf: (itemId: string) => string,
): Promise<Membership> => {
  const habits = afterSale(
    before.habits,
    { at: purchase.at, venueId: purchase.venueId, lines: purchase.lines.map((line) => ({ ...line, category: categoryOf(line.itemId) })) },
    facts.timeZone,
  );
  const segmentation = await segmentations.current(tenantId, tx, before.generation);
  const { segmentId, provisional } = placeCustomer(segmentation, { habits, tastes: before.tastes, homeVenueId: before.home_venue_id }, now);
  const moved = segmentId !== before.segment_id;
  await tx.query(
    `UPDATE customer SET habits = $3, purchase_count = purchase_count + 1, total_minor = total_minor + $4, last_at = greatest(last_at, $5), version = version + 1,
       segment_id = $6, provisional = $7, segment_generation = $8, segment_since = CASE WHEN $9 THEN $10 ELSE segment_since END
     WHERE tenant_id = $1 AND id = $2`,
    [
      tenantId,
      purchase.customerId,
      JSON.stringify(habits),
      purchase.totalMinor,
      purchase.at,
      segmentId,
      provisional,
      segmentation.generation,
      moved,
      now,
    ],
  );
  if (moved)
    await tx.query(
      "INSERT INTO segment_move (tenant_id, customer_id, at, segment_id, generation) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, customer_id, at) DO UPDATE SET segment_id = excluded.segment_id",
      [tenantId, purchase.customerId, now, segmentId, segmentation.generation],
    );
  return {
    version: before.version + 1,
    features: featuresAt(habits, now),
    segment: { id: segmentId, name: segmentation.names.get(segmentId) ?? "" },
  };
};
