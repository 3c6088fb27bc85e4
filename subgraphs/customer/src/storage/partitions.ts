import type { Database } from "@kava/platform/database/database";
import { monthOf, monthsAhead, type Month } from "../domain/months.js";

const AHEAD = 3;

/** The monthly partitions of `purchase`. */
export class Partitions {
  /** Partitions are never dropped while a service runs, so what was seen once is there. */
  readonly #known = new Set<string>();

  constructor(private readonly database: Database) {}

  /** The month of `now` and the three after it: a job calls this every day. */
  async makeAhead(now: Date): Promise<void> {
    await this.#make(monthsAhead(now, AHEAD));
  }

  /** The months that hold these moments: history, or a till that was offline. */
  async makeFor(moments: Iterable<Date>): Promise<void> {
    const months = new Map<string, Month>();
    for (const moment of moments) {
      const month = monthOf(moment);
      if (!this.#known.has(month.partition)) months.set(month.partition, month);
    }
    if (months.size > 0) await this.#make([...months.values()]);
  }

  /**
   * A table is made apart and attached: CREATE TABLE … PARTITION OF would lock out every reader of purchases, ATTACH lets them go on.
   * The advisory lock keeps two instances from making the same month.
   */
  async #make(months: readonly Month[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query("SELECT pg_advisory_xact_lock(hashtext('kava.customer.partitions'))");
      const { rows } = await tx.query<{ name: string }>(
        "SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'purchase'::regclass",
      );
      const there = new Set(rows.map((row) => row.name));
      for (const { partition, from, to } of months) {
        if (there.has(partition)) continue;
        await tx.query(`CREATE TABLE ${partition} (LIKE purchase INCLUDING ALL)`);
        await tx.query(
          `ALTER TABLE purchase ATTACH PARTITION ${partition} FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`,
        );
      }
    });
    for (const month of months) this.#known.add(month.partition);
  }
}
