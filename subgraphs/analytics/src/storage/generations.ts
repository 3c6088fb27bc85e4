import { newId } from "@kava/contracts/ids";
import type { Database } from "@kava/platform/database/database";

/** One set of ClickHouse tables, in a database of its own. Exactly one is active: to swap all tables and views at once is to change this row. */
export interface Generation {
  id: string;
  database: string;
  tablesVersion: number;
}

/** Which ClickHouse database holds the truth. Kept in PostgreSQL beside the ledger, so that the two cannot disagree. */
export class Generations {
  readonly #database: Database;
  /** `prefix`: what the databases' names begin with, lower-case letters and underscores. */
  readonly #prefix: string;
  constructor(database: Database, prefix: string) {
    this.#database = database;
    this.#prefix = prefix;
  }

  async active(): Promise<Generation | null> {
    const { rows } = await this.#database.sql.query<Generation>(
      `SELECT id, database, tables_version AS "tablesVersion" FROM generation WHERE state = 'active'`,
    );
    return rows[0] ?? null;
  }

  /** The active one, where there must be one. */
  async required(): Promise<Generation> {
    const active = await this.active();
    if (!active) throw new Error("ClickHouse has no tables yet: analytics has not finished its start");
    return active;
  }

  async begin(tablesVersion: number): Promise<Generation> {
    const id = newId();
    const database = `${this.#prefix}_${id.replaceAll("-", "").slice(-12)}`;
    await this.#database.sql.query("INSERT INTO generation (id, database, tables_version, state) VALUES ($1, $2, $3, 'building')", [
      id,
      database,
      tablesVersion,
    ]);
    return { id, database, tablesVersion };
  }

  /** Makes it the one that is read and written; the one before retires in the same transaction. */
  activate(generation: Generation): Promise<void> {
    return this.#database.transaction(async (tx) => {
      await tx.query("UPDATE generation SET state = 'retired' WHERE state = 'active'");
      await tx.query("UPDATE generation SET state = 'active' WHERE id = $1", [generation.id]);
    });
  }

  /** Databases that are no longer, or never became, the active one. */
  async leftovers(): Promise<Generation[]> {
    const { rows } = await this.#database.sql.query<Generation>(
      `SELECT id, database, tables_version AS "tablesVersion" FROM generation WHERE state <> 'active'`,
    );
    return rows;
  }

  async forget(generation: Generation): Promise<void> {
    await this.#database.sql.query("DELETE FROM generation WHERE id = $1 AND state <> 'active'", [generation.id]);
  }
}
