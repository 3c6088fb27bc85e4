import { CustomerRow, PurchaseRow, type LoadResult } from "@kava/contracts/loading";
import type { AnyLoader, IndexedRow, Loader } from "@kava/platform/http/loading";
import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import { loadCustomers } from "../storage/customerView.js";
import { loadPurchases } from "../storage/loadPurchases.js";

/** Takes history in blocks, each in a transaction of its own: a load that breaks off goes on where it was when it runs again. */
export const loadersOf = (database: Database): Record<string, AnyLoader> => ({
  customers: {
    row: CustomerRow,
    load: (tenantId, blocks) => loadBlocks(database, blocks, (tx, rows) => loadCustomers(tx, tenantId, rows)),
  } satisfies Loader<CustomerRow>,
  purchases: {
    row: PurchaseRow,
    load: (tenantId, blocks) => loadBlocks(database, blocks, (tx, rows) => loadPurchases(tx, tenantId, rows)),
  } satisfies Loader<PurchaseRow>,
});

const loadBlocks = async <Row>(
  database: Database,
  blocks: AsyncIterable<IndexedRow<Row>[]>,
  load: (tx: Transaction, rows: Row[]) => Promise<number>,
): Promise<LoadResult> => {
  const result: LoadResult = { added: 0, known: 0, rejected: [] };
  for await (const block of blocks) {
    const added = await database.transaction((tx) =>
      load(
        tx,
        block.map((each) => each.row),
      ),
    );
    result.added += added;
    result.known += block.length - added;
  }
  return result;
};
