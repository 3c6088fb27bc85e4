import type { Fact } from "@kava/platform/events/outbox";
import { phaseOf } from "../domain/promotion.js";
import type { Item, Promotion, Venue } from "./entities.js";

/** What others are told of an item, after any change of it. */
export const itemPriced = (
  item: Pick<Item, "tenantId" | "id" | "sku" | "name" | "category" | "priceMinor" | "costMinor" | "version" | "retiredAt">,
  unavailableVenueIds: readonly string[],
  now: Date,
): Fact<"menu.item.priced"> => ({
  type: "menu.item.priced",
  tenantId: item.tenantId,
  aggregateId: item.id,
  aggregateVersion: item.version,
  occurredAt: now,
  data: {
    itemId: item.id,
    sku: item.sku,
    name: item.name,
    category: item.category,
    priceMinor: item.priceMinor,
    costMinor: item.costMinor ?? null,
    retired: Boolean(item.retiredAt),
    unavailableVenueIds: [...unavailableVenueIds],
  },
});

export const venueChanged = (venue: Omit<Venue, "importDigest" | "key">, now: Date): Fact<"menu.venue.changed"> => ({
  type: "menu.venue.changed",
  tenantId: venue.tenantId,
  aggregateId: venue.id,
  aggregateVersion: venue.version,
  occurredAt: now,
  data: { venueId: venue.id, name: venue.name, latitude: venue.latitude ?? null, longitude: venue.longitude ?? null },
});

/** `active`: live at this moment. A scheduled promotion is told of when it is made, again when it begins, again when it ends. */
export const promotionChanged = (promotion: Promotion, now: Date): Fact<"menu.promotion.changed"> => ({
  type: "menu.promotion.changed",
  tenantId: promotion.tenantId,
  aggregateId: promotion.id,
  aggregateVersion: promotion.version,
  occurredAt: now,
  data: {
    promotionId: promotion.id,
    name: promotion.name,
    startsAt: promotion.startsAt.toISOString(),
    endsAt: promotion.endsAt?.toISOString() ?? null,
    active: phaseOf({ startsAt: promotion.startsAt, endsAt: promotion.endsAt ?? null }, now) === "live",
    reduction: typeof promotion.percent === "number" ? { percent: promotion.percent } : { amountMinor: promotion.amountMinor ?? 0 },
    rule: promotion.rule,
  },
});
