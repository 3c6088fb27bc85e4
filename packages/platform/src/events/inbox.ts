import type { AnyEvent, Consumer, EventType } from "@kava/contracts/events";
import type { Database } from "../database/database.js";
import type { Sql, Transaction } from "../database/sql.js";

/** True the first time a consumer meets an event. Call it in the effect's own transaction: both happen or neither. */
export const firstSight = async (tx: Sql, consumer: string, eventId: string): Promise<boolean> => {
  const { rowCount } = await tx.query("INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", [consumer, eventId]);
  return rowCount === 1;
};

/** What a service does with each event it hears. `afterCommit` collects what must only happen once the effect is kept (wake-ups, jobs). */
export type Effect<T extends EventType> = (
  event: Extract<AnyEvent, { type: T }>,
  tx: Transaction,
  afterCommit: (work: () => void | Promise<void>) => void,
) => Promise<void>;
export type Effects = { [T in EventType]?: Effect<T> };

/** Runs an event's effect exactly once: the inbox row and the effect share a transaction. An event without an effect is seen and done. */
export const applyOnce = async (database: Database, consumer: Consumer, effects: Effects, event: AnyEvent): Promise<void> => {
  const after: (() => void | Promise<void>)[] = [];
  await database.transaction(async (tx) => {
    after.length = 0;
    if (!(await firstSight(tx, consumer, event.id))) return;
    const effect = effects[event.type] as Effect<EventType> | undefined;
    await effect?.(event, tx, (work) => after.push(work));
  });
  for (const work of after) await work();
};

/** Which of these events the consumer has not applied yet. */
export const missingFromInbox = async (sql: Sql, consumer: string, eventIds: readonly string[]): Promise<string[]> => {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT id FROM unnest($2::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM inbox WHERE consumer = $1 AND event_id = id)",
    [consumer, eventIds],
  );
  return rows.map((row) => row.id);
};
