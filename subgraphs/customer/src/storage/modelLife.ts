import type { ModelShift } from "@kava/platform/models/shiftGauge";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import { MODEL_KINDS, type Learned, type ModelKind, type ModelState, type Shift, type Verdict } from "../domain/modelLife.js";

/** Where the models of a kind are kept: a row each, by the number that it got when it was trained or, rolled back to, put back. */
const TABLES = { lifetime: "lifetime_history", segments: "segmentation_history" } as const satisfies Record<ModelKind, string>;
/** The form of a model that this code can serve; another one is never put back. */
const SERVABLE = { lifetime: "model->>'format' = '1'", segments: "model->>'formatVersion' = '1'" } as const satisfies Record<
  ModelKind,
  string
>;
/** A chain can roll back to so many models before the one in service. */
export const ROLL_BACK_TO = 5;
const KEEP_REFUSED_DAYS = 30;

/** A model as it is listed; `Comparison` says how it did on what it had not seen. */
export interface KeptModel<Comparison> {
  generation: number;
  fittedAt: Date;
  state: ModelState;
  comparison: Comparison | null;
  reasons: string[];
  /** How far the chain's buyers had moved from what it learned from, when they were last looked at. */
  shift: Shift[] | null;
  shiftAt: Date | null;
}
interface ModelRow<Model> {
  generation: number;
  model: Model;
}

/** A new model. */
export interface NewModel {
  generation: number;
  fittedAt: Date;
  model: object;
  comparison: object | null;
  verdict: Verdict;
  learned: Learned;
  shift: Shift[];
}

/** Of one kind and chain the models change one after the other until the transaction ends; returns the number of the next. */
export const nextGeneration = async (tx: Transaction, kind: ModelKind, tenantId: string): Promise<number> => {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('kava.models.' || $1), hashtext($2))", [kind, tenantId]);
  const { rows } = await tx.query<{ next: number }>(
    `SELECT coalesce(max(generation), 0) + 1 AS next FROM ${TABLES[kind]} WHERE tenant_id = $1`,
    [tenantId],
  );
  return rows[0]!.next;
};

/** Keeps a new model, in service if it was promoted. What was refused is forgotten after a month, what cannot be rolled back to at once. */
export const keepModel = async (tx: Transaction, kind: ModelKind, tenantId: string, given: NewModel): Promise<void> => {
  const table = TABLES[kind];
  const { generation, fittedAt, model, comparison, verdict, learned, shift } = given;
  if (verdict.promoted) await tx.query(`UPDATE ${table} SET state = 'retired' WHERE tenant_id = $1 AND state = 'serving'`, [tenantId]);
  await tx.query(
    `INSERT INTO ${table} (tenant_id, generation, fitted_at, model, state, promoted_at, comparison, reasons, learned, shift, shift_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $3)`,
    [
      tenantId,
      generation,
      fittedAt,
      JSON.stringify(model),
      verdict.promoted ? "serving" : "refused",
      verdict.promoted ? fittedAt : null,
      JSON.stringify(comparison),
      verdict.reasons,
      JSON.stringify(learned),
      JSON.stringify(shift),
    ],
  );
  await tx.query(
    `DELETE FROM ${table} WHERE tenant_id = $1 AND (state = 'refused' AND fitted_at < $2::timestamptz - $3 * interval '1 day'
       OR state IN ('retired', 'withdrawn') AND generation NOT IN (
         SELECT generation FROM ${table} WHERE tenant_id = $1 AND state IN ('retired', 'withdrawn') ORDER BY generation DESC LIMIT $4))`,
    [tenantId, fittedAt, KEEP_REFUSED_DAYS, ROLL_BACK_TO],
  );
};

/** What a training must know of the model in service; null when none is. */
export const inService = async (
  sql: Sql,
  kind: ModelKind,
  tenantId: string,
): Promise<{ generation: number; judged: boolean; learned: Learned | null } | null> =>
  (
    await sql.query<{ generation: number; judged: boolean; learned: Learned | null }>(
      `SELECT generation, coalesce(comparison, 'null') <> 'null' AS judged, learned FROM ${TABLES[kind]} WHERE tenant_id = $1 AND state = 'serving'`,
      [tenantId],
    )
  ).rows[0] ?? null;

/** Notes how far buyers are now from what the model in service learned from. */
export const noteShift = async (sql: Sql, kind: ModelKind, tenantId: string, shift: Shift[], now: Date): Promise<void> => {
  await sql.query(`UPDATE ${TABLES[kind]} SET shift = $2, shift_at = $3 WHERE tenant_id = $1 AND state = 'serving'`, [
    tenantId,
    JSON.stringify(shift),
    now,
  ]);
};

/**
 * Takes the model in service out of it for good and marks the one before it, under a number of its own, as the one that serves; `previous` is null where there
 * is none. To put it where it is read from is up to its kind. Throws when nothing is in service.
 */
export const takeBack = async <Model>(
  tx: Transaction,
  kind: ModelKind,
  tenantId: string,
): Promise<{ withdrawn: ModelRow<Model>; previous: (ModelRow<Model> & { was: number; fittedAt: Date }) | null }> => {
  const table = TABLES[kind];
  const generation = await nextGeneration(tx, kind, tenantId);
  const withdrawn = await tx.query<ModelRow<Model>>(
    `UPDATE ${table} SET state = 'withdrawn' WHERE tenant_id = $1 AND state = 'serving' RETURNING generation, model`,
    [tenantId],
  );
  if (!withdrawn.rows[0]) throw new Error("No model is in service: there is nothing to roll back");
  const { rows } = await tx.query<ModelRow<Model> & { was: number; fittedAt: Date }>(
    `UPDATE ${table} h SET state = 'serving', generation = $2 FROM (
       SELECT generation AS was FROM ${table} WHERE tenant_id = $1 AND state = 'retired' AND ${SERVABLE[kind]} ORDER BY generation DESC LIMIT 1) last
     WHERE h.tenant_id = $1 AND h.generation = last.was RETURNING h.generation, h.model, h.fitted_at AS "fittedAt", last.was`,
    [tenantId, generation],
  );
  return { withdrawn: withdrawn.rows[0], previous: rows[0] ?? null };
};

/** A chain's models of a kind, the last trained or put back first. */
export const listModels = async <Comparison>(sql: Sql, kind: ModelKind, tenantId: string): Promise<KeptModel<Comparison>[]> =>
  (
    await sql.query<KeptModel<Comparison>>(
      `SELECT generation, fitted_at AS "fittedAt", state, comparison, reasons, shift, shift_at AS "shiftAt" FROM ${TABLES[kind]}
       WHERE tenant_id = $1 ORDER BY generation DESC LIMIT 50`,
      [tenantId],
    )
  ).rows;

/** How far each chain's customers have moved since its models in service learned. */
export const shiftsInService = async (sql: Sql): Promise<ModelShift[]> => {
  const shifts = MODEL_KINDS.map(async (model) => {
    const { rows } = await sql.query<Omit<ModelShift, "model">>(
      `SELECT tenant_id AS "tenantId", shift FROM ${TABLES[model]} WHERE state = 'serving' AND jsonb_typeof(shift) = 'array'`,
    );
    return rows.map((row) => ({ model, ...row }));
  });
  return (await Promise.all(shifts)).flat();
};
