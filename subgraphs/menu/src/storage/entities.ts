import { defineEntity, p, type InferEntity } from "@mikro-orm/core";
import type { Phase, PromotionRule } from "../domain/promotion.js";

const key = { tenantId: p.uuid().primary(), id: p.uuid().primary() };

/** An item of the menu as it is now; what it cost before stands in `item_price`. */
export const Item = defineEntity({
  name: "Item",
  tableName: "item",
  properties: {
    ...key,
    sku: p.text(),
    name: p.text(),
    category: p.text(),
    priceMinor: p.bigint("number"),
    costMinor: p.bigint("number").strictNullable(),
    /** Rises with every change; the version of its events. */
    version: p.bigint("number"),
    retiredAt: p.datetime().strictNullable(),
    /** Digest of the row that an import last brought, so that the same row again is no change. */
    importDigest: p.text().strictNullable(),
  },
});
export type Item = InferEntity<typeof Item>;

/** A line of the price history: valid from its moment to the next one's. */
export const ItemPrice = defineEntity({
  name: "ItemPrice",
  tableName: "item_price",
  properties: {
    tenantId: p.uuid().primary(),
    itemId: p.uuid().primary(),
    version: p.bigint("number").primary(),
    validFrom: p.datetime(),
    priceMinor: p.bigint("number"),
    costMinor: p.bigint("number").strictNullable(),
    changedBy: p.text(),
  },
});
export type ItemPrice = InferEntity<typeof ItemPrice>;

/** Whether a venue has an item; no row means that it has. */
export const ItemAvailability = defineEntity({
  name: "ItemAvailability",
  tableName: "item_availability",
  properties: {
    tenantId: p.uuid().primary(),
    itemId: p.uuid().primary(),
    venueId: p.uuid().primary(),
    available: p.boolean(),
    changedAt: p.datetime(),
    changedBy: p.text(),
  },
});
export type ItemAvailability = InferEntity<typeof ItemAvailability>;

/** A place of the chain. `key` is the chain's own name for it, from an import. */
export const Venue = defineEntity({
  name: "Venue",
  tableName: "venue",
  properties: {
    ...key,
    key: p.text(),
    name: p.text(),
    latitude: p.double().$type<number>().strictNullable(),
    longitude: p.double().$type<number>().strictNullable(),
    version: p.bigint("number"),
    importDigest: p.text().strictNullable(),
  },
});
export type Venue = InferEntity<typeof Venue>;

/** A public reduction. `announced` is the phase that the last event told; a job tells the next. */
export const Promotion = defineEntity({
  name: "Promotion",
  tableName: "promotion",
  properties: {
    ...key,
    name: p.text(),
    startsAt: p.datetime(),
    endsAt: p.datetime().strictNullable(),
    percent: p.double().$type<number>().strictNullable(),
    amountMinor: p.bigint("number").strictNullable(),
    rule: p.json<PromotionRule>(),
    announced: p.text().$type<Phase>(),
    version: p.bigint("number"),
    changedBy: p.text(),
  },
});
export type Promotion = InferEntity<typeof Promotion>;

export const ENTITIES = [Item, ItemPrice, ItemAvailability, Venue, Promotion];
