import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "@kava/platform/database/database";
import type { Logger } from "@kava/platform/telemetry/logger";
import { rowsOf } from "../domain/clickhouseRows.js";
import type { Engine } from "../storage/clickhouse/engine.js";
import { beginGeneration, dropLeftovers, factsIn, replayInto } from "../storage/clickhouse/generation.js";
import { insertFacts } from "../storage/clickhouse/insertFacts.js";
import { TABLES_VERSION } from "../storage/clickhouse/tables.js";
import type { Generation, Generations } from "../storage/generations.js";
import type { Batch, Ledger } from "../storage/ledger.js";

export interface BatcherParts {
  engine: Engine;
  ledger: Ledger;
  generations: Generations;
  database: Database;
  logger: Logger;
}

/** Facts are collected for so long before they go: an insert with its views, and the merges that follow, cost some 100 ms of a core, however small. */
const COLLECT_MS = 5_000;
const POLL_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;
/** A batch at least so large says that there is a backlog: the next one goes at once. */
const BACKLOG = 1_000;

/**
 * Carries the ledger to ClickHouse, exactly once. One pass at a time in the whole installation (an advisory lock of PostgreSQL): it sends
 * the open batch, then makes and sends the next ones until nothing waits. A batch that was sent but not marked, because the process died in
 * between, is sent again with the same token, which ClickHouse ignores.
 */
export class Batcher {
  readonly #parts: BatcherParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #again = false;
  #checked = false;
  #pauseMs = 0;
  readonly #closing = new AbortController();

  constructor(parts: BatcherParts) {
    this.#parts = parts;
  }

  /** Makes ClickHouse's tables when there are none. */
  open(): Promise<void> {
    return this.#alone(async () => {
      const { generations, engine } = this.#parts;
      if (!(await generations.active())) await generations.activate(await beginGeneration(engine, generations));
    });
  }

  /** Begins to send; what a process before this one left goes at once. */
  start(): void {
    this.#timer = setInterval(() => this.#run(), POLL_MS);
    this.#run();
  }

  /** Says that there are facts to send. They go within five seconds or so, together with those that come until then. */
  wake(): void {
    this.#again = true;
    if (!this.#running) this.#run(COLLECT_MS);
  }

  /** Resolves when all that is committed now is in ClickHouse. Throws when ClickHouse refuses it. */
  async flush(): Promise<void> {
    const { ledger } = this.#parts;
    for (const mark = await ledger.mark(); !(await ledger.isSentUpTo(mark));) {
      if (this.#closing.signal.aborted) throw new Error("The ledger's batches stop: the service is closing");
      if (!(await this.#sendWaiting())) await this.#wait(50);
    }
  }

  /** Builds all tables and views anew from the ledger, beside those that are read, then swaps them. Batches wait meanwhile. */
  replay(): Promise<void> {
    return this.#alone(() => this.#rebuild());
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#running;
  }

  #run(afterMs = 0): void {
    if (this.#closing.signal.aborted || this.#running) return;
    this.#again = false;
    this.#running = this.#pass(afterMs + this.#pauseMs).finally(() => {
      this.#running = null;
      if (this.#again && this.#pauseMs === 0) this.#run(COLLECT_MS);
    });
  }

  async #pass(afterMs: number): Promise<void> {
    try {
      if (afterMs > 0) await this.#wait(afterMs);
      await this.#sendWaiting();
      this.#pauseMs = 0;
    } catch (error) {
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2 || POLL_MS);
      this.#parts.logger.warn(
        { err: error, againInMs: this.#pauseMs },
        "facts wait in the ledger: ClickHouse or the database did not take them",
      );
    }
  }

  /** Sends what waits. What arrives meanwhile is left for the next pass, unless it is a backlog. False when another instance is at it. */
  async #sendWaiting(): Promise<boolean> {
    const { database, ledger, generations } = this.#parts;
    return database.transaction(async (lock) => {
      const { rows } = await lock.query<{ mine: boolean }>(`SELECT pg_try_advisory_xact_lock(${SENDING}) AS mine`);
      if (!rows[0]?.mine) return false;
      await this.#checkOnce();
      const generation = await generations.required();
      while (!this.#closing.signal.aborted) {
        const open = await ledger.openBatch();
        const batch = open ?? (await ledger.makeBatch());
        if (batch) await this.#send(generation, batch);
        if (!batch || (!open && batch.facts < BACKLOG)) break;
      }
      return true;
    });
  }

  async #send(generation: Generation, batch: Batch): Promise<void> {
    const { ledger, engine } = this.#parts;
    await insertFacts(engine, generation.database, rowsOf(await ledger.entriesOf(batch.number)), batch.id);
    await ledger.markSent(batch.number);
  }

  /** Before anything is sent: tables that are missing, older than this program, or short of facts are made anew from the ledger. */
  async #checkOnce(): Promise<void> {
    if (this.#checked) return;
    const { generations, ledger, engine, logger } = this.#parts;
    await dropLeftovers(engine, generations);
    const active = await generations.required();
    const [held, { sent, open }] = [await factsIn(engine, active), await ledger.sentFacts()];
    if (active.tablesVersion !== TABLES_VERSION || held < sent || held > sent + open) {
      logger.warn({ held, sent, tables: active.tablesVersion }, "ClickHouse does not hold what the ledger says: its tables are made anew");
      await this.#rebuild();
    }
    this.#checked = true;
  }

  async #rebuild(): Promise<void> {
    const { engine, generations, ledger, logger } = this.#parts;
    const generation = await beginGeneration(engine, generations);
    await replayInto(engine, ledger, generation);
    await generations.activate(generation);
    await dropLeftovers(engine, generations);
    logger.info({ database: generation.database }, "ClickHouse's tables were made anew from the ledger");
  }

  #wait(ms: number): Promise<void> {
    return pause(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** Waits until no other instance sends or replays. The lock lives in a transaction of its own that does nothing else. */
  #alone(work: () => Promise<void>): Promise<void> {
    return this.#parts.database.transaction(async (lock) => {
      await lock.query(`SELECT pg_advisory_xact_lock(${SENDING})`);
      await work();
    });
  }
}

const SENDING = "hashtext('kava.analytics.send')";
