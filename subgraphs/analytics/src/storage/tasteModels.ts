import type { Database } from "@kava/platform/database/database";
import { MODEL_SCHEMA, type TasteModel } from "../domain/tasteModel.js";

export interface StoredModel {
  version: number;
  /** The number of the lists that are made from it: that of the last time it was put in service. */
  servedAs: number;
  /** How many there were when it was learned. */
  purchases: number;
  /** The last purchase that it learned from; null when that is not known. */
  through: Date | null;
  model: TasteModel;
}

/** The model in service of each tenant, in PostgreSQL so that a restart has it; the model read last stays in memory. */
export class TasteModels {
  readonly #database: Database;
  readonly #read = new Map<string, StoredModel>();
  constructor(database: Database) {
    this.#database = database;
  }

  /** Null when nothing was learned yet, or only by a program whose models had another shape. */
  async of(tenantId: string): Promise<StoredModel | null> {
    const { sql } = this.#database;
    const serving = "FROM taste_model WHERE tenant_id = $1 AND state = 'serving'";
    const { rows: numbers } = await sql.query<{ version: number; servedAs: number }>(
      `SELECT version, coalesce(served_as, version) AS "servedAs" ${serving}`,
      [tenantId],
    );
    const current = numbers[0];
    if (!current) return null;
    const known = this.#read.get(tenantId);
    if (known?.version === current.version && known.servedAs === current.servedAs) return known;
    const { rows } = await sql.query<StoredModel>(
      `SELECT version, coalesce(served_as, version) AS "servedAs", purchases, through, model ${serving}`,
      [tenantId],
    );
    const stored = rows[0];
    if (!stored || stored.model.schema !== MODEL_SCHEMA) return null;
    this.#read.set(tenantId, stored);
    return stored;
  }

  /** The greatest number that a model or its lists have; 0 when nothing was learned yet. */
  async newestNumber(tenantId: string): Promise<number> {
    const { rows } = await this.#database.sql.query<{ n: number | null }>(
      "SELECT max(greatest(version, coalesce(served_as, 0))) AS n FROM taste_model WHERE tenant_id = $1",
      [tenantId],
    );
    return rows[0]?.n ?? 0;
  }

  /** How many purchases there were when a model was learned last, in service now or refused; 0 when none was. */
  async purchasesSeen(tenantId: string): Promise<number> {
    const { rows } = await this.#database.sql.query<{ n: number }>(
      "SELECT coalesce(max(purchases), 0) AS n FROM taste_model WHERE tenant_id = $1",
      [tenantId],
    );
    return rows[0]?.n ?? 0;
  }

  /** Of each chain, how far what is bought had moved when its tastes were learned last; who knows no such number is missing. */
  async shifts(): Promise<{ tenantId: string; shift: number }[]> {
    const { rows } = await this.#database.sql.query<{ tenantId: string; shift: number }>(
      `SELECT tenant_id AS "tenantId", shift FROM (
         SELECT DISTINCT ON (tenant_id) tenant_id, shift FROM taste_model ORDER BY tenant_id, learned_at DESC) AS latest WHERE shift IS NOT NULL`,
    );
    return rows;
  }
}
