import type { UpliftComparison } from "@kava/algorithms/policy/judgeUplift";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import type { ModelShift } from "@kava/platform/models/shiftGauge";
import type { ResponseComparison } from "../domain/fitModel.js";
import type { Games } from "../domain/games.js";
import type { Verdict } from "../domain/promotion.js";

/** `response`: how likely a customer buys. `uplift`: what depths were measured to change, with the games learned beside it. */
export const MODEL_KINDS = ["response", "uplift"] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];
export type ModelState = "serving" | "retired" | "withdrawn" | "refused";

/** How a model did on time that it had not seen; null when there was too little to judge by. */
export type Judged = { kind: "response"; comparison: ResponseComparison | null } | { kind: "uplift"; comparison: UpliftComparison | null };

/** A model as it is listed. */
export type KeptModel = Judged & {
  version: string;
  fittedAt: Date;
  state: ModelState;
  promotedAt: Date | null;
  reasons: string[];
};

/** A new model, to be kept. */
export type NewModel = Judged & { version: string; fittedAt: Date; model: object; games?: Games; verdict: Verdict };

/** To so many models before it a chain can roll back; older ones are kept all the same, for the decisions they made. */
export const ROLL_BACK_TO = 5;
const KEEP_REFUSED_DAYS = 30;

/** The model in service as it is stored, version and all; null where none of its kind is: the prior serves, or nothing is claimed of depths. */
export const modelInService = async (sql: Sql, tenantId: string, kind: ModelKind): Promise<{ version: string; model: object } | null> =>
  (
    await sql.query<{ version: string; model: object }>(
      "SELECT version, model FROM response_model WHERE tenant_id = $1 AND kind = $2 AND state = 'serving'",
      [tenantId, kind],
    )
  ).rows[0] ?? null;

/** Keeps a new model, in service if the verdict says so. What was refused is forgotten after a month. */
export const keepModel = async (tx: Transaction, tenantId: string, given: NewModel): Promise<void> => {
  const { kind, version, fittedAt, model, games, comparison, verdict } = given;
  await lockModels(tx, tenantId);
  const { rows } = await tx.query("SELECT FROM response_model WHERE tenant_id = $1 AND version = $2", [tenantId, version]);
  if (rows.length > 0) return; // two fits of one moment read the same log: the first stands, whatever became of it since
  if (verdict.promoted)
    await tx.query("UPDATE response_model SET state = 'retired' WHERE tenant_id = $1 AND kind = $2 AND state = 'serving'", [
      tenantId,
      kind,
    ]);
  await tx.query(
    `INSERT INTO response_model (tenant_id, kind, version, fitted_at, model, games, state, promoted_at, comparison, reasons) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tenantId,
      kind,
      version,
      fittedAt,
      JSON.stringify(model),
      games ? JSON.stringify(games) : null,
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
 * Takes the model in service out of it, for good, and puts the one before it back: the one that was promoted last, or none where there is none: the
 * prior serves then, or nothing is claimed of depths. Returns both versions. Throws when none is in service.
 */
export const rollBack = async (
  tx: Transaction,
  tenantId: string,
  kind: ModelKind,
  now: Date,
): Promise<{ withdrawn: string; serving: string | null }> => {
  await lockModels(tx, tenantId);
  const current = await modelInService(tx, tenantId, kind);
  if (!current) throw new Error(`No ${kind} model is in service: there is nothing to roll back`);
  await tx.query("UPDATE response_model SET state = 'withdrawn', withdrawn_at = $3 WHERE tenant_id = $1 AND version = $2", [
    tenantId,
    current.version,
    now,
  ]);
  const { rows } = await tx.query<{ version: string }>(
    `UPDATE response_model SET state = 'serving' WHERE tenant_id = $1 AND version = (
       SELECT version FROM (SELECT version, state, promoted_at FROM response_model WHERE tenant_id = $1 AND kind = $2 AND state IN ('retired', 'withdrawn') ORDER BY promoted_at DESC LIMIT ${ROLL_BACK_TO + 1}) AS last
       WHERE state = 'retired' ORDER BY promoted_at DESC LIMIT 1)
     RETURNING version`,
    [tenantId, kind],
  );
  return { withdrawn: current.version, serving: rows[0]?.version ?? null };
};

/** Since when models of a kind have served without a break and without one being withdrawn; null where none is in service. */
export const servingSince = async (sql: Sql, tenantId: string, kind: ModelKind): Promise<Date | null> =>
  (
    await sql.query<{ since: Date | null }>(
      `SELECT CASE WHEN bool_or(state = 'serving') THEN greatest(max(withdrawn_at), min(promoted_at) FILTER (WHERE state <> 'withdrawn')) END AS since
       FROM response_model WHERE tenant_id = $1 AND kind = $2`,
      [tenantId, kind],
    )
  ).rows[0]?.since ?? null;

/** How far each chain's customers had moved when its models in service were judged. */
export const shiftsInService = async (sql: Sql): Promise<ModelShift[]> =>
  (
    await sql.query<ModelShift>(
      `SELECT kind AS model, tenant_id AS "tenantId", coalesce(comparison->'shift', '[]') AS shift FROM response_model WHERE state = 'serving'`,
    )
  ).rows;

/** A chain's models, newest first. */
export const listModels = async (sql: Sql, tenantId: string): Promise<KeptModel[]> =>
  (
    await sql.query<KeptModel>(
      `SELECT kind, version, fitted_at AS "fittedAt", state, promoted_at AS "promotedAt", comparison, reasons FROM response_model WHERE tenant_id = $1
       ORDER BY fitted_at DESC, version DESC LIMIT 50`,
      [tenantId],
    )
  ).rows;

/** One at a time: at most one model of a kind is in service in a chain. */
const lockModels = (tx: Transaction, tenantId: string) =>
  tx.query("SELECT pg_advisory_xact_lock(hashtext('kava.models'), hashtext($1))", [tenantId]);
