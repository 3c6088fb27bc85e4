import type { TenantFacts } from "@kava/contracts/tenant";
import { tenantIdOf } from "@kava/contracts/ids";
import type { Mapping } from "../mapping/mapping.js";
import { readCustomers, type Customers } from "../records/readCustomers.js";
import { readMenu, type Menu } from "../records/readMenu.js";
import { readPurchases, type PurchaseRecords } from "../records/readPurchases.js";
import { readVenues, type Venues } from "../records/readVenues.js";
import type { Rejects } from "../records/rejects.js";
import type { Progress } from "../terminal/progress.js";
import { Zone } from "../values/zone.js";

/** The files of an import; any may be missing. */
export interface ChainFiles {
  menu?: string | undefined;
  venues?: string | undefined;
  customers?: string | undefined;
  purchases?: string | undefined;
}

/** A chain's records as they were read, before they go anywhere. */
export interface ChainRecords {
  menu: Menu;
  venues: Venues;
  customers: Customers;
  purchases: PurchaseRecords | null;
  zone: Zone;
  /** Rows read, bad ones included. */
  lines: { menu: number; venues: number; customers: number; purchases: number };
}

/**
 * Reads all files under the mapping; what cannot be used goes to the reject file. Throws when a file is missing or its columns cannot be told.
 *
 * @param now the present, by which receipts of impossible moments are rejected; null when the records are going to be moved
 */
export const readRecords = async (
  files: ChainFiles,
  mapping: Mapping,
  facts: TenantFacts,
  rejects: Rejects,
  progress: Progress,
  now: Date | null,
): Promise<ChainRecords> => {
  const tenantId = tenantIdOf(facts.slug);
  const zone = new Zone(facts.timeZone);
  const money = { digits: facts.minorDigits };
  const options = { rejects };
  const menu = files.menu ? await readMenu(files.menu, mapping.menu, tenantId, money, options) : null;
  const venues = files.venues ? await readVenues(files.venues, mapping.venues, tenantId, options) : { venues: new Map(), lines: 0 };
  const customers = files.customers
    ? await readCustomers(files.customers, mapping.customers, tenantId, zone, venues.venues, options)
    : { customers: new Map(), lines: 0 };
  if (files.purchases) progress.part("reading the receipts", 100);
  const purchases = files.purchases
    ? await readPurchases(
        files.purchases,
        mapping.purchases,
        {
          tenantId,
          menu: menu?.menu ?? null,
          costRatio: mapping.menu.fields.cost?.ratio,
          customers: customers.customers,
          zone,
          money,
          now,
        },
        {
          ...options,
          onProgress: (done, total) => progress.at((100 * done) / total),
        },
      )
    : null;
  if (purchases) progress.at(100);
  return {
    menu: menu?.menu ?? purchases?.menu ?? new Map(),
    venues: venues.venues,
    customers: customers.customers,
    purchases,
    zone,
    lines: { menu: menu?.lines ?? 0, venues: venues.lines, customers: customers.lines, purchases: purchases?.lines ?? 0 },
  };
};
