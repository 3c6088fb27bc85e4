import type { AnyEvent, Consumer, EventType } from "@kava/contracts/events";
import type { Database } from "../database/database.js";
import type { Sql, Transaction } from "../database/sql.js";

/** Collects what must only happen once an effect is kept (wake-ups, jobs). */
export type AfterCommit = (work: () => void | Promise<void>) => void;

type EventOf<T extends EventType> = Extract<AnyEvent, { type: T }>;

/** What a service does with the events of a type that came together. Nothing of it happens when it throws. */
export type Effect<T extends EventType> = (events: readonly EventOf<T>[], tx: Transaction, afterCommit: AfterCommit) => Promise<void>;
/** They run in the order in which they stand in the object: views before what is judged by them. */
export type Effects = { [T in EventType]?: Effect<T> };

/** An effect that takes one event after the other. */
export const each =
  <T extends EventType>(effect: (event: EventOf<T>, tx: Transaction, afterCommit: AfterCommit) => Promise<void>): Effect<T> =>
  async (events, tx, afterCommit) => {
    for (const event of events) await effect(event, tx, afterCommit);
  };

/**
 * Runs the effects of events exactly once, all in one transaction with their inbox rows. Events that were seen before are left out; one without an
 * effect is seen and done.
 */
export const applyEvents = async (database: Database, consumer: Consumer, effects: Effects, events: readonly AnyEvent[]): Promise<void> => {
  const after: (() => void | Promise<void>)[] = [];
  await database.transaction(async (tx) => {
    after.length = 0;
    const { rows } = await tx.query<{ id: string }>(
      "INSERT INTO inbox (consumer, event_id) SELECT DISTINCT $1, id FROM unnest($2::uuid[]) AS id ORDER BY id ON CONFLICT DO NOTHING RETURNING event_id AS id",
      [consumer, events.map(({ id }) => id)],
    );
    const unseen = new Set(rows.map(({ id }) => id));
    const byType = Map.groupBy(
      events.filter(({ id }) => unseen.delete(id)),
      ({ type }) => type,
    );
    for (const [type, effect] of Object.entries(effects) as [EventType, Effect<EventType>][])
      if (byType.has(type)) await effect(byType.get(type)!, tx, (work) => after.push(work));
  });
  for (const work of after) await work();
};

/** The same events by tenant, each in its order. */
export const byTenant = <Event extends AnyEvent>(events: readonly Event[]): Map<string, Event[]> =>
  Map.groupBy(events, ({ tenantId }) => tenantId);

/** Which of these events the consumer has not applied yet. */
export const missingFromInbox = async (sql: Sql, consumer: string, eventIds: readonly string[]): Promise<string[]> => {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT id FROM unnest($2::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM inbox WHERE consumer = $1 AND event_id = id)",
    [consumer, eventIds],
  );
  return rows.map((row) => row.id);
};
