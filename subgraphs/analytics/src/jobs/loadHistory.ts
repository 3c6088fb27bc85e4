import { CustomerRow, PurchaseRow, refusalOfMoment, type LoadResult } from "@kava/contracts/loading";
import type { Clock } from "@kava/platform/clock";
import type { Database } from "@kava/platform/database/database";
import type { IndexedRow, Loader } from "@kava/platform/http/loading";
import { itemsById } from "@kava/platform/views/items";
import type { TenantView } from "@kava/platform/views/tenants";
import { customerEntry, purchaseEntry, type LedgerEntry } from "../domain/ledgerEntry.js";
import { contextOf, refusalOf, unreportable, type Sale } from "../domain/purchaseFact.js";
import type { Stores } from "../storage/stores.js";

export interface LoadingParts {
  database: Database;
  stores: Stores;
  tenants: TenantView;
  clock: Clock;
  kept: () => void;
}

/** Rows that go to ClickHouse as one batch, and lines of purchases in them: what a batch holds is in memory while it is sent. */
const ROWS_PER_BATCH = 10_000;
const LINES_PER_BATCH = 60_000;

/** History goes into the same ledger as events do, by COPY, already in its batches: a replay covers it. */
export const customerLoader = (parts: LoadingParts): Loader<CustomerRow> => ({
  row: CustomerRow,
  load: (tenantId, blocks) =>
    loadInBatches(
      parts,
      blocks,
      () => 0,
      async (rows) => {
        const known = rows.map(({ row }) => ({
          customerId: row.id,
          joinedAt: row.joinedAt,
          homeVenueId: row.homeVenueId,
          tastes: row.tastes,
        }));
        return {
          entries: rows.map(({ row, index }) => ({
            index,
            entry:
              unreportable("joinedAt", row.joinedAt) ??
              customerEntry(tenantId, { customerId: row.id, joinedAt: row.joinedAt, homeVenueId: row.homeVenueId }),
          })),
          alongside: (tx) => parts.stores.customers.keep(tx, tenantId, known),
        };
      },
    ),
});

export const purchaseLoader = (parts: LoadingParts): Loader<PurchaseRow> => ({
  row: PurchaseRow,
  load: async (tenantId, blocks) => {
    const facts = await parts.tenants.required(tenantId);
    return loadInBatches(
      parts,
      blocks,
      (row) => row.lines.length,
      async (rows) => {
        const items = await itemsById(parts.database.sql, tenantId, [
          ...new Set(rows.flatMap(({ row }) => row.lines.map((line) => line.itemId))),
        ]);
        const now = parts.clock();
        return {
          entries: rows.map(({ row, index }) => {
            const sale: Sale = { purchaseId: row.id, customerId: row.customerId, venueId: row.venueId, at: row.at, lines: row.lines };
            return {
              index,
              entry: refusalOfMoment(row.at, now) ?? refusalOf(sale) ?? purchaseEntry(tenantId, sale, contextOf(sale, items, facts)),
            };
          }),
        };
      },
    );
  },
});

interface Prepared {
  /** An entry, or why there is none. */
  entries: { index: number; entry: LedgerEntry | string }[];
  /** What is kept beside the ledger, in the same transaction. */
  alongside?: (tx: Parameters<Parameters<Database["transaction"]>[0]>[0]) => Promise<void>;
}

const loadInBatches = async <Row>(
  { database, stores, kept }: LoadingParts,
  blocks: AsyncIterable<IndexedRow<Row>[]>,
  linesOf: (row: Row) => number,
  prepare: (rows: IndexedRow<Row>[]) => Promise<Prepared>,
): Promise<LoadResult> => {
  const result: LoadResult = { added: 0, known: 0, rejected: [] };
  const take = async (rows: IndexedRow<Row>[]): Promise<void> => {
    const { entries, alongside } = await prepare(rows);
    const sound = entries.flatMap(({ entry }) => (typeof entry === "string" ? [] : [entry]));
    for (const { entry, index } of entries) if (typeof entry === "string") result.rejected.push({ index, reason: entry });
    const added = await database.transaction(async (tx) => {
      await alongside?.(tx);
      return stores.ledger.keepMany(tx, sound);
    });
    result.added += added;
    result.known += sound.length - added;
    if (added > 0) kept();
  };
  let waiting: IndexedRow<Row>[] = [];
  let lines = 0;
  for await (const block of blocks)
    for (const row of block) {
      waiting.push(row);
      lines += linesOf(row.row);
      if (waiting.length < ROWS_PER_BATCH && lines < LINES_PER_BATCH) continue;
      await take(waiting);
      [waiting, lines] = [[], 0];
    }
  if (waiting.length > 0) await take(waiting);
  return result;
};
