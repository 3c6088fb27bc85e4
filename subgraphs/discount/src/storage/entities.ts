import type { Because } from "@kava/contracts/because";
import { defineEntity, p, type InferEntity } from "@mikro-orm/postgresql";

/** An offer as it is read. It is written set-wise by `writeDecisions`; its table is in `migrations.ts`. */
export const OfferEntity = defineEntity({
  name: "Offer",
  tableName: "offer",
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    customerId: p.uuid(),
    itemId: p.uuid(),
    decisionId: p.uuid(),
    state: p.enum(["LIVE", "RESERVED", "REDEEMED", "EXPIRED", "WITHDRAWN"] as const),
    depth: p.float(),
    listMinor: p.bigint("number"),
    priceMinor: p.bigint("number"),
    because: p.json<Because>(),
    policyVersion: p.text(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
});
export type StoredOffer = InferEntity<typeof OfferEntity>;

/** A line of a quote as it was priced; minor units. */
export interface StoredQuoteLine {
  itemId: string;
  quantity: number;
  listMinor: number;
  priceMinor: number;
  lineMinor: number;
  because: Because;
}

/** A quote as it is kept. Its key is remembered with a hash of what was asked, so that a retry gets the same quote. */
export const QuoteEntity = defineEntity({
  name: "Quote",
  tableName: "quote",
  properties: {
    tenantId: p.uuid().primary(),
    id: p.uuid().primary(),
    customerId: p.uuid(),
    venueId: p.uuid().nullable(),
    key: p.text(),
    bodyHash: p.text(),
    lines: p.json<StoredQuoteLine[]>(),
    totalMinor: p.bigint("number"),
    discountMinor: p.bigint("number"),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
  },
});
export type StoredQuote = InferEntity<typeof QuoteEntity>;
