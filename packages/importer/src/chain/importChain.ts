import { basename, join } from "node:path";
import type { TenantFacts } from "@kava/contracts/tenant";
import { LoadClient, type Loaded, type LoadTarget } from "../loadClient.js";
import type { Mapping } from "../mapping/mapping.js";
import { rejectRefused } from "../records/refusedRows.js";
import { Rejects } from "../records/rejects.js";
import type { Progress } from "../terminal/progress.js";
import { chooseTenant, factsFor, makeDefault } from "./chooseTenant.js";
import { purchaseRows, venueRows, type Times } from "./chainRows.js";
import { loadCustomers, type LoadedCustomers } from "./loadCustomers.js";
import { readRecords, type ChainFiles, type ChainRecords } from "./readRecords.js";
import { keptShift, NO_SHIFT } from "./shift.js";

export interface ImportRequest {
  files: ChainFiles;
  mapping: Mapping;
  mapFile?: string | undefined;
  /** Short name of the tenant; see `chooseTenant`. */
  tenant?: string | undefined;
  shiftToNow: boolean;
  /** Where rows go that cannot be used; default: in the state folder. */
  rejectsFile?: string | undefined;
}

/** What an import came to. */
export interface ImportSummary {
  tenant: TenantFacts;
  becameDefault: boolean;
  /** Rows read in all files and those of receipts, bad ones included. */
  lines: ChainRecords["lines"];
  /** Receipts that were new, those that were there already, and how many the usable lines make. */
  baskets: { imported: number; known: number; total: number };
  basketLines: number;
  customers: LoadedCustomers | null;
  items: Loaded | null;
  rejects: { path: string; total: number; byReason: ReadonlyMap<string, number> };
  shiftedDays: number;
  /** Reading and loading, and what was computed set-wise after it. */
  seconds: { load: number; learn: number };
  /** The chain's own id of a customer who is in the receipts. */
  exampleCustomer: string | null;
}

/** Loads a chain's records into a running instance. Running it again adds nothing; a run that was broken off is completed by running it again. */
export const importChain = async (
  request: ImportRequest,
  instance: LoadTarget,
  home: string,
  now: Date,
  progress: Progress,
): Promise<ImportSummary> => {
  const began = performance.now();
  const chosen = chooseTenant(home, request.tenant, request.mapping, request.mapFile);
  const client = new LoadClient(instance, chosen.slug);
  const facts = factsFor(
    chosen.slug,
    request.mapping,
    (await client.tenants()).find(({ slug }) => slug === chosen.slug),
  );
  const rejects = new Rejects(request.rejectsFile ?? join(home, `rejects-${chosen.slug}.csv`));
  const records = await readRecords(request.files, request.mapping, facts, rejects, progress, request.shiftToNow ? null : now);
  await client.configure(facts);
  const times = timesOf(request, records, join(home, "imports", `${chosen.slug}.json`), now, progress);
  const loaded = await loadAll(client, request, records, times, rejects, progress);
  if (chosen.becomesDefault) makeDefault(home, chosen.slug);
  const seconds = { load: (performance.now() - began) / 1000, learn: 0 };
  if (records.purchases || records.customers.size > 0) await learn(client, batchOf(request), progress);
  seconds.learn = (performance.now() - began) / 1000 - seconds.load;
  rejects.close();
  progress.end();
  return {
    tenant: facts,
    becameDefault: chosen.becomesDefault,
    lines: records.lines,
    ...loaded,
    seconds,
    shiftedDays: times.shift.days,
    rejects: { path: rejects.path, total: rejects.total, byReason: rejects.counts },
    exampleCustomer: records.purchases?.customers.names[0] ?? null,
  };
};

const batchOf = ({ files }: ImportRequest): string =>
  `import ${basename(files.purchases ?? files.customers ?? files.menu ?? "")}`.slice(0, 200);

const timesOf = (request: ImportRequest, { zone, purchases }: ChainRecords, file: string, now: Date, progress: Progress): Times => {
  if (!request.shiftToNow || !purchases || purchases.baskets.size === 0) return { zone, now, shift: NO_SHIFT };
  const last = purchases.baskets.heads().reduce((latest, { wall }) => Math.max(latest, wall), -Infinity);
  const { shift, kept } = keptShift(file, last, zone.wallAt(now.getTime()));
  progress.say(`The records are moved by ${shift.days} days${kept ? ", as at the first import" : ", so that their last day is today"}.`);
  return { zone, now, shift };
};

const loadAll = async (
  client: LoadClient,
  request: ImportRequest,
  records: ChainRecords,
  times: Times,
  rejects: Rejects,
  progress: Progress,
) => {
  const batch = batchOf(request);
  const { files, mapping } = request;
  const { tenantId } = client;
  progress.part("loading the menu", 0);
  await expectAll(client.load("venues", venueRows(tenantId, records.venues, records.purchases), batch), "venues");
  const items = records.menu.size > 0 ? await client.load("items", records.menu.values(), batch) : null;
  if (items && items.refused.length > 0)
    throw new Error(`The menu was not taken: ${items.refused.length} items were refused, the first because ${items.refused[0]!.reason}`);
  const customers = await loadCustomers(client, request, batch, records, times, rejects, progress);
  const { purchases } = records;
  if (!purchases || !files.purchases) return { items, customers, baskets: { imported: 0, known: 0, total: 0 }, basketLines: 0 };
  progress.part("loading receipts", purchases.baskets.size);
  const linesOf: number[][] = [];
  const began = performance.now();
  const rows = purchaseRows(tenantId, purchases, times, (lines) => linesOf.push(lines));
  const loaded = await client.load("purchases", rows, batch, (sent) =>
    progress.at(sent, `${Math.round((sent / (performance.now() - began)) * 1000)} receipts/s`),
  );
  const refused = await rejectRefused(files.purchases, mapping.purchases, loaded.refused, (index) => linesOf[index] ?? [], rejects);
  return {
    items,
    customers,
    baskets: { imported: loaded.added, known: loaded.known, total: purchases.baskets.size },
    basketLines: purchases.baskets.lines - refused.size,
  };
};

const expectAll = async (loading: Promise<Loaded>, what: string): Promise<void> => {
  const { refused } = await loading;
  if (refused[0]) throw new Error(`${refused.length} ${what} were refused, the first because ${refused[0].reason}`);
};

const learn = async (client: LoadClient, batch: string, progress: Progress): Promise<void> => {
  progress.part("learning", 0);
  await client.finish(batch, (text) => progress.at(0, text));
};
