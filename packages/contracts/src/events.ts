import { z } from "zod";
import { Because } from "./because.js";
import { TenantFacts } from "./tenant.js";

/** Events are facts between subgraphs. Changes are additive only; a new meaning is a new type. */
const minor = z.int();

export const PurchaseLineFact = z.object({
  itemId: z.uuid(),
  name: z.string(),
  quantity: z.int().min(1),
  unitPriceMinor: minor,
  paidMinor: minor,
});

/** A customer's habits after the purchase, so that a consumer need not ask: days, visits a week, minor units. */
export const CustomerFeatures = z.object({
  purchaseCount: z.int(),
  recencyDays: z.number().nullable(),
  frequencyPerWeek: z.number(),
  averageOrderMinor: z.number(),
  medianGapDays: z.number().nullable(),
});

export const EVENT_DATA = {
  "tenant.configured": TenantFacts,
  "customer.registered": z.object({
    customerId: z.uuid(),
    externalId: z.string().nullable(),
    displayName: z.string(),
    joinedAt: z.iso.datetime(),
    tastes: z.array(z.string()),
    homeVenueId: z.uuid().nullable(),
  }),
  /** What a customer declared has changed. `aggregateVersion` is the customer's; `segment`: the one they are in now. */
  "customer.profiled": z.object({
    customerId: z.uuid(),
    tastes: z.array(z.string()),
    homeVenueId: z.uuid().nullable(),
    segment: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  }),
  /** Membership set-wise, after a training: at most 500 members an event. `version`: the customer's, as the `aggregateVersion` of their purchases; older news loses. */
  "customers.segmented": z.object({
    members: z
      .array(z.object({ customerId: z.uuid(), segmentId: z.uuid(), segmentName: z.string(), version: z.int().optional() }))
      .max(500),
  }),
  "purchase.recorded": z.object({
    purchaseId: z.string(),
    customerId: z.uuid().nullable(),
    venueId: z.uuid().nullable(),
    at: z.iso.datetime(),
    lines: z.array(PurchaseLineFact),
    totalMinor: minor,
    discountMinor: minor,
    features: CustomerFeatures.nullable(),
    segment: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  }),
  /** A batch of history is in the stores of all that load it. */
  "purchases.loaded": z.object({
    batchId: z.string(),
    purchases: z.int(),
    customers: z.int(),
    from: z.iso.datetime().nullable(),
    to: z.iso.datetime().nullable(),
  }),
  "menu.item.priced": z.object({
    itemId: z.uuid(),
    sku: z.string(),
    name: z.string(),
    category: z.string(),
    priceMinor: minor,
    costMinor: minor.nullable(),
    retired: z.boolean(),
    unavailableVenueIds: z.array(z.uuid()),
  }),
  "menu.venue.changed": z.object({
    venueId: z.uuid(),
    name: z.string(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
  }),
  "menu.promotion.changed": z.object({
    promotionId: z.uuid(),
    name: z.string(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime().nullable(),
    active: z.boolean(),
    reduction: z.union([z.object({ percent: z.number() }), z.object({ amountMinor: minor })]),
    rule: z.object({
      itemIds: z.array(z.uuid()).optional(),
      categories: z.array(z.string()).optional(),
      venueIds: z.array(z.uuid()).optional(),
      /** ISO weekdays, 1 = Monday, and hours [from, to) in the tenant's time zone. */
      weekdays: z.array(z.int().min(1).max(7)).optional(),
      fromHour: z.int().min(0).max(23).optional(),
      toHour: z.int().min(1).max(24).optional(),
    }),
  }),
  /** Tastes, best first, at most 500 customers an event; score 0 to 1. `afterLoad`: computed from history, so nobody is pushed. */
  "preferences.learned": z.object({
    afterLoad: z.boolean(),
    customers: z
      .array(
        z.object({ customerId: z.uuid(), items: z.array(z.object({ itemId: z.uuid(), score: z.number(), because: Because })).max(50) }),
      )
      .max(500),
  }),
  "offer.decided": z.object({
    offerId: z.uuid().nullable(),
    customerId: z.uuid(),
    itemId: z.uuid().nullable(),
    depth: z.number(),
    listMinor: minor.nullable(),
    priceMinor: minor.nullable(),
    expiresAt: z.iso.datetime().nullable(),
    reason: z.string(),
    policyVersion: z.string(),
    holdout: z.boolean(),
  }),
} as const satisfies Record<string, z.ZodType>;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;

export const CONSUMERS = ["customer", "menu", "analytics", "discount"] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** Who hears what. It is fixed here, not registered at run time, so that an event waits for a consumer that has not started yet. */
export const ROUTES: Record<EventType, readonly Consumer[]> = {
  "tenant.configured": ["menu", "analytics", "discount"],
  "customer.registered": ["analytics", "discount"],
  "customer.profiled": ["analytics", "discount"],
  "customers.segmented": ["analytics", "discount"],
  "purchase.recorded": ["analytics", "discount"],
  "purchases.loaded": ["analytics", "discount"],
  "menu.item.priced": ["customer", "analytics", "discount"],
  "menu.venue.changed": ["customer", "analytics", "discount"],
  "menu.promotion.changed": ["analytics", "discount"],
  "preferences.learned": ["analytics", "discount"],
  "offer.decided": ["analytics"],
};

/** How soon a consumer hears: `prompt` when it happens, `batched` together with all of half a second, at a fraction of the cost. */
export type Delivery = "prompt" | "batched";
/** Nobody waits for what analytics makes of an event. */
export const DELIVERY: Record<Consumer, Delivery> = { customer: "prompt", menu: "prompt", analytics: "batched", discount: "prompt" };
/** Who hears events of this type, of those who hear so. */
export const consumersOf = (type: EventType, delivery: Delivery): Consumer[] =>
  ROUTES[type].filter((consumer) => DELIVERY[consumer] === delivery);

const envelope = {
  id: z.uuid(),
  version: z.int(),
  tenantId: z.uuid(),
  aggregateId: z.string(),
  aggregateVersion: z.int(),
  occurredAt: z.iso.datetime(),
  trace: z.string().nullable(),
};

/** One event as it travels; `id` is unique for ever, `aggregateVersion` rises with every change of the aggregate. */
export interface DomainEvent<T extends EventType = EventType> {
  id: string;
  type: T;
  version: number;
  tenantId: string;
  aggregateId: string;
  aggregateVersion: number;
  occurredAt: string;
  trace: string | null;
  data: EventData<T>;
}
/** Any event, discriminated by `type`. */
export type AnyEvent = { [T in EventType]: DomainEvent<T> }[EventType];

const Envelope = z.object({ ...envelope, type: z.string(), data: z.unknown() });

/** Reads an event from the wire. Throws a ZodError that names the field that is wrong. */
export const parseEvent = (input: unknown): AnyEvent => {
  const read = Envelope.parse(input);
  if (!(read.type in EVENT_DATA)) throw new Error(`Unknown event type "${read.type}": update this service before its producer`);
  const data = EVENT_DATA[read.type as EventType].parse(read.data);
  return { ...read, data } as AnyEvent;
};

/** Topic of the wake-up that says: these customers (its keys) have new rows in discount's push table. The table is the truth, this is a hint. */
export const pushTopic = (tenantId: string): string => `offer.pushed.${tenantId}`;
