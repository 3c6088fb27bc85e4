import { purchaseIdOf } from "@kava/contracts/ids";
import { PurchaseRow, refusalOfMoment } from "@kava/contracts/loading";
import { copyRows, type CopyValue } from "@kava/platform/database/copy";
import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import type { IndexedRow, Loader } from "@kava/platform/http/loading";
import { itemsById, type ItemFacts } from "@kava/platform/views/items";
import { totalsOf } from "../domain/pricing.js";
import type { PurchaseLine } from "../domain/purchase.js";
import { isStorableText } from "../domain/storable.js";
import { addToBatch } from "./loadBatches.js";
import type { Partitions } from "./partitions.js";
import { uuidOf } from "./purchaseReads.js";
import { knownVenues } from "./venueView.js";

const COLUMNS = ["tenant_id", "id", "at", "customer_id", "venue_id", "total_minor", "discount_minor", "lines", "recorded_at"] as const;

/**
 * Purchases of a chain's own records. Each key goes into `request` like a till's: a second load adds nothing even when its dates were shifted in
 * between, and a till that sends one of them again is answered with what is there. Habits follow when the batch is finished.
 */
export const purchaseLoader = (database: Database, partitions: Partitions, clock: () => Date): Loader<PurchaseRow> => ({
  row: PurchaseRow,
  load: async (tenantId, blocks, batchId) => {
    const result = { added: 0, known: 0, rejected: [] as { index: number; reason: string }[] };
    for await (const block of blocks) {
      const { accepted, rejected, items } = await check(database, tenantId, block, clock());
      result.rejected.push(...rejected);
      await partitions.makeFor(accepted.map((row) => new Date(row.at)));
      const added = await database.transaction((tx) => loadBlock(tx, tenantId, batchId, accepted, items, clock()));
      result.added += added;
      result.known += block.length - rejected.length - added;
    }
    return result;
  },
});

/** What the rows of a block name and the chain has. */
interface Known {
  items: Map<string, ItemFacts>;
  customers: Set<string>;
  venues: Set<string>;
}

const check = async (database: Database, tenantId: string, block: readonly IndexedRow<PurchaseRow>[], now: Date) => {
  const known = await lookUp(
    database,
    tenantId,
    block.map(({ row }) => row),
  );
  const accepted = new Map<string, PurchaseRow>();
  const rejected: { index: number; reason: string }[] = [];
  for (const { index, row } of block) {
    const reason = whyNot(row, tenantId, known, now);
    if (reason !== null) rejected.push({ index, reason });
    else if (!accepted.has(row.key)) accepted.set(row.key, row);
  }
  // in the order of keys: two loads that meet in the same keys then wait for each other instead of locking each other out
  return { accepted: [...accepted.values()].sort((a, b) => (a.key < b.key ? -1 : 1)), rejected, items: known.items };
};

const lookUp = async (database: Database, tenantId: string, rows: readonly PurchaseRow[]): Promise<Known> => {
  const distinct = (ids: (string | null)[]): string[] => [...new Set(ids)].filter((id) => id !== null);
  const customers = await database.sql.query<{ id: string }>("SELECT id FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[])", [
    tenantId,
    distinct(rows.map((row) => row.customerId)),
  ]);
  return {
    items: await itemsById(database.sql, tenantId, distinct(rows.flatMap((row) => row.lines.map((line) => line.itemId)))),
    customers: new Set(customers.rows.map((row) => row.id)),
    venues: await knownVenues(database.sql, tenantId, distinct(rows.map((row) => row.venueId))),
  };
};

const whyNot = (row: PurchaseRow, tenantId: string, known: Known, now: Date): string | null => {
  if (!isStorableText(row.key)) return "key: holds a character that cannot be stored";
  if (row.id !== purchaseIdOf(tenantId, row.key, new Date(row.at))) return `id: ${row.id} does not follow from key and date`;
  const untimely = refusalOfMoment(row.at, now);
  if (untimely !== null) return untimely;
  if (row.customerId !== null && !known.customers.has(row.customerId)) return `customerId: the chain has no customer ${row.customerId}`;
  if (row.venueId !== null && !known.venues.has(row.venueId)) return `venueId: the chain has no venue ${row.venueId}`;
  const stranger = row.lines.find((line) => !known.items.has(line.itemId));
  return stranger ? `lines: the menu has no item ${stranger.itemId}` : null;
};

const loadBlock = async (
  tx: Transaction,
  tenantId: string,
  batchId: string,
  rows: readonly PurchaseRow[],
  items: Known["items"],
  now: Date,
): Promise<number> => {
  const claimed = await tx.query<{ key: string }>(
    `INSERT INTO request (tenant_id, key, purchase_id, purchase_at) SELECT $1, key, id, at FROM unnest($2::text[], $3::uuid[], $4::timestamptz[]) AS r(key, id, at)
     ON CONFLICT DO NOTHING RETURNING key`,
    [tenantId, rows.map((row) => row.key), rows.map((row) => uuidOf(row.id)), rows.map((row) => row.at)],
  );
  if (claimed.rowCount === 0) return 0;
  const fresh = new Set(claimed.rows.map((row) => row.key));
  const added = rows.filter((row) => fresh.has(row.key));
  await copyRows(
    tx,
    "purchase",
    COLUMNS,
    added.map((row) => valuesOf(tenantId, row, items, now)),
  );
  const customers = [...new Set(added.map((row) => row.customerId).filter((id) => id !== null))];
  await tx.query(
    `WITH locked AS MATERIALIZED (SELECT id, habits_stale FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE)
     UPDATE customer c SET habits_stale = true FROM locked l WHERE c.tenant_id = $1 AND c.id = l.id AND NOT l.habits_stale`,
    [tenantId, customers],
  );
  const moments = added.map((row) => Date.parse(row.at));
  await addToBatch(tx, tenantId, batchId, {
    purchases: added.length,
    firstAt: new Date(Math.min(...moments)),
    lastAt: new Date(Math.max(...moments)),
  });
  return added.length;
};

const valuesOf = (tenantId: string, row: PurchaseRow, items: Known["items"], now: Date): readonly CopyValue[] => {
  const lines = row.lines.map((line): PurchaseLine => ({
    itemId: line.itemId,
    name: items.get(line.itemId)!.name,
    quantity: line.quantity,
    unitPriceMinor: line.unitPriceMinor,
    paidMinor: line.paidMinor,
  }));
  const { totalMinor, discountMinor } = totalsOf(lines);
  return [tenantId, uuidOf(row.id), row.at, row.customerId, row.venueId, totalMinor, discountMinor, lines, now];
};
