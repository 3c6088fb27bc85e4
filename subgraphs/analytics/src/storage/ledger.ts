import { newId } from "@kava/contracts/ids";
import type { Database } from "@kava/platform/database/database";
import { copyRows } from "@kava/platform/database/copy";
import type { Sql, Transaction } from "@kava/platform/database/sql";
import { weightOf, type LedgerEntry } from "../domain/ledgerEntry.js";

/** A set of ledger entries that goes to ClickHouse as one. It never changes; `id` is its insert token. */
export interface Batch {
  number: number;
  id: string;
  facts: number;
  weight: number;
}

/** Bounds of a batch: entries, and rows that they become (about). */
const MOST_FACTS = 10_000;
const MOST_WEIGHT = 60_000;

const COLUMNS = ["fact_id", "tenant_id", "type", "at", "weight", "data", "context"] as const;
const BATCH_COLUMNS = "number, id, facts, weight";

/**
 * What is told to ClickHouse, in PostgreSQL: each fact once, and the batch that carries it. One batch at a time is open; a batch is made in
 * one transaction, in the order of `number`, whoever makes it.
 */
export class Ledger {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps facts in the caller's transaction. Returns the identifiers of those that were not there yet. */
  async keep(tx: Sql, entries: readonly LedgerEntry[]): Promise<Set<string>> {
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO ledger (${COLUMNS.join(", ")})
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::int[], $6::json[], $7::json[])
       ON CONFLICT DO NOTHING RETURNING fact_id AS id`,
      [
        entries.map((entry) => entry.factId),
        entries.map((entry) => entry.tenantId),
        entries.map((entry) => entry.type),
        entries.map((entry) => entry.at),
        entries.map(weightOf),
        entries.map((entry) => JSON.stringify(entry.data)),
        entries.map((entry) => entry.context && JSON.stringify(entry.context)),
      ],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Keeps many facts at once, already assigned to a batch of their own. Returns how many were not there yet. */
  async keepMany(tx: Transaction, entries: readonly LedgerEntry[]): Promise<number> {
    await tx.query(
      "CREATE TEMP TABLE IF NOT EXISTS arriving (fact_id uuid, tenant_id uuid, type text, at timestamptz, weight int, data json, context json) ON COMMIT DELETE ROWS",
    );
    await copyRows(
      tx,
      "arriving",
      COLUMNS,
      entries.map((entry) => [entry.factId, entry.tenantId, entry.type, entry.at, weightOf(entry), entry.data, entry.context]),
    );
    await lockNumbers(tx);
    const number = await nextNumber(tx);
    const { rows } = await tx.query<{ facts: number; weight: number }>(
      `WITH kept AS (
         INSERT INTO ledger (${COLUMNS.join(", ")}, batch) SELECT ${COLUMNS.join(", ")}, $1 FROM arriving ORDER BY at ON CONFLICT DO NOTHING RETURNING weight)
       SELECT count(*) AS facts, coalesce(sum(weight), 0)::bigint AS weight FROM kept`,
      [number],
    );
    const { facts, weight } = rows[0]!;
    if (facts > 0) await insertBatch(tx, number, facts, weight);
    return facts;
  }

  /** The oldest batch that is not known to have arrived: it goes (again) before any other. */
  async openBatch(): Promise<Batch | null> {
    const { rows } = await this.#database.sql.query<Batch>(
      `SELECT ${BATCH_COLUMNS} FROM batch WHERE sent_at IS NULL ORDER BY number LIMIT 1`,
    );
    return rows[0] ?? null;
  }

  /** Makes a batch of what waits, oldest first; null when nothing does. */
  makeBatch(): Promise<Batch | null> {
    return this.#database.transaction(makeBatch);
  }

  /** A batch's entries, always in the same order. `to`: of all batches from `number` up to this one. */
  async entriesOf(number: number, to = number): Promise<LedgerEntry[]> {
    const { rows } = await this.#database.sql.query<LedgerEntry>(
      `SELECT fact_id AS "factId", tenant_id AS "tenantId", type, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, data, context
       FROM ledger WHERE batch BETWEEN $1 AND $2 ORDER BY batch, position`,
      [number, to],
    );
    return rows;
  }

  async markSent(number: number): Promise<void> {
    await this.#database.sql.query("UPDATE batch SET sent_at = now() WHERE number = $1", [number]);
  }

  /** Batches that were sent, after `number`, as many as fit one insert together: at least one if there is any. */
  async sentAfter(number: number): Promise<{ from: number; to: number } | null> {
    const { rows } = await this.#database.sql.query<{ from: number | null; to: number | null }>(
      `SELECT min(number) AS from, max(number) AS to FROM (
         SELECT number, sum(weight) OVER (ORDER BY number) AS weights, row_number() OVER (ORDER BY number) AS place
         FROM (SELECT number, weight FROM batch WHERE sent_at IS NOT NULL AND number > $1 ORDER BY number LIMIT $3) AS following) AS fitting
       WHERE weights <= $2 OR place = 1`,
      [number, MOST_WEIGHT, MOST_FACTS],
    );
    const { from, to } = rows[0] ?? {};
    return from && to ? { from, to } : null;
  }

  /** Facts that were sent, and those of the batch that may have arrived without being marked. */
  async sentFacts(): Promise<{ sent: number; open: number }> {
    const { rows } = await this.#database.sql.query<{ sent: number; open: number }>(
      "SELECT coalesce(sum(facts) FILTER (WHERE sent_at IS NOT NULL), 0)::bigint AS sent, coalesce((SELECT facts FROM batch WHERE sent_at IS NULL ORDER BY number LIMIT 1), 0) AS open FROM batch",
    );
    return rows[0] ?? { sent: 0, open: 0 };
  }

  /** What is not in ClickHouse yet: facts, and the age in seconds of the oldest. */
  async backlog(): Promise<{ facts: number; seconds: number }> {
    const { rows } = await this.#database.sql.query<{ facts: number; seconds: number }>(
      `SELECT (SELECT count(*) FROM ledger WHERE batch IS NULL) + coalesce(sum(facts), 0)::bigint AS facts,
         coalesce(extract(epoch FROM now() - min(made_at)), 0)::float8 AS seconds FROM batch WHERE sent_at IS NULL`,
    );
    return rows[0] ?? { facts: 0, seconds: 0 };
  }

  /** The end of the ledger now: `isSentUpTo(mark)` is true once everything that is committed at this moment is in ClickHouse. */
  async mark(): Promise<number> {
    const { rows } = await this.#database.sql.query<{ mark: number }>("SELECT last_value AS mark FROM ledger_position");
    return rows[0]?.mark ?? 0;
  }

  async isSentUpTo(mark: number): Promise<boolean> {
    const { rows } = await this.#database.sql.query<{ sent: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM ledger WHERE batch IS NULL AND position <= $1)
          AND NOT EXISTS (SELECT FROM batch WHERE sent_at IS NULL AND EXISTS (SELECT FROM ledger WHERE ledger.batch = batch.number AND position <= $1)) AS sent`,
      [mark],
    );
    return rows[0]?.sent ?? false;
  }
}

