import { newId } from "@kava/contracts/ids";
import type { AnyEvent, DomainEvent, EventData, EventType } from "@kava/contracts/events";
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
  }));
  await tx.query(
    `INSERT INTO outbox (id, tenant_id, type, aggregate_id, aggregate_version, occurred_at, trace, data)
     SELECT id, tenant_id, type, aggregate_id, aggregate_version, occurred_at, trace, data
     FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, tenant_id uuid, type text, aggregate_id text, aggregate_version bigint, occurred_at timestamptz, trace text, data jsonb)
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

/**
 * Carries events from the outbox to the bus, at least once. `wake()` after a commit makes it immediate; the poll finds what a crash left.
 * Rows are claimed by `relayed_at IS NULL … SKIP LOCKED`, never by `id > last`: transactions do not commit in the order of their ids.
 */
export class OutboxRelay {
  #running: Promise<void> | null = null;
  #again = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly logger: Logger,
    private readonly pollMs = 1_000,
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.wake(), this.pollMs);
    this.wake();
  }

  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
      if (this.#again) this.wake();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        while ((await this.#relayBatch(200)) === 200 && !this.#closed);
      }
    } catch (error) {
      this.#again = false; // the poll tries again: waking at once would spin against a server that is down
      this.logger.warn({ err: error }, "events wait in the outbox: the bus or the database did not answer");
    }
  }

  #relayBatch(limit: number): Promise<number> {
    return this.database.transaction(async (tx) => {
      const { rows } = await tx.query<OutboxRow>(
        "SELECT id, tenant_id, type, aggregate_id, aggregate_version, occurred_at, trace, data FROM outbox WHERE relayed_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
        [limit],
      );
      if (rows.length === 0) return 0;
      await this.bus.publish(rows.map(eventOf));
      await tx.query("UPDATE outbox SET relayed_at = now() WHERE id = ANY($1::uuid[])", [rows.map((row) => row.id)]);
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
