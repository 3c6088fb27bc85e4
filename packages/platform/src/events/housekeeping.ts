import type { Database } from "../database/database.js";
import type { Logger } from "../telemetry/logger.js";

const DAY_MS = 86_400_000;
/** An event that left is kept for whoever looks for a fault; one that was seen, for as long as a dead letter may be replayed. */
const OUTBOX_DAYS = 7;
const INBOX_DAYS = 90;
const EVERY_MS = 3_600_000;
/** Rows that go in one statement: few enough that nobody waits for their locks. */
const AT_ONCE = 5_000;

/** Removes what the outbox and the inbox need no longer. Returns how many rows went. */
export const sweepEvents = async ({ sql }: Pick<Database, "sql">, now: Date): Promise<number> => {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const all = async (text: string, moment: Date): Promise<number> => {
    for (let total = 0; ;) {
      const { rowCount } = await sql.query(text, [moment, AT_ONCE]);
      total += rowCount;
      if (rowCount < AT_ONCE) return total;
    }
  };
  const told = await all(
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE relayed_at < $1 AND batched_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
    before(OUTBOX_DAYS),
  );
  const seen = await all(
    "DELETE FROM inbox WHERE (consumer, event_id) IN (SELECT consumer, event_id FROM inbox WHERE seen_at < $1 ORDER BY seen_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
    before(INBOX_DAYS),
  );
  return told + seen;
};

/** Sweeps every hour, for as long as the process lives; several instances may do so at once. */
export const keepHouse = (database: Database, clock: () => Date, logger: Logger): { close(): void } => {
  const timer = setInterval(() => {
    sweepEvents(database, clock()).catch((error: unknown) =>
      logger.warn({ err: error }, "old events were not removed; the next try is in an hour"),
    );
  }, EVERY_MS);
  return { close: () => clearInterval(timer) };
};