/** Numbers are given one transaction after the other, so that no batch appears behind one that was sent. */
const lockNumbers = (tx: Sql) => tx.query("SELECT pg_advisory_xact_lock(hashtext('kava.analytics.batch'))");

const nextNumber = async (tx: Sql): Promise<number> =>
  (await tx.query<{ next: number }>("SELECT coalesce(max(number), 0) + 1 AS next FROM batch")).rows[0]!.next;

const insertBatch = async (tx: Sql, number: number, facts: number, weight: number): Promise<Batch> => {
  const id = newId();
  await tx.query("INSERT INTO batch (number, id, facts, weight) VALUES ($1, $2, $3, $4)", [number, id, facts, weight]);
  return { number, id, facts, weight };
};

const makeBatch = async (tx: Transaction): Promise<Batch | null> => {
  const { rows: waiting } = await tx.query("SELECT FROM ledger WHERE batch IS NULL LIMIT 1");
  if (waiting.length === 0) return null;
  await lockNumbers(tx);
  const number = await nextNumber(tx);
  const { rows } = await tx.query<{ weight: number }>(
    // who makes batches holds the lock, so that what waits cannot be taken by another; an array, because a join with so few expected rows is planned as a loop over both
    `UPDATE ledger SET batch = $1 WHERE fact_id = ANY (ARRAY(
       SELECT fact_id FROM (
         SELECT fact_id, sum(weight) OVER (ORDER BY position) AS weights, row_number() OVER (ORDER BY position) AS place
         FROM (SELECT fact_id, weight, position FROM ledger WHERE batch IS NULL ORDER BY position LIMIT $2) AS oldest) AS bounded
       WHERE weights <= $3 OR place = 1)) RETURNING weight`,
    [number, MOST_FACTS, MOST_WEIGHT],
  );
  return rows.length === 0
    ? null
    : insertBatch(
        tx,
        number,
        rows.length,
        rows.reduce((sum, row) => sum + row.weight, 0),
      );
};
