import type { Database } from "@kava/platform/database/database";
import { copyRows } from "@kava/platform/database/copy";
import type { Transaction } from "@kava/platform/database/sql";
import { MODEL_SCHEMA, rulesOf, type TasteModel } from "../domain/tasteModel.js";

export interface StoredModel {
  version: number;
  /** How many there were when it was learned. */
  purchases: number;
  model: TasteModel;
}

/** The learned model of each tenant with its rules, in PostgreSQL so that a restart has them; the model read last stays in memory. */
export class TasteModels {
  readonly #database: Database;
  readonly #read = new Map<string, StoredModel>();
  constructor(database: Database) {
    this.#database = database;
  }

  /** Null when nothing was learned yet, or only by a program whose models had another shape. */
  async of(tenantId: string): Promise<StoredModel | null> {
    const version = await this.version(tenantId);
    if (version === null) return null;
    const known = this.#read.get(tenantId);
    if (known?.version === version) return known;
    const { rows } = await this.#database.sql.query<StoredModel>("SELECT version, purchases, model FROM taste_model WHERE tenant_id = $1", [
      tenantId,
    ]);
    const stored = rows[0];
    if (!stored || stored.model.schema !== MODEL_SCHEMA) return null;
    this.#read.set(tenantId, stored);
    return stored;
  }

  /** The version that was kept last, of whatever shape; null when nothing was learned yet. */
  async version(tenantId: string): Promise<number | null> {
    const { rows } = await this.#database.sql.query<{ version: number }>("SELECT version FROM taste_model WHERE tenant_id = $1", [
      tenantId,
    ]);
    return rows[0]?.version ?? null;
  }

  /** Puts a model in service with its rules: readers see the old rules or the new ones, never a mixture. */
  async keep(tx: Transaction, tenantId: string, version: number, learnedAt: Date, purchases: number, model: TasteModel): Promise<void> {
    const rules = rulesOf(model);
    await copyRows(
      tx,
      "association_rule",
      ["tenant_id", "version", "place", "antecedent", "consequent", "baskets", "support", "confidence", "lift", "leverage"],
      rules.map((rule, place) => [
        tenantId,
        version,
        place,
        `{${rule.antecedent.map((item) => model.items[item]).join(",")}}`,
        model.items[rule.consequent]!,
        rule.count,
        rule.support,
        rule.confidence,
        rule.lift,
        rule.leverage,
      ]),
    );
    await tx.query(
      `INSERT INTO taste_model (tenant_id, version, learned_at, purchases, model) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version, learned_at = excluded.learned_at, purchases = excluded.purchases, model = excluded.model`,
      [tenantId, version, learnedAt, purchases, JSON.stringify(model)],
    );
    await tx.query("DELETE FROM association_rule WHERE tenant_id = $1 AND version <> $2", [tenantId, version]);
  }
}
