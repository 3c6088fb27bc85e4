import { derivedId, purchaseIdOf } from "@kava/contracts/ids";
import type { CustomerRow, PurchaseRow, VenueRow } from "@kava/contracts/loading";
import { customerOf, type Customers } from "../records/readCustomers.js";
import type { PurchaseRecords } from "../records/readPurchases.js";
import { venueOf, type Venues } from "../records/readVenues.js";
import type { Zone } from "../values/zone.js";
import type { Shift } from "./shift.js";

/** How wall clocks become instants. */
export interface Times {
  zone: Zone;
  shift: Shift;
  now: Date;
}

const iso = (wallMs: number, { zone, shift }: Times): string => new Date(zone.instantOf(shift.move(wallMs))).toISOString();

/** The venues of the file, and those that only the receipts name. */
export const venueRows = (tenantId: string, venues: Venues, records: PurchaseRecords | null): VenueRow[] => [
  ...venues.values(),
  ...(records?.venues.names ?? []).filter((key) => !venues.has(key)).map((key) => venueOf(tenantId, key)),
];

/** The customers of the file, and those that only the receipts name. Who has no date of joining joined with their first receipt. */
export const customerRows = (tenantId: string, customers: Customers, records: PurchaseRecords | null, times: Times): CustomerRow[] => {
  const firsts = firstReceipts(records);
  const joinedAt = (key: string, joinedWall: number | null): string => {
    const wall = joinedWall ?? firsts.get(key);
    const said = wall === undefined ? times.now.toISOString() : iso(wall, times);
    return said < times.now.toISOString() ? said : times.now.toISOString();
  };
  const known = [...customers].map(([key, { row, joinedWall }]) => ({ ...row, joinedAt: joinedAt(key, joinedWall) }));
  const strangers = [...firsts.keys()]
    .filter((key) => !customers.has(key))
    .map((key) => ({ ...customerOf(tenantId, key), joinedAt: joinedAt(key, null) }));
  return [...known, ...strangers];
};

const firstReceipts = (records: PurchaseRecords | null): Map<string, number> => {
  const firsts = new Map<string, number>();
  for (const { customer, wall } of records?.baskets.heads() ?? []) {
    if (customer < 0) continue;
    const key = records!.customers.names[customer]!;
    if (wall < (firsts.get(key) ?? Infinity)) firsts.set(key, wall);
  }
  return firsts;
};

/** Baskets as rows of the loader, in order of time; `sent` hears the lines of the file that each row is made of. */
export const purchaseRows = function* (
  tenantId: string,
  records: PurchaseRecords,
  times: Times,
  sent: (lines: number[]) => void,
): Generator<PurchaseRow> {
  const ids = (kind: "item" | "customer" | "venue", keys: readonly string[]): string[] => keys.map((key) => derivedId(tenantId, kind, key));
  const items = ids("item", records.items.names);
  const customers = ids("customer", records.customers.names);
  const venues = ids("venue", records.venues.names);
  for (const { key, wall, customer, venue, lines } of records.baskets.inOrder()) {
    const at = iso(wall, times);
    sent(lines.map(({ line }) => line));
    yield {
      id: purchaseIdOf(tenantId, key, new Date(at)),
      key,
      at,
      customerId: customers[customer] ?? null,
      venueId: venues[venue] ?? null,
      lines: lines.map(({ item, quantity, unitPriceMinor, paidMinor }) => ({ itemId: items[item]!, quantity, unitPriceMinor, paidMinor })),
    };
  }
};
