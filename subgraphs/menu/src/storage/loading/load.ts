import { createHash } from "node:crypto";
import type { LoadResult } from "@kava/contracts/loading";
import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import type { IndexedRow } from "@kava/platform/http/loading";
import type { Changed } from "../actor.js";

/** What a block of rows came to. */
export type BlockResult = LoadResult & { eventIds: string[] };

/** Loads block by block, each in a transaction of its own with its events; readers see it after each block. */
export const loadBlocks = async <Row>(
  database: Database,
  changed: Changed,
  tenantId: string,
  blocks: AsyncIterable<IndexedRow<Row>[]>,
  loadBlock: (tx: Transaction, block: readonly IndexedRow<Row>[]) => Promise<BlockResult>,
): Promise<BlockResult> => {
  const sum: BlockResult = { added: 0, known: 0, rejected: [], eventIds: [] };
  for await (const block of blocks) {
    const result = await database.transaction(async (tx) => {
      // two loads at once would each miss the other's new rows
      await tx.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`menu.load.${tenantId}`]);
      return loadBlock(tx, block);
    });
    sum.added += result.added;
    sum.known += result.known;
    sum.rejected.push(...result.rejected);
    sum.eventIds.push(...result.eventIds);
    if (result.eventIds.length > 0) await changed(tenantId);
  }
  return sum;
};

/** The last row of each id: where a block names the same thing twice, the last word holds. */
export const lastWords = <Row extends { id: string }>(block: readonly IndexedRow<Row>[]): IndexedRow<Row>[] => [
  ...new Map(block.map((each) => [each.row.id, each])).values(),
];

/** A short digest of an imported row: equal rows have equal digests whatever the order of their fields. */
export const digestOf = (row: object): string =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest("base64url")
    .slice(0, 22);
