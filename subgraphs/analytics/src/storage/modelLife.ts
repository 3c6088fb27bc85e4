import type { RankingComparison } from "@kava/algorithms/preference/compareRankings";
import { copyRows } from "@kava/platform/database/copy";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import type { Verdict } from "../domain/promotion.js";
import { MODEL_SCHEMA, rulesOf, type TasteModel } from "../domain/tasteModel.js";

/** `withdrawn`: rolled back, and never again in service. `refused`: was not, and will not be. */
export type ModelState = "serving" | "retired" | "withdrawn" | "refused";

/** A model as it is listed. */
export interface KeptModel {
  version: number;
  learnedAt: Date;
  state: ModelState;
  purchases: number;
  comparison: RankingComparison | null;
  reasons: string[];
  shift: number | null;
}

/** A model that was learned, and what is known of it. */
export interface NewModel {
  version: number;
  learnedAt: Date;
  purchases: number;
  through: Date | null;
  model: TasteModel;
  comparison: RankingComparison | null;
  shift: number | null;
  verdict: Verdict;
}

/** So many models that were in service before are kept, for a chain to roll back to. */
export const ROLL_BACK_TO = 5;
const KEEP_REFUSED_DAYS = 30;

/** Keeps a new model, in service with its rules if the verdict says so: readers see the old or the new, never a mixture. A refused one is only remembered. */
export const keepModel = async (tx: Transaction, tenantId: string, given: NewModel): Promise<void> => {
  const { version, learnedAt, purchases, through, model, comparison, shift, verdict } = given;
  await lockModels(tx, tenantId);
  if (verdict.promoted) await tx.query("UPDATE taste_model SET state = 'retired' WHERE tenant_id = $1 AND state = 'serving'", [tenantId]);
  await tx.query(
    `INSERT INTO taste_model (tenant_id, version, learned_at, purchases, through, model, state, promoted_at, served_as, comparison, reasons, shift)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      tenantId,
      version,
      learnedAt,
      purchases,
      through,
      verdict.promoted ? JSON.stringify(model) : null,
      verdict.promoted ? "serving" : "refused",
      verdict.promoted ? learnedAt : null,
      verdict.promoted ? version : null,
      comparison === null ? null : JSON.stringify(comparison),
      verdict.reasons,
      shift,
    ],
  );
  if (verdict.promoted) await keepRules(tx, tenantId, version, model);
  await forgetOld(tx, tenantId, learnedAt);
};

/**
 * Takes the model in service out of it, for good, and puts the one that served before it back, rules and all, under a new number of its lists: they are to
 * be made anew. Throws when nothing serves, or nothing of this program's shape is kept.
 */
export const rollBack = async (tx: Transaction, tenantId: string, now: Date): Promise<{ withdrawn: Date; serving: Date }> => {
  await lockModels(tx, tenantId);
  const current = (
    await tx.query<{ version: number; learnedAt: Date; servedAs: number }>(
      `SELECT version, learned_at AS "learnedAt", coalesce(served_as, version) AS "servedAs" FROM taste_model WHERE tenant_id = $1 AND state = 'serving'`,
      [tenantId],
    )
  ).rows[0];
  if (!current) throw new Error("No tastes were learned yet: there is nothing to roll back");
  const before = (
    await tx.query<{ version: number; learnedAt: Date; model: TasteModel }>(
      `SELECT version, learned_at AS "learnedAt", model FROM taste_model WHERE tenant_id = $1 AND state = 'retired' AND (model->>'schema')::int = $2
       ORDER BY promoted_at DESC, version DESC LIMIT 1`,
      [tenantId, MODEL_SCHEMA],
    )
  ).rows[0];
  if (!before) throw new Error("No model of tastes from before is kept: train another instead");
  await tx.query("UPDATE taste_model SET state = 'withdrawn' WHERE tenant_id = $1 AND version = $2", [tenantId, current.version]);
  await tx.query("UPDATE taste_model SET state = 'serving', served_as = $3 WHERE tenant_id = $1 AND version = $2", [
    tenantId,
    before.version,
    Math.max(now.getTime(), current.servedAs + 1),
  ]);
  await keepRules(tx, tenantId, before.version, before.model);
  return { withdrawn: current.learnedAt, serving: before.learnedAt };
};

/** A chain's models, newest first. */
export const listModels = async (sql: Sql, tenantId: string): Promise<KeptModel[]> =>
  (
    await sql.query<KeptModel>(
      `SELECT version, learned_at AS "learnedAt", state, purchases, comparison, reasons, shift FROM taste_model WHERE tenant_id = $1
       ORDER BY learned_at DESC, version DESC LIMIT 50`,
      [tenantId],
    )
  ).rows;

/** The rules of the model in service are those that staff read. */
const keepRules = async (tx: Transaction, tenantId: string, version: number, model: TasteModel): Promise<void> => {
  await tx.query("DELETE FROM association_rule WHERE tenant_id = $1", [tenantId]);
  await copyRows(
    tx,
    "association_rule",
    ["tenant_id", "version", "place", "antecedent", "consequent", "baskets", "support", "confidence", "lift", "leverage"],
    rulesOf(model).map((rule, place) => [
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
};

/** Models are large: beside the one in service the last five that served stay, and what was refused is remembered for a month. */
const forgetOld = async (tx: Transaction, tenantId: string, now: Date): Promise<void> => {
  await tx.query(
    `DELETE FROM taste_model WHERE tenant_id = $1 AND state IN ('retired', 'withdrawn') AND version NOT IN (
       SELECT version FROM taste_model WHERE tenant_id = $1 AND state IN ('retired', 'withdrawn') ORDER BY promoted_at DESC, version DESC LIMIT $2)`,
    [tenantId, ROLL_BACK_TO],
  );
  await tx.query(
    "DELETE FROM taste_model WHERE tenant_id = $1 AND state = 'refused' AND learned_at < $2::timestamptz - $3 * interval '1 day'",
    [tenantId, now, KEEP_REFUSED_DAYS],
  );
};

/** One at a time: at most one model of a chain is in service. */
const lockModels = (tx: Transaction, tenantId: string) =>
  tx.query("SELECT pg_advisory_xact_lock(hashtext('kava.tastes'), hashtext($1))", [tenantId]);
