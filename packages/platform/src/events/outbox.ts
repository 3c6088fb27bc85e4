import { newId } from "@kava/contracts/ids";
import { consumersOf, type AnyEvent, type Delivery, type DomainEvent, type EventData, type EventType } from "@kava/contracts/events";
import type { EventBus } from "../bus/port.js";
import type { Database } from "../database/database.js";
import type { Sql } from "../database/sql.js";
import type { Logger } from "../telemetry/logger.js";

/** What a producer says; the envelope's rest is filled in. `id` is given where the fact itself is derived (a load that may run twice). */
export interface Fact<T extends EventType = EventType> {
  id?: string;
  type: T;
  tenantId: string;
  aggregateId: string;
  aggregateVersion: number;
  occurredAt: Date;
  trace?: string | null;
  data: EventData<T>;
}
export type AnyFact = { [T in EventType]: Fact<T> }[EventType];

/** Writes events in the effect's own transaction: both happen or neither. Returns their identifiers. An identifier that is there already is left alone. */
export const appendToOutbox = async (tx: Sql, facts: readonly AnyFact[]): Promise<string[]> => {
  if (facts.length === 0) return [];
  const rows = facts.map((fact) => ({
    id: fact.id ?? newId(),
    tenant_id: fact.tenantId,
    type: fact.type,
    aggregate_id: fact.aggregateId,
    aggregate_version: fact.aggregateVersion,
    occurred_at: fact.occurredAt.toISOString(),
    trace: fact.trace ?? null,
    data: fact.data,
    // a lane on which nobody hears it has nothing to do
    prompt: consumersOf(fact.type, "prompt").length > 0,
    batched: consumersOf(fact.type, "batched").length > 0,
  }));
  await tx.query(
    `INSERT INTO outbox (id, tenant_id, type, aggregate_id, aggregate_version, occurred_at, trace, data, relayed_at, batched_at)
     SELECT id, tenant_id, type, aggregate_id, aggregate_version, occurred_at, trace, data, CASE WHEN NOT prompt THEN now() END, CASE WHEN NOT batched THEN now() END
     FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, tenant_id uuid, type text, aggregate_id text, aggregate_version bigint, occurred_at timestamptz, trace text, data jsonb,
       prompt boolean, batched boolean)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(rows)],
  );
  return rows.map((row) => row.id);
};

interface OutboxRow {
  id: string;
  tenant_id: string;
  type: EventType;
  aggregate_id: string;
  aggregate_version: number;
  occurred_at: Date;
  trace: string | null;
  data: never;
}

const POLL_MS = 1_000;
const MOST_AT_ONCE = 200;

interface LaneOptions {
  delivery: Delivery;
  mark: "relayed_at" | "batched_at";
  /** From waking to leaving: what happens meanwhile leaves together. */
  collectMs: number;
  /** Least time from one leaving to the next. An event that comes alone leaves at once; of many, some leave together, and the more, the less each costs. */
  paceMs: number;
}

const LANES: readonly LaneOptions[] = [
  { delivery: "prompt", mark: "relayed_at", collectMs: 0, paceMs: 100 },
  { delivery: "batched", mark: "batched_at", collectMs: 500, paceMs: 0 },
];

/**
 * Carries events from the outbox to the bus, at least once, on a lane for each delivery. `wake()` after a commit makes it immediate; the poll
 * finds what a crash left.
 */
export class OutboxRelay {
  readonly #lanes: readonly Lane[];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    database: Database,
    bus: Pick<EventBus, "publish">,
    logger: Logger,
    private readonly pollMs = POLL_MS,
  ) {
    this.#lanes = LANES.map((options) => new Lane(database, bus, logger, options));
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), this.pollMs);
    this.wake();
  }

  wake(): void {
    for (const lane of this.#lanes) lane.wake();
  }

  /** Waits for what is leaving; what is still in the outbox leaves when the next process starts. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

/** Rows are claimed by `… IS NULL … SKIP LOCKED`, never by `id > last`: transactions do not commit in the order of their ids. */
class Lane {
  #running: Promise<void> | null = null;
  #again = false;
  #closed = false;
  #began = -Infinity;
  #planned: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly bus: Pick<EventBus, "publish">,
    private readonly logger: Logger,
    private readonly options: LaneOptions,
  ) {}

  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    const { collectMs, paceMs } = this.options;
    if (!this.#running) this.#plan(Math.max(collectMs, this.#began + paceMs - performance.now()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#planned);
    await this.#running;
  }

  #plan(afterMs: number): void {
    if (afterMs <= 0) return this.#run();
    this.#planned ??= setTimeout(() => this.#run(), afterMs);
  }

  #run(): void {
    clearTimeout(this.#planned);
    this.#planned = undefined;
    this.#again = false;
    this.#began = performance.now();
    this.#running = this.#drain().finally(() => {
      this.#running = null;
      if (this.#again) this.wake();
    });
  }

  async #drain(): Promise<void> {
    try {
      while ((await this.#relaySome()) === MOST_AT_ONCE && !this.#closed);
    } catch (error) {
      this.#again = false; // the poll tries again: waking at once would spin against a server that is down
      this.logger.warn({ err: error }, "events wait in the outbox: the bus or the database did not answer");
    }
  }

  #relaySome(): Promise<number> {
    const { delivery, mark } = this.options;
    return this.database.transaction(async (tx) => {
      const { rows } = await tx.query<OutboxRow>(
        `SELECT id, tenant_id, type, aggregate_id, aggregate_version, occurred_at, trace, data FROM outbox WHERE ${mark} IS NULL ORDER BY id LIMIT ${MOST_AT_ONCE} FOR UPDATE SKIP LOCKED`,
      );
      if (rows.length === 0) return 0;
      await this.bus.publish(rows.map(eventOf), delivery);
      await tx.query(`UPDATE outbox SET ${mark} = now() WHERE id = ANY($1::uuid[])`, [rows.map((row) => row.id)]);
      return rows.length;
    });
  }
}

const eventOf = (row: OutboxRow): AnyEvent =>
  ({
    id: row.id,
    type: row.type,
    version: 1,
    tenantId: row.tenant_id,
    aggregateId: row.aggregate_id,
    aggregateVersion: row.aggregate_version,
    occurredAt: row.occurred_at.toISOString(),
    trace: row.trace,
    data: row.data,
  }) satisfies DomainEvent;
