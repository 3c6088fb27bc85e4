import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";
import type { Recommended } from "../domain/recommendation.js";

/** A customer's list, best first. */
export interface Learned {
  customerId: string;
  items: readonly Recommended[];
}

/** What `recommendedItems` reads: a row per customer, written by the jobs. */
export class Recommendations {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  async of(tenantId: string, customerIds: readonly string[]): Promise<Map<string, Recommended[]>> {
    const { rows } = await this.#database.sql.query<{ id: string; items: Recommended[] }>(
      "SELECT customer_id AS id, items FROM recommendation WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[])",
      [tenantId, customerIds],
    );
    return new Map(rows.map((row) => [row.id, row.items]));
  }

  async popular(tenantId: string): Promise<Recommended[]> {
    const { rows } = await this.#database.sql.query<{ items: Recommended[] }>("SELECT items FROM popular_items WHERE tenant_id = $1", [
      tenantId,
    ]);
    return rows[0]?.items ?? [];
  }

  /** Keeps the lists. Returns the customers whose list is another than before. */
  async keep(tx: Sql, tenantId: string, version: number, at: Date, lists: readonly Learned[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO recommendation (tenant_id, customer_id, version, learned_at, items)
       SELECT $1, id, $2, $3, list::json FROM unnest($4::uuid[], $5::text[]) AS learned (id, list) ORDER BY id
       ON CONFLICT (tenant_id, customer_id) DO UPDATE SET version = excluded.version, learned_at = excluded.learned_at, items = excluded.items
       WHERE recommendation.version <= excluded.version AND recommendation.items::text <> excluded.items::text RETURNING customer_id AS id`,
      [tenantId, version, at, lists.map((each) => each.customerId), lists.map((each) => JSON.stringify(each.items))],
    );
    return new Set(rows.map((row) => row.id));
  }

  async keepPopular(tx: Sql, tenantId: string, version: number, items: readonly Recommended[]): Promise<void> {
    await tx.query(
      `INSERT INTO popular_items (tenant_id, version, items) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version, items = excluded.items WHERE popular_items.version <= excluded.version`,
      [tenantId, version, JSON.stringify(items)],
    );
  }
}
