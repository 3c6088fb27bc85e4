import { derivedId, purchaseIdOf } from "@kava/contracts/ids";
import type { CustomerRow, ItemRow, PurchaseRow, VenueRow } from "@kava/contracts/loading";
import type { SimCustomer, SimItem, SimPurchase, SimVenue } from "@kava/simulator/chain";

/** The simulator's words as rows of the bulk loaders; identifiers follow from its keys. */
export const venueRow = (tenantId: string, { key, name, latitude, longitude }: SimVenue): VenueRow => ({
  id: derivedId(tenantId, "venue", key),
  key,
  name,
  latitude,
  longitude,
});

export const itemRow = (tenantId: string, { key, sku, name, category, priceMinor, costMinor }: SimItem): ItemRow => ({
  id: derivedId(tenantId, "item", key),
  sku,
  name,
  category,
  priceMinor,
  costMinor,
});

export const customerRow = (tenantId: string, customer: SimCustomer): CustomerRow => ({
  id: derivedId(tenantId, "customer", customer.key),
  externalId: customer.key,
  displayName: customer.displayName,
  email: customer.email,
  joinedAt: customer.joinedAt.toISOString(),
  tastes: [...customer.tastes],
  homeVenueId: derivedId(tenantId, "venue", customer.homeVenueKey),
  attributes: { ...customer.attributes },
});

export const purchaseRow = (tenantId: string, { key, customerKey, venueKey, at, lines }: SimPurchase): PurchaseRow => ({
  id: purchaseIdOf(tenantId, key, at),
  key,
  customerId: customerKey === null ? null : derivedId(tenantId, "customer", customerKey),
  venueId: derivedId(tenantId, "venue", venueKey),
  at: at.toISOString(),
  lines: lines.map(({ itemKey, quantity, unitPriceMinor, paidMinor }) => ({
    itemId: derivedId(tenantId, "item", itemKey),
    quantity,
    unitPriceMinor,
    paidMinor,
  })),
});
