import type { LedgerEntry } from "./ledgerEntry.js";
import type { Sale, SaleContext } from "./purchaseFact.js";

/** The tables that a batch is inserted into; everything else in ClickHouse is a view of them. */
export const FACT_TABLES = ["event", "purchase", "customer", "membership", "taste", "item_price", "offer_decision"] as const;
export type FactTable = (typeof FACT_TABLES)[number];

/** A row as ClickHouse reads it from JSON. */
export type FactRow = Record<string, unknown>;
export type BatchRows = Partial<Record<FactTable, FactRow[]>>;

/** Stands for "no customer" and "no venue": keys of ClickHouse tables are not null. */
export const NOBODY = "00000000-0000-0000-0000-000000000000";

/** The rows of ledger entries, table by table: a pure function of the ledger, so that a replay makes the same ones. */
export const rowsOf = (entries: readonly LedgerEntry[]): BatchRows => {
  const rows: BatchRows = {};
  const put = (table: FactTable, row: FactRow): void => void (rows[table] ??= []).push(row);
  for (const entry of entries) {
    put("event", { tenant: entry.tenantId, at: entry.at, type: entry.type, fact: entry.factId });
    putDetails(entry, put);
  }
  return rows;
};

const putDetails = (entry: LedgerEntry, put: (table: FactTable, row: FactRow) => void): void => {
  const { tenantId: tenant, at } = entry;
  switch (entry.type) {
    case "purchase.recorded":
      if (entry.context) put("purchase", purchaseRow(tenant, entry.data, entry.context));
      break;
    case "customer.registered":
      put("customer", {
        tenant,
        customer: entry.data.customerId,
        joined_at: entry.data.joinedAt,
        home_venue: entry.data.homeVenueId ?? NOBODY,
      });
      break;
    case "customer.profiled": {
      const { customerId, segment } = entry.data;
      if (segment) put("membership", { tenant, customer: customerId, at, segment: segment.id, segment_name: segment.name });
      break;
    }
    case "customers.segmented":
      for (const member of entry.data.members)
        put("membership", { tenant, customer: member.customerId, at, segment: member.segmentId, segment_name: member.segmentName });
      break;
    case "preferences.learned":
      for (const each of entry.data.customers)
        put("taste", { tenant, customer: each.customerId, at, items: each.items, scores: each.scores });
      break;
    case "menu.item.priced": {
      const { itemId, name, category, priceMinor, costMinor, retired } = entry.data;
      put("item_price", { tenant, item: itemId, at, name, category, price: priceMinor, cost: costMinor, retired });
      break;
    }
    case "offer.decided": {
      const { offerId, customerId, itemId, depth, listMinor, priceMinor, expiresAt, reason, policyVersion, holdout } = entry.data;
      put("offer_decision", {
        tenant,
        at,
        offer: offerId ?? NOBODY,
        customer: customerId,
        item: itemId ?? NOBODY,
        depth,
        list: listMinor,
        price: priceMinor,
        expires_at: expiresAt,
        reason,
        policy: policyVersion,
        holdout,
      });
      break;
    }
    default:
  }
};

const purchaseRow = (tenant: string, { purchaseId, customerId, venueId, at, lines }: Sale, context: SaleContext): FactRow => ({
  tenant,
  purchase: purchaseId,
  at,
  day: context.day,
  hour: context.hour,
  customer: customerId ?? NOBODY,
  venue: venueId ?? NOBODY,
  items: lines.map((line) => line.itemId),
  categories: context.lines.map((line) => line.category),
  quantities: lines.map((line) => line.quantity),
  lists: lines.map((line) => line.unitPriceMinor * line.quantity),
  paids: lines.map((line) => line.paidMinor),
  nets: context.lines.map((line) => line.netMinor),
  costs: context.lines.map((line) => line.costMinor),
});
