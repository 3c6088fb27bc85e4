import { newId, tenantIdOf } from "@kava/contracts/ids";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase, type Database } from "../database/database.js";
import { createLogger } from "../telemetry/logger.js";
import { sweepEvents } from "./housekeeping.js";

const now = new Date("2026-11-22T08:00:00Z");
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
let database: Database;
beforeAll(async () => {
  const logger = createLogger("housekeeping-test", "silent");
  database = await openDatabase({ url: await freshDatabase(), schema: "menu", entities: [], migrations: {}, pool: 4, logger });
});
afterAll(() => database?.close());

const told = async (relayedAt: Date | null, batchedAt: Date | null): Promise<string> => {
  const id = newId();
  await database.sql.query(
    `INSERT INTO outbox (id, tenant_id, type, aggregate_id, aggregate_version, occurred_at, data, relayed_at, batched_at)
     VALUES ($1, $2, 'menu.venue.changed', 'v', 1, $3, '{}', $4, $5)`,
    [id, tenantIdOf("kava"), ago(400), relayedAt, batchedAt],
  );
  return id;
};
const seen = async (at: Date): Promise<string> => {
  const id = newId();
  await database.sql.query("INSERT INTO inbox (consumer, event_id, seen_at) VALUES ('menu', $1, $2)", [id, at]);
  return id;
};

test("events go a week after they left on both lanes, marks of what was seen after ninety days; what still waits stays, however old", async () => {
  const [waiting, half, recent] = [await told(null, null), await told(ago(30), null), await told(ago(30), ago(6))];
  await told(ago(30), ago(8));
  const known = await seen(ago(89));
  await seen(ago(91));
  expect(await sweepEvents(database, now)).toBe(2);
  const { rows: outbox } = await database.sql.query<{ id: string }>("SELECT id FROM outbox");
  const { rows: inbox } = await database.sql.query<{ id: string }>("SELECT event_id AS id FROM inbox");
  expect(new Set(outbox.map(({ id }) => id))).toEqual(new Set([waiting, half, recent]));
  expect(inbox.map(({ id }) => id)).toEqual([known]);
  expect(await sweepEvents(database, now)).toBe(0);
});
