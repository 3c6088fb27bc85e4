import type { LoadClient, Loaded, Refusal } from "../loadClient.js";
import { rejectRefused } from "../records/refusedRows.js";
import type { Rejects } from "../records/rejects.js";
import type { PurchaseRecords } from "../records/readPurchases.js";
import type { Progress } from "../terminal/progress.js";
import { customerRows, type Times } from "./chainRows.js";
import type { ImportRequest } from "./importChain.js";
import type { ChainRecords } from "./readRecords.js";

/** What became of the customers. `refusedCustomers`: so many were refused by one service at least. */
export interface LoadedCustomers extends Loaded {
  refusedCustomers: number;
}

/**
 * Loads the customers of the file and those whom only receipts name. Those that a service would not take go to the reject file: with their own line, or
 * with that of their first receipt. Null when there are none.
 */
export const loadCustomers = async (
  client: Pick<LoadClient, "tenantId" | "load">,
  { files, mapping }: Pick<ImportRequest, "files" | "mapping">,
  batch: string,
  records: ChainRecords,
  times: Times,
  rejects: Rejects,
  progress: Progress,
): Promise<LoadedCustomers | null> => {
  const rows = customerRows(client.tenantId, records.customers, records.purchases, times);
  if (rows.length === 0) return null;
  progress.part("loading customers", rows.length);
  const loaded = await client.load("customers", rows, batch, (sent) => progress.at(sent));
  const keyOf = ({ index }: Refusal): string => rows[index]?.externalId ?? "";
  const known = loaded.refused.filter((each) => records.customers.has(keyOf(each)));
  if (files.customers) {
    const lineOf = (index: number): number[] => [records.customers.get(rows[index]!.externalId)!.line];
    await rejectRefused(files.customers, mapping.customers, known, lineOf, rejects);
  }
  const strangers = loaded.refused
    .filter((each) => !records.customers.has(keyOf(each)))
    .map((each) => ({ ...each, reason: `its customer "${keyOf(each)}": ${each.reason}` }));
  if (files.purchases && strangers.length > 0) {
    const firsts = firstLines(records.purchases, new Set(strangers.map(keyOf)));
    await rejectRefused(files.purchases, mapping.purchases, strangers, (index) => firsts.get(rows[index]!.externalId) ?? [], rejects);
  }
  return { ...loaded, refusedCustomers: new Set(loaded.refused.map(({ index }) => index)).size };
};

/** The line of the file with which the first receipt of each of these customers begins. */
const firstLines = (records: PurchaseRecords | null, keys: ReadonlySet<string>): Map<string, number[]> => {
  const firsts = new Map<string, number[]>();
  for (const { customer, lines } of records?.baskets.inOrder() ?? []) {
    const key = records?.customers.names[customer];
    if (key !== undefined && keys.has(key) && !firsts.has(key)) firsts.set(key, [lines[0]!.line]);
  }
  return firsts;
};
