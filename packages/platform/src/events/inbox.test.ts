import { newId, tenantIdOf } from "@kava/contracts/ids";
import type { AnyEvent } from "@kava/contracts/events";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase, type Database } from "../database/database.js";
import { createLogger } from "../telemetry/logger.js";
import { applyEvents, each, missingFromInbox } from "./inbox.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase({
    url: await freshDatabase(),
    schema: "menu",
    entities: [],
    migrations: {},
    pool: 10,
    logger: createLogger("inbox-test", "silent"),
  });
  await database.sql.query("CREATE TABLE effect (event_id uuid NOT NULL)");
});
afterAll(() => database?.close());

const event = (): AnyEvent => ({
  id: newId(),
  type: "purchases.loaded",
  version: 1,
  tenantId: tenantIdOf("kava"),
  aggregateId: "b",
  aggregateVersion: 1,
  occurredAt: "2026-11-22T08:00:00.000Z",
  trace: null,
  data: { batchId: "b", purchases: 1, customers: 1, from: null, to: null },
});
const effects = async (id: string) => (await database.sql.query("SELECT 1 FROM effect WHERE event_id = $1", [id])).rowCount;

test("an event that comes many times at the same moment has one effect, and what follows it happens once", async () => {
  const one = event();
  let followed = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      applyEvents(
        database,
        "discount",
        {
          "purchases.loaded": each(async ({ id }, tx, afterCommit) => {
            await tx.query("INSERT INTO effect VALUES ($1)", [id]);
            afterCommit(() => void (followed += 1));
          }),
        },
        [one],
      ),
    ),
  );
  expect([await effects(one.id), followed]).toEqual([1, 1]);
});

test("an effect that fails leaves no trace, not even that the event was seen, and nothing follows", async () => {
  const one = event();
  let followed = 0;
  const apply = (fails: boolean) =>
    applyEvents(
      database,
      "discount",
      {
        "purchases.loaded": each(async ({ id }, tx, afterCommit) => {
          await tx.query("INSERT INTO effect VALUES ($1)", [id]);
          afterCommit(() => void (followed += 1));
          if (fails) throw new Error("half way");
        }),
      },
      [one],
    );
  await expect(apply(true)).rejects.toThrow("half way");
  expect([await effects(one.id), followed, await missingFromInbox(database.sql, "discount", [one.id])]).toEqual([0, 0, [one.id]]);
  await apply(false);
  expect([await effects(one.id), followed, await missingFromInbox(database.sql, "discount", [one.id])]).toEqual([1, 1, []]);
});

test("each consumer sees an event for itself, also one that it does nothing with", async () => {
  const one = event();
  await applyEvents(database, "analytics", {}, [one]);
  expect(await missingFromInbox(database.sql, "analytics", [one.id])).toEqual([]);
  expect(await missingFromInbox(database.sql, "discount", [one.id])).toEqual([one.id]);
});

test("events that come together have their effects together, each once, in the order in which the effects stand", async () => {
  const [seen, one, two] = [event(), event(), event()];
  await applyEvents(database, "discount", {}, [seen]);
  const venue: AnyEvent = {
    ...event(),
    type: "menu.venue.changed",
    data: { venueId: newId(), name: "Centre", latitude: null, longitude: null },
  };
  const heard: string[][] = [];
  await applyEvents(
    database,
    "discount",
    {
      "menu.venue.changed": async (events) => void heard.push(events.map(({ id }) => id)),
      "purchases.loaded": async (events) => void heard.push(events.map(({ id }) => id)),
    },
    [one, seen, venue, two, one],
  );
  expect(heard).toEqual([[venue.id], [one.id, two.id]]);
});
