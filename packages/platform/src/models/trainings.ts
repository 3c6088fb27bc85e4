import type { Clock } from "../clock.js";
import type { Sql } from "../database/sql.js";
import type { WorkerProgress } from "../worker.js";

/** Statement that makes the table: each service that trains models has its own. */
export const CREATE_TRAINING = `CREATE TABLE training (
  tenant_id uuid NOT NULL, kind text NOT NULL, step text NOT NULL, done int NOT NULL, total int NOT NULL, started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL, finished_at timestamptz, said text, PRIMARY KEY (tenant_id, kind))`;

/** Where a training is, or how it ended: `said` is then what came of it. */
export interface Training extends WorkerProgress {
  kind: string;
  startedAt: Date;
  finishedAt: Date | null;
  said: string | null;
}
export type Progress = (step: WorkerProgress) => Promise<void>;

/** Notes where trainings are, so that whoever asked for one can look on. */
export class Trainings {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  /** Runs a training and notes its steps and its end, which `work` says in words; `also` hears the steps as well. Rejects as the work does. */
  async track(
    tenantId: string,
    kind: string,
    work: (progress: Progress) => Promise<string>,
    also: Progress = async () => {},
  ): Promise<void> {
    await this.#write(tenantId, kind, { step: "starting", done: 0, total: 1 }, true);
    try {
      const said = await work(async (step) => {
        await this.#write(tenantId, kind, step);
        await also(step);
      });
      await this.#end(tenantId, kind, said);
    } catch (error) {
      await this.#end(tenantId, kind, `it failed: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }

  async #write(tenantId: string, kind: string, { step, done, total }: WorkerProgress, begins = false): Promise<void> {
    await this.sql.query(
      `INSERT INTO training AS t (tenant_id, kind, step, done, total, started_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
       ON CONFLICT (tenant_id, kind) DO UPDATE SET step = excluded.step, done = excluded.done, total = excluded.total, updated_at = excluded.updated_at,
         started_at = CASE WHEN $7 THEN excluded.started_at ELSE t.started_at END, finished_at = NULL, said = NULL
       WHERE $7 OR t.finished_at IS NULL`, // a step of a training that failed meanwhile must not make it look as if it went on
      [tenantId, kind, step, done, total, this.clock(), begins],
    );
  }

  async #end(tenantId: string, kind: string, said: string): Promise<void> {
    await this.sql.query("UPDATE training SET finished_at = $3, updated_at = $3, said = $4 WHERE tenant_id = $1 AND kind = $2", [
      tenantId,
      kind,
      this.clock(),
      said,
    ]);
  }
}

/** The last training of a kind; null when there was none. */
export const lastTraining = async (sql: Sql, tenantId: string, kind: string): Promise<Training | null> =>
  (
    await sql.query<Training>(
      `SELECT kind, step, done, total, started_at AS "startedAt", finished_at AS "finishedAt", said FROM training WHERE tenant_id = $1 AND kind = $2`,
      [tenantId, kind],
    )
  ).rows[0] ?? null;

/** For a computation that cannot wait until its steps are noted: they are noted one after the other. `settled` waits for the last, and rejects if one could not be noted. */
export const inTheBackground = (progress: Progress): { note(step: WorkerProgress): void; settled(): Promise<void> } => {
  let noted = Promise.resolve();
  return {
    note: (step) => {
      noted = noted.then(() => progress(step));
      noted.catch(() => {}); // it is told by `settled`
    },
    settled: () => noted,
  };
};
