import type { ModelComparison } from "@kava/algorithms/response/compareModels";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import type { Verdict } from "../domain/promotion.js";

export type ModelState = "serving" | "retired" | "withdrawn" | "refused";

/** A model as it is listed. */
export interface KeptModel {
  version: string;
  fittedAt: Date;
  state: ModelState;
  promotedAt: Date | null;
  comparison: ModelComparison | null;
  reasons: string[];
}

/** To so many models before it a chain can roll back; older ones are kept all the same, for the decisions they made. */
export const ROLL_BACK_TO = 5;
const KEEP_REFUSED_DAYS = 30;

/** The model in service as it is stored, version and all; null for the prior. */
export const modelInService = async (sql: Sql, tenantId: string): Promise<{ version: string; model: object } | null> =>
  (
    await sql.query<{ version: string; model: object }>(
      "SELECT version, model FROM response_model WHERE tenant_id = $1 AND state = 'serving'",
      [tenantId],
    )
  ).rows[0] ?? null;

/** Keeps a new model, in service if the verdict says so. What was refused is forgotten after a month. */
export const keepModel = async (
  tx: Transaction,
  tenantId: string,
  given: { version: string; fittedAt: Date; model: object; comparison: ModelComparison | null; verdict: Verdict },
): Promise<void> => {
  const { version, fittedAt, model, comparison, verdict } = given;
  await lockModels(tx, tenantId);
  if (verdict.promoted)
    await tx.query("UPDATE response_model SET state = 'retired' WHERE tenant_id = $1 AND state = 'serving'", [tenantId]);
  await tx.query(
    `INSERT INTO response_model (tenant_id, version, fitted_at, model, state, promoted_at, comparison, reasons) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tenantId,
      version,
      fittedAt,
      JSON.stringify(model),
      verdict.promoted ? "serving" : "refused",
      verdict.promoted ? fittedAt : null,
      JSON.stringify(comparison),
      verdict.reasons,
    ],
  );
  await tx.query(
    "DELETE FROM response_model WHERE tenant_id = $1 AND state = 'refused' AND fitted_at < $2::timestamptz - $3 * interval '1 day'",
    [tenantId, fittedAt, KEEP_REFUSED_DAYS],
  );
};

/**
 * Takes the model in service out of it, for good, and puts the one before it back: the one that was promoted last, or the prior where there is none.
 * Returns both versions (null: the prior). Throws when the prior serves already.
 */
export const rollBack = async (tx: Transaction, tenantId: string): Promise<{ withdrawn: string; serving: string | null }> => {
  await lockModels(tx, tenantId);
  const current = await modelInService(tx, tenantId);
  if (!current) throw new Error("The prior is in service already: there is nothing to roll back");
  await tx.query("UPDATE response_model SET state = 'withdrawn' WHERE tenant_id = $1 AND version = $2", [tenantId, current.version]);
  const { rows } = await tx.query<{ version: string }>(
    `UPDATE response_model SET state = 'serving' WHERE tenant_id = $1 AND version = (
       SELECT version FROM (SELECT version, state, promoted_at FROM response_model WHERE tenant_id = $1 AND state IN ('retired', 'withdrawn') ORDER BY promoted_at DESC LIMIT ${ROLL_BACK_TO + 1}) AS last
       WHERE state = 'retired' ORDER BY promoted_at DESC LIMIT 1)
     RETURNING version`,
    [tenantId],
  );
  return { withdrawn: current.version, serving: rows[0]?.version ?? null };
};

/** A chain's models, newest first. */
export const listModels = async (sql: Sql, tenantId: string): Promise<KeptModel[]> =>
  (
    await sql.query<KeptModel>(
      `SELECT version, fitted_at AS "fittedAt", state, promoted_at AS "promotedAt", comparison, reasons FROM response_model WHERE tenant_id = $1
       ORDER BY fitted_at DESC, version DESC LIMIT 50`,
      [tenantId],
    )
  ).rows;

/** One at a time: at most one model of a chain is in service. */
const lockModels = (tx: Transaction, tenantId: string) =>
  tx.query("SELECT pg_advisory_xact_lock(hashtext('kava.models'), hashtext($1))", [tenantId]);
