import type { LoadStatus } from "@kava/contracts/loading";
import type { Sql } from "@kava/platform/database/sql";

/** What a batch of history has added so far. */
export interface Batch {
  purchases: number;
  customers: number;
  firstAt: Date | null;
  lastAt: Date | null;
}

/** Counts rows into a batch, in the transaction that adds them. */
export const addToBatch = async (
  tx: Sql,
  tenantId: string,
  batchId: string,
  added: { purchases?: number; customers?: number; firstAt?: Date; lastAt?: Date },
): Promise<void> => {
  await tx.query(
    `INSERT INTO load_batch AS b (tenant_id, batch_id, state, purchases, customers, first_at, last_at) VALUES ($1, $2, 'loading', $3, $4, $5, $6)
     ON CONFLICT (tenant_id, batch_id) DO UPDATE SET purchases = b.purchases + excluded.purchases, customers = b.customers + excluded.customers,
       first_at = least(b.first_at, excluded.first_at), last_at = greatest(b.last_at, excluded.last_at)`,
    [tenantId, batchId, added.purchases ?? 0, added.customers ?? 0, added.firstAt ?? null, added.lastAt ?? null],
  );
};

/** All rows of the batch are in: what follows set-wise waits for its job. */
export const awaitCompletion = async (sql: Sql, tenantId: string, batchId: string): Promise<void> => {
  await sql.query(
    `INSERT INTO load_batch (tenant_id, batch_id, state, step) VALUES ($1, $2, 'waiting', 'waiting')
     ON CONFLICT (tenant_id, batch_id) DO UPDATE SET state = 'waiting', step = 'waiting', done = 0, total = 0`,
    [tenantId, batchId],
  );
};

export const reportStep = async (sql: Sql, tenantId: string, batchId: string, step: string, done: number, total: number): Promise<void> => {
  await sql.query("UPDATE load_batch SET state = 'working', step = $3, done = $4, total = $5 WHERE tenant_id = $1 AND batch_id = $2", [
    tenantId,
    batchId,
    step,
    done,
    total,
  ]);
};

export const reportFailure = async (sql: Sql, tenantId: string, batchId: string, message: string): Promise<void> => {
  await sql.query("UPDATE load_batch SET state = 'failed', step = $3 WHERE tenant_id = $1 AND batch_id = $2", [tenantId, batchId, message]);
};

/** Ends the batch and gives what it added; the counters start afresh, should the same name be loaded again. Null when it was ended already. */
export const completeBatch = async (tx: Sql, tenantId: string, batchId: string): Promise<Batch | null> => {
  const { rows } = await tx.query<{ purchases: number; customers: number; first_at: Date | null; last_at: Date | null }>(
    `UPDATE load_batch b SET state = 'done', step = NULL, purchases = 0, customers = 0, first_at = NULL, last_at = NULL
     FROM (SELECT * FROM load_batch WHERE tenant_id = $1 AND batch_id = $2 FOR UPDATE) before
     WHERE b.tenant_id = before.tenant_id AND b.batch_id = before.batch_id AND before.state <> 'done'
     RETURNING before.purchases, before.customers, before.first_at, before.last_at`,
    [tenantId, batchId],
  );
  const row = rows[0];
  return row ? { purchases: row.purchases, customers: row.customers, firstAt: row.first_at, lastAt: row.last_at } : null;
};

/** Batches whose rows are in and whose set-wise work is not done, given up or not. */
export const unfinishedBatches = async (sql: Sql): Promise<{ tenantId: string; batchId: string }[]> =>
  (
    await sql.query<{ tenantId: string; batchId: string }>(
      `SELECT tenant_id AS "tenantId", batch_id AS "batchId" FROM load_batch WHERE state IN ('waiting', 'working', 'failed')`,
    )
  ).rows;

/** A tenant's batches whose set-wise work was given up. */
export const failedBatches = async (sql: Sql, tenantId: string): Promise<{ tenantId: string; batchId: string }[]> =>
  (
    await sql.query<{ tenantId: string; batchId: string }>(
      `SELECT tenant_id AS "tenantId", batch_id AS "batchId" FROM load_batch WHERE tenant_id = $1 AND state = 'failed'`,
      [tenantId],
    )
  ).rows;

/** What is still computed from what was loaded. `retried`: there are tries to come, so that one which failed is not the last. */
export const loadStatus = async (sql: Sql, tenantId: string, retried: boolean): Promise<LoadStatus> => {
  const { rows } = await sql.query<{ state: string; step: string; done: number; total: number }>(
    "SELECT state, step, done, total FROM load_batch WHERE tenant_id = $1 AND state IN ('waiting', 'working', 'failed') ORDER BY (state = 'working') DESC, (state = 'waiting') DESC LIMIT 1",
    [tenantId],
  );
  const row = rows[0];
  if (!row) return { state: "idle" };
  if (row.state === "failed" && !retried) return { state: "failed", step: row.step };
  return { state: "working", step: row.step, done: row.done, total: row.total };
};
