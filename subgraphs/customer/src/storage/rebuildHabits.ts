import type { Database } from "@kava/platform/database/database";
import { allItems } from "@kava/platform/views/items";
import { afterSale, noHabits, type Habits } from "../domain/habits.js";
import type { PurchaseLine } from "../domain/purchase.js";

const CUSTOMERS_AT_A_TIME = 500;

interface SaleRow {
  customer_id: string;
  venue_id: string | null;
  at: Date;
  total_minor: number;
  lines: PurchaseLine[];
}
interface Rebuilt {
  id: string;
  version: number;
  habits: Habits;
  count: number;
  totalMinor: number;
  lastAt: Date | null;
}

/**
 * Computes the habits of those customers whose history grew, from all their purchases in the order of time. A customer who buys in between keeps
 * the mark (the version has moved on) and comes again in the next round. Returns how many customers were done.
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
  let done = 0;
  for (;;) {
    const { rows: stale } = await database.sql.query<{ id: string; version: number }>(
      "SELECT id, version FROM customer WHERE tenant_id = $1 AND habits_stale ORDER BY id LIMIT $2",
      [tenantId, CUSTOMERS_AT_A_TIME],
    );
    if (stale.length === 0) return done;
    const { rows: sales } = await database.sql.query<SaleRow>(
      "SELECT customer_id, venue_id, at, total_minor, lines FROM purchase WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) ORDER BY customer_id, at, id",
      [tenantId, stale.map((row) => row.id)],
    );
    const byCustomer = Map.groupBy(sales, (sale) => sale.customer_id);
    done += await save(
      database,
      tenantId,
      stale.map(({ id, version }) => ({ id, version, ...habitsOf(byCustomer.get(id) ?? [], categories, timeZone) })),
    );
    await progress(Math.min(done, total), total);
  }
};

const habitsOf = (
  sales: readonly SaleRow[],
  categories: ReadonlyMap<string, string>,
  timeZone: string,
): Omit<Rebuilt, "id" | "version"> => {
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

const save = async (database: Database, tenantId: string, rebuilt: readonly Rebuilt[]): Promise<number> => {
  const { rowCount } = await database.sql.query(
    `UPDATE customer c SET habits = r.habits, purchase_count = r.count, total_minor = r.total_minor, last_at = r.last_at, habits_stale = false, version = c.version + 1, segment_generation = -1
     FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, version bigint, habits jsonb, count int, total_minor bigint, last_at timestamptz)
     WHERE c.tenant_id = $1 AND c.id = r.id AND c.version = r.version`,
    [
      tenantId,
      JSON.stringify(
        rebuilt.map((row) => ({
          id: row.id,
          version: row.version,
          habits: row.habits,
          count: row.count,
          total_minor: row.totalMinor,
          last_at: row.lastAt,
        })),
      ),
    ],
  );
  return rowCount;
};
