import { parsePurchaseId } from "@kava/contracts/ids";
import { CustomerRow, PurchaseRow, refusalOfMoment, type LoadResult } from "@kava/contracts/loading";
import type { AnyLoader, IndexedRow, Loader } from "@kava/platform/http/loading";
import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import { loadCustomers } from "../storage/customerView.js";
import { loadPurchases } from "../storage/loadPurchases.js";

/** Takes history in blocks, each in a transaction of its own: a load that breaks off goes on where it was when it runs again. */
export const loadersOf = (database: Database, clock: () => Date): Record<string, AnyLoader> => ({
  customers: {
    row: CustomerRow,
    load: (tenantId, blocks) =>
      loadBlocks(database, blocks, { refusalOf: () => null, load: (tx, rows) => loadCustomers(tx, tenantId, rows) }),
  } satisfies Loader<CustomerRow>,
  purchases: {
    row: PurchaseRow,
    load: (tenantId, blocks) =>
      loadBlocks(database, blocks, {
        refusalOf: (row) => refusalOfPurchase(row, clock()),
        load: (tx, rows) => loadPurchases(tx, tenantId, rows),
      }),
  } satisfies Loader<PurchaseRow>,
});

const refusalOfPurchase = ({ id, at }: PurchaseRow, now: Date): string | null =>
  refusalOfMoment(at, now) ??
  (parsePurchaseId(id) ? null : `id: ${id.slice(0, 60)} is no identifier of a purchase; derive it with purchaseIdOf`);

interface Loading<Row> {
  /** Why a row is not taken; null when it is. */
  refusalOf(row: Row): string | null;
  /** Returns how many were new. */
  load(tx: Transaction, rows: Row[]): Promise<number>;
}

const loadBlocks = async <Row>(
  database: Database,
  blocks: AsyncIterable<IndexedRow<Row>[]>,
  { refusalOf, load }: Loading<Row>,
): Promise<LoadResult> => {
  const result: LoadResult = { added: 0, known: 0, rejected: [] };
  for await (const block of blocks) {
    const rows: Row[] = [];
    for (const { index, row } of block) {
      const reason = refusalOf(row);
      if (reason === null) rows.push(row);
      else result.rejected.push({ index, reason });
    }
    const added = await database.transaction((tx) => load(tx, rows));
    result.added += added;
    result.known += rows.length - added;
  }
  return result;
};
