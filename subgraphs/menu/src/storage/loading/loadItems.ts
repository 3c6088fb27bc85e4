import { ItemRow } from "@kava/contracts/loading";
import type { Clock } from "@kava/platform/clock";
import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import { appendToOutbox } from "@kava/platform/events/outbox";
import type { IndexedRow, Loader } from "@kava/platform/http/loading";
import { changeItem } from "../../domain/item.js";
import type { Actor, Changed } from "../actor.js";
import { itemPriced } from "../facts.js";
import { digestOf, lastWords, loadBlocks, type BlockResult } from "./load.js";

interface StoredItem {
  id: string;
  sku: string;
  name: string;
  category: string;
  priceMinor: number;
  costMinor: number | null;
  version: number;
  retiredAt: Date | null;
  importDigest: string | null;
  away: string[];
}
/** An item to write: `changed` gets an event, `repriced` a line of history, either or neither. */
type WrittenItem = StoredItem & { changed: boolean; repriced: boolean };

/**
 * Loads items. A row that says what the last import said is known, also when the staff changed the item since: their change stays. A row that
 * says something new changes the item, with a line of history where price or cost did. A cost that the row does not tell stays; so does retirement.
 */
export const itemLoader = (database: Database, clock: Clock, changed: Changed): Loader<ItemRow> => ({
  row: ItemRow,
  load: (tenantId, blocks, batchId) =>
    loadBlocks(database, changed, tenantId, blocks, (tx, block) =>
      loadBlock(tx, { tenantId, by: `import ${batchId}`, now: clock() }, block),
    ),
});

const loadBlock = async (tx: Transaction, actor: Actor, block: readonly IndexedRow<ItemRow>[]): Promise<BlockResult> => {
  const rows = lastWords(block);
  const stored = await storedItems(
    tx,
    actor.tenantId,
    rows.map(({ row }) => row),
  );
  const result: BlockResult = { added: 0, known: block.length - rows.length, rejected: [], eventIds: [] };
  const byId = new Map(stored.map((item) => [item.id, item]));
  const holders = new Map(stored.map((item) => [item.sku, item.id]));
  const written: WrittenItem[] = [];
  for (const { index, row } of rows) {
    const present = byId.get(row.id);
    if ((holders.get(row.sku) ?? row.id) !== row.id)
      result.rejected.push({ index, reason: `the sku ${row.sku} belongs to another item already` });
    else if (present && present.sku !== row.sku)
      result.rejected.push({ index, reason: `the item is known by the sku ${present.sku}, not ${row.sku}` });
    else {
      holders.set(row.sku, row.id);
      result[present ? "known" : "added"] += 1;
      const item = present ? laidOver(present, row) : newItem(row);
      if (item) written.push(item);
    }
  }
  await write(tx, actor, written);
  result.eventIds = await appendToOutbox(
    tx,
    written.filter((item) => item.changed).map((item) => itemPriced({ ...item, tenantId: actor.tenantId }, item.away, actor.now)),
  );
  return result;
};

const storedItems = async (tx: Transaction, tenantId: string, rows: readonly ItemRow[]): Promise<StoredItem[]> =>
  (
    await tx.query<StoredItem>(
      `SELECT id, sku, name, category, price_minor AS "priceMinor", cost_minor AS "costMinor", version, retired_at AS "retiredAt", import_digest AS "importDigest",
       ARRAY(SELECT a.venue_id FROM item_availability a WHERE a.tenant_id = i.tenant_id AND a.item_id = i.id AND NOT a.available ORDER BY a.venue_id) AS away
     FROM item i WHERE tenant_id = $1 AND (id = ANY($2::uuid[]) OR sku = ANY($3)) ORDER BY id FOR UPDATE`,
      [tenantId, rows.map((row) => row.id), rows.map((row) => row.sku)],
    )
  ).rows;

const newItem = (row: ItemRow): WrittenItem => ({
  ...row,
  version: 1,
  retiredAt: null,
  importDigest: digestOf(row),
  away: [],
  changed: true,
  repriced: true,
});

/** The item with the row's values, or null when the last import said the same. */
const laidOver = (present: StoredItem, row: ItemRow): WrittenItem | null => {
  const importDigest = digestOf(row);
  if (importDigest === present.importDigest) return null;
  const { next, changed, repriced } = changeItem(present, { ...row, costMinor: row.costMinor ?? present.costMinor });
  return { ...present, ...next, importDigest, changed, repriced, version: present.version + (changed ? 1 : 0) };
};

const COLUMNS = `id uuid, sku text, name text, category text, "priceMinor" bigint, "costMinor" bigint, version bigint, "importDigest" text, repriced boolean`;

const write = async (tx: Transaction, { tenantId, now, by }: Actor, items: readonly WrittenItem[]): Promise<void> => {
  if (items.length === 0) return;
  const json = JSON.stringify(items);
  await tx.query(
    `INSERT INTO item (tenant_id, id, sku, name, category, price_minor, cost_minor, version, import_digest)
     SELECT $1, id, sku, name, category, "priceMinor", "costMinor", version, "importDigest" FROM jsonb_to_recordset($2::jsonb) AS r(${COLUMNS})
     ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, category = excluded.category, price_minor = excluded.price_minor,
       cost_minor = excluded.cost_minor, version = excluded.version, import_digest = excluded.import_digest`,
    [tenantId, json],
  );
  await tx.query(
    `INSERT INTO item_price (tenant_id, item_id, version, valid_from, price_minor, cost_minor, changed_by)
     SELECT $1, id, version, $3, "priceMinor", "costMinor", $4 FROM jsonb_to_recordset($2::jsonb) AS r(${COLUMNS}) WHERE repriced`,
    [tenantId, json, now, by],
  );
};
