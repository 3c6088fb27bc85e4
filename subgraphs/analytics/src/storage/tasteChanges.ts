import type { Database } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";

export interface TasteChange {
  customerId: string;
  change: number;
}

/** Customers who bought since their list was ranked. A change that comes while they are ranked stays. */
export class TasteChanges {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  async note(tx: Sql, tenantId: string, customerIds: readonly string[]): Promise<void> {
    // in the order of their identifiers, so that two batches cannot wait for each other
    await tx.query(
      `INSERT INTO taste_change (tenant_id, customer_id, change)
       SELECT $1, id, nextval('taste_change_number') FROM (SELECT DISTINCT id FROM unnest($2::uuid[]) AS id ORDER BY id) AS ids
       ON CONFLICT (tenant_id, customer_id) DO UPDATE SET change = excluded.change`,
      [tenantId, customerIds],
    );
  }

  async oldest(tenantId: string, limit: number): Promise<TasteChange[]> {
    const { rows } = await this.#database.sql.query<TasteChange>(
      `SELECT customer_id AS "customerId", change FROM taste_change WHERE tenant_id = $1 ORDER BY change LIMIT $2`,
      [tenantId, limit],
    );
    return rows;
  }

  async settle(tx: Sql, tenantId: string, changes: readonly TasteChange[]): Promise<void> {
    await tx.query(
      `DELETE FROM taste_change USING unnest($2::uuid[], $3::bigint[]) AS done (customer, number)
       WHERE tenant_id = $1 AND customer_id = done.customer AND change = done.number`,
      [tenantId, changes.map((each) => each.customerId), changes.map((each) => each.change)],
    );
  }

  async tenants(): Promise<string[]> {
    const { rows } = await this.#database.sql.query<{ id: string }>("SELECT DISTINCT tenant_id AS id FROM taste_change");
    return rows.map((row) => row.id);
  }
}
