import type { AnyEvent, EventData, EventType } from "@kava/contracts/events";
import { parsePurchaseId } from "@kava/contracts/ids";
import type { Sale, SaleContext } from "./purchaseFact.js";

/** What the ledger keeps of each type, when it is not the event's data as it came. */
interface Trimmed {
  "purchase.recorded": Sale;
  "customer.registered": { customerId: string; joinedAt: string; homeVenueId: string | null };
  "preferences.learned": { afterLoad: boolean; customers: { customerId: string; items: string[]; scores: number[] }[] };
}
export type LedgerData<T extends EventType> = T extends keyof Trimmed ? Trimmed[T] : EventData<T>;

interface Entry<T extends EventType> {
  /** Unique for ever: of a purchase its UUID and of a customer theirs, so that history and events never count one twice; else the event's id. */
  factId: string;
  tenantId: string;
  type: T;
  /** RFC 3339; when it happened, for a purchase the time of the sale. */
  at: string;
  data: LedgerData<T>;
  /** Only of a purchase. */
  context: SaleContext | null;
}
/** One line of the ledger, discriminated by `type`. */
export type LedgerEntry = { [T in EventType]: Entry<T> }[EventType];

/** Of a customer's learned tastes the log keeps the best few; PostgreSQL holds the present ones in full. */
const TASTES_KEPT = 5;

export const purchaseEntry = (tenantId: string, sale: Sale, context: SaleContext): LedgerEntry => {
  const factId = parsePurchaseId(sale.purchaseId)?.uuid;
  if (!factId) throw new Error(`The purchase ${sale.purchaseId} has no identifier of the form 202611-<UUID>`);
  return { factId, tenantId, type: "purchase.recorded", at: sale.at, data: sale, context };
};

export const customerEntry = (
  tenantId: string,
  customer: { customerId: string; joinedAt: string; homeVenueId: string | null },
): LedgerEntry => ({
  factId: customer.customerId,
  tenantId,
  type: "customer.registered",
  at: customer.joinedAt,
  data: customer,
  context: null,
});

/** How an event is kept. `context` is what was known of a sale when it was heard; it is asked for only when the event is one. */
export const entryOf = (event: AnyEvent, context: (sale: Sale) => SaleContext): LedgerEntry => {
  const { tenantId } = event;
  switch (event.type) {
    case "purchase.recorded": {
      const { purchaseId, customerId, venueId, at, lines } = event.data;
      const sale: Sale = {
        purchaseId,
        customerId,
        venueId,
        at,
        lines: lines.map(({ itemId, quantity, unitPriceMinor, paidMinor }) => ({ itemId, quantity, unitPriceMinor, paidMinor })),
      };
      return purchaseEntry(tenantId, sale, context(sale));
    }
    case "customer.registered": {
      const { customerId, joinedAt, homeVenueId } = event.data;
      return customerEntry(tenantId, { customerId, joinedAt, homeVenueId });
    }
    case "preferences.learned": {
      const customers = event.data.customers.map(({ customerId, items }) => {
        const best = items.slice(0, TASTES_KEPT);
        return { customerId, items: best.map((each) => each.itemId), scores: best.map((each) => each.score) };
      });
      return {
        factId: event.id,
        tenantId,
        type: event.type,
        at: event.occurredAt,
        data: { afterLoad: event.data.afterLoad, customers },
        context: null,
      };
    }
    default:
      return { factId: event.id, tenantId, type: event.type, at: event.occurredAt, data: event.data, context: null } as LedgerEntry;
  }
};

/** How many rows an entry becomes at the most, about: batches are bounded by it. */
export const weightOf = (entry: LedgerEntry): number => {
  switch (entry.type) {
    case "purchase.recorded":
      return 1 + entry.data.lines.length;
    case "customer.profiled":
      return 2;
    case "customers.segmented":
      return 1 + entry.data.members.length;
    case "preferences.learned":
      return 1 + entry.data.customers.length;
    default:
      return 1;
  }
};
