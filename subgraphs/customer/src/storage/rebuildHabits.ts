import type { Database } from "@kava/platform/database/database";
import type { Transaction } from "@kava/platform/database/sql";
import { allItems } from "@kava/platform/views/items";
import { afterSale, noHabits, type Habits } from "../domain/habits.js";
import type { PurchaseLine } from "../domain/purchase.js";

/** So few that a till whose customer is among them hardly waits. */
const CUSTOMERS_AT_A_TIME = 200;

interface SaleRow {
  customer_id: string;
  venue_id: string | null;
  at: Date;
  total_minor: number;
  lines: PurchaseLine[];
}
interface Rebuilt {
  id: string;
  habits: Habits;
  count: number;
  totalMinor: number;
  lastAt: Date | null;
}

/**
 * Computes the habits of those customers whose history grew, from all their purchases in the order of time. They are locked before their purchases
 * are read: whoever adds one locks its customer too, so that it is either read here or marks the customer again. Returns how many customers were done.
 */
export const rebuildHabits = async (
  database: Database,
  tenantId: string,
  timeZone: string,
  progress: (done: number, total: number) => Promise<void>,
): Promise<number> => {
  const categories = new Map((await allItems(database.sql, tenantId)).map((item) => [item.id, item.category]));
  const total = (
    await database.sql.query<{ count: number }>("SELECT count(*) FROM customer WHERE tenant_id = $1 AND habits_stale", [tenantId])
  ).rows[0]!.count;
  for (let done = 0; ;) {
    const some = await database.transaction((tx) => rebuildSome(tx, tenantId, timeZone, categories));
    if (some === 0) return done;
    done += some;
    await progress(Math.min(done, total), total);
  }
};

/** Returns how many customers it did; 0 when none was left. */
const rebuildSome = async (
  tx: Transaction,
  tenantId: string,
  timeZone: string,
  categories: ReadonlyMap<string, string>,
): Promise<number> => {
  const { rows: stale } = await tx.query<{ id: string }>(
    "SELECT id FROM customer WHERE tenant_id = $1 AND habits_stale ORDER BY id LIMIT $2 FOR UPDATE",
    [tenantId, CUSTOMERS_AT_A_TIME],
  );
  if (stale.length === 0) return 0;
  const { rows: sales } = await tx.query<SaleRow>(
    "SELECT customer_id, venue_id, at, total_minor, lines FROM purchase WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY customer_id, at, id",
    [tenantId, stale.map((row) => row.id)],
  );
  const byCustomer = Map.groupBy(sales, (sale) => sale.customer_id);
  await save(
    tx,
    tenantId,
    stale.map(({ id }) => ({ id, ...habitsOf(byCustomer.get(id) ?? [], categories, timeZone) })),
  );
  return stale.length;
};

const habitsOf = (sales: readonly SaleRow[], categories: ReadonlyMap<string, string>, timeZone: string): Omit<Rebuilt, "id"> => {
  let habits = noHabits();
  for (const sale of sales)
    habits = afterSale(
      habits,
      { at: sale.at, venueId: sale.venue_id, lines: sale.lines.map((line) => ({ ...line, category: categories.get(line.itemId) ?? "" })) },
      timeZone,
    );
  return {
    habits,
    count: sales.length,
    totalMinor: sales.reduce((sum, sale) => sum + sale.total_minor, 0),
    lastAt: sales.at(-1)?.at ?? null,
  };
};

const save = async (tx: Transaction, tenantId: string, rebuilt: readonly Rebuilt[]): Promise<void> => {
  await tx.query(
    `UPDATE customer c SET habits = r.habits, purchase_count = r.count, total_minor = r.total_minor, last_at = r.last_at, habits_stale = false, version = c.version + 1, segment_generation = -1
     FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, habits jsonb, count int, total_minor bigint, last_at timestamptz)
     WHERE c.tenant_id = $1 AND c.id = r.id`,
    [
      tenantId,
      JSON.stringify(
        rebuilt.map((row) => ({
          id: row.id,
          habits: row.habits,
          count: row.count,
          total_minor: row.totalMinor,
          last_at: row.lastAt,
        })),
      ),
    ],
  );
};
