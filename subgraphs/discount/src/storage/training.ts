import type { Sql } from "@kava/platform/database/sql";
import type { ModelKind } from "./modelLife.js";

/** How far the last training of a kind of model is, or what came of it. */
export interface Training {
  kind: ModelKind;
  step: string;
  done: number;
  total: number;
  startedAt: Date;
  updatedAt: Date;
  /** Null while it runs. */
  finishedAt: Date | null;
  /** What came of it, in words; null while it runs. */
  said: string | null;
}

/** Begins a training: what was there of the one before is forgotten. */
export const beginTraining = async (sql: Sql, tenantId: string, kind: ModelKind, now: Date): Promise<void> => {
  await sql.query(
    `INSERT INTO training (tenant_id, kind, step, done, total, started_at, updated_at) VALUES ($1, $2, 'reading', 0, 1, $3, $3)
     ON CONFLICT (tenant_id, kind) DO UPDATE SET step = 'reading', done = 0, total = 1, started_at = $3, updated_at = $3, finished_at = NULL, said = NULL`,
    [tenantId, kind, now],
  );
};

export const reportTraining = async (
  sql: Sql,
  tenantId: string,
  kind: ModelKind,
  { step, done, total }: Pick<Training, "step" | "done" | "total">,
  now: Date,
): Promise<void> => {
  await sql.query(
    "UPDATE training SET step = $3, done = $4, total = $5, updated_at = $6 WHERE tenant_id = $1 AND kind = $2 AND finished_at IS NULL",
    [tenantId, kind, step, done, total, now],
  );
};

export const endTraining = async (sql: Sql, tenantId: string, kind: ModelKind, said: string, now: Date): Promise<void> => {
  await sql.query("UPDATE training SET finished_at = $4, updated_at = $4, said = $3 WHERE tenant_id = $1 AND kind = $2", [
    tenantId,
    kind,
    said,
    now,
  ]);
};

/** The trainings of a chain, one a kind; those that never were are missing. */
export const trainingsOf = async (sql: Sql, tenantId: string): Promise<Training[]> =>
  (
    await sql.query<Training>(
      `SELECT kind, step, done, total, started_at AS "startedAt", updated_at AS "updatedAt", finished_at AS "finishedAt", said FROM training WHERE tenant_id = $1 ORDER BY kind`,
      [tenantId],
    )
  ).rows;
