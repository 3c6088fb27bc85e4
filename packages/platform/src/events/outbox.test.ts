import { newId, tenantIdOf } from "@kava/contracts/ids";
import type { AnyEvent, Delivery } from "@kava/contracts/events";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { until } from "@kava/tests/support/until";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBus } from "../bus/bullmqBus.js";
import { oneByOne, type EventBus } from "../bus/port.js";
import { openDatabase, type Database } from "../database/database.js";
import { sqlOfClient } from "../database/sql.js";
import { createLogger } from "../telemetry/logger.js";
import { applyEvents, each, missingFromInbox } from "./inbox.js";
import { OutboxRelay, appendToOutbox, type AnyFact } from "./outbox.js";

const tenantId = tenantIdOf("kava");
const logger = createLogger("outbox-test", "silent");
let url: string;
let database: Database;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  url = await freshDatabase();
  database = await openDatabase({ url, schema: "menu", entities: [], migrations: {}, pool: 20, logger });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await database.close();
});

const venue = (name: string, id = newId()): AnyFact => ({
  id,
  type: "menu.venue.changed",
  tenantId,
  aggregateId: id,
  aggregateVersion: 1,
  occurredAt: new Date("2026-11-22T08:00:00Z"),
  data: { venueId: id, name, latitude: null, longitude: null },
});

/** A bus that keeps what was published on each lane, in the order in which it came. */
class Recorder implements Pick<EventBus, "publish"> {
  readonly published: AnyEvent[] = [];
  readonly batched: AnyEvent[] = [];
  async publish(events: readonly AnyEvent[], delivery?: Delivery): Promise<void> {
    (delivery === "batched" ? this.batched : this.published).push(...events);
  }
}
const relayTo = (bus: Pick<EventBus, "publish">): OutboxRelay => {
  const relay = new OutboxRelay(database, bus as EventBus, logger, 20);
  relay.start();
  closing.push(() => relay.close());
  return relay;
};
const waiting = async () =>
  (await database.sql.query<{ count: number }>("SELECT count(*) AS count FROM outbox WHERE relayed_at IS NULL OR batched_at IS NULL"))
    .rows[0]!.count;

test("an event leaves as it was written, and only once its transaction has committed", async () => {
  const bus = new Recorder();
  const relay = relayTo(bus);
  await expect(
    database.transaction(async (tx) => {
      await appendToOutbox(tx, [venue("never")]);
      throw new Error("the effect failed");
    }),
  ).rejects.toThrow("the effect failed");
  const [id] = await database.transaction((tx) => appendToOutbox(tx, [{ ...venue("Кав'ярня"), trace: "00-abc-def-01" }]));
  relay.wake();
  await until("it has left", () => bus.published.length > 0);
  expect(bus.published).toEqual([
    {
      id,
      type: "menu.venue.changed",
      version: 1,
      tenantId,
      aggregateId: expect.any(String),
      aggregateVersion: 1,
      occurredAt: "2026-11-22T08:00:00.000Z",
      trace: "00-abc-def-01",
      data: { venueId: expect.any(String), name: "Кав'ярня", latitude: null, longitude: null },
    },
  ]);
});

test("transactions that commit in another order than their ids lose nothing", async () => {
  const bus = new Recorder();
  relayTo(bus);
  const ids = Array.from({ length: 12 }, () => newId()).sort((a, b) => a.localeCompare(b));
  const open = await Promise.all(
    ids.map(async (id, i) => {
      const client = await database.pool.connect();
      await client.query("BEGIN");
      await appendToOutbox(sqlOfClient(client), [venue(`venue ${i}`, id)]);
      return {
        id,
        commit: async () => {
          await client.query("COMMIT");
          client.release();
        },
      };
    }),
  );
  for (const { id, commit } of open.reverse()) {
    // the youngest first; the relay passes each before an older one commits
    await commit();
    await until("the relay has passed it", () => bus.published.some((event) => event.id === id));
  }
  await until("nothing waits", async () => (await waiting()) === 0);
  expect(bus.published.map((event) => event.id)).toEqual(ids.reverse());
});

test("an event whose publication fails stays in the outbox and leaves when the bus is back", async () => {
  const bus = new Recorder();
  let down = true;
  let refused = 0;
  relayTo({
    publish: async (events, delivery) => {
      if (!down) return bus.publish(events, delivery);
      refused += 1;
      throw new Error("the bus is down");
    },
  });
  await database.transaction((tx) => appendToOutbox(tx, [venue("patient")]));
  await until("it was refused twice", () => refused >= 2);
  expect([bus.published, await waiting()]).toEqual([[], 1]);
  down = false;
  await until("it has left", () => bus.published.length === 1);
  await until("nothing waits", async () => (await waiting()) === 0);
});

test("more than a batch leaves in the order of the ids", async () => {
  const bus = new Recorder();
  const ids = await database.transaction((tx) =>
    appendToOutbox(
      tx,
      Array.from({ length: 950 }, (_, i) => venue(`venue ${i}`)),
    ),
  );
  relayTo(bus);
  await until("all have left", () => bus.published.length === 950);
  expect(bus.published.map((event) => event.id)).toEqual([...ids].sort((a, b) => a.localeCompare(b)));
});

test("the same fact written twice is one event", async () => {
  const fact = venue("derived");
  await database.transaction((tx) => appendToOutbox(tx, [fact]));
  await database.transaction((tx) => appendToOutbox(tx, [fact, venue("another")]));
  expect(await waiting()).toBe(2);
});

test("closing a relay waits for the batch that is leaving", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => void (release = resolve));
  const bus = new Recorder();
  let begun = false;
  const relay = relayTo({
    publish: async (events, delivery) => {
      begun = true;
      await gate;
      await bus.publish(events, delivery);
    },
  });
  await database.transaction((tx) => appendToOutbox(tx, [venue("last")]));
  await until("it is leaving", () => begun);
  const closed = relay.close();
  release();
  await closed;
  const { rows } = await database.sql.query("SELECT 1 FROM outbox WHERE relayed_at IS NULL");
  expect([bus.published.length, rows.length]).toEqual([1, 0]);
});

test("those who hear in batches are given together what happened one after the other, and each event leaves once on either lane", async () => {
  const batches: number[] = [];
  const bus = new Recorder();
  const relay = relayTo({
    publish: async (events, delivery) => {
      if (delivery === "batched") batches.push(events.length);
      await bus.publish(events, delivery);
    },
  });
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    ids.push(...(await database.transaction((tx) => appendToOutbox(tx, [venue(`venue ${i}`)]))));
    relay.wake();
  }
  await until("nothing waits", async () => (await waiting()) === 0);
  expect(bus.batched.map(({ id }) => id)).toEqual(ids);
  expect(bus.published.map(({ id }) => id)).toEqual(ids);
  expect(Math.max(...batches)).toBeGreaterThan(1);
});

test("an event that nobody hears on a lane never waits on it", async () => {
  const data = {
    customerId: newId(),
    offerId: null,
    itemId: null,
    depth: 0,
    listMinor: null,
    priceMinor: null,
    expiresAt: null,
    reason: "holdout",
    policyVersion: "test",
    holdout: true,
  };
  const fact = {
    id: newId(),
    type: "offer.decided",
    tenantId,
    aggregateId: data.customerId,
    aggregateVersion: 1,
    occurredAt: new Date(),
    data,
  } as const;
  await database.transaction((tx) => appendToOutbox(tx, [fact]));
  const { rows } = await database.sql.query("SELECT relayed_at IS NULL AS prompt, batched_at IS NULL AS batched FROM outbox");
  expect(rows).toEqual([{ prompt: false, batched: true }]);
});

test("two relays and two consumers at once, each event failing now and then: every effect happens exactly once", async () => {
  const [producer, consumers] = [
    await openBus({ databaseUrl: url, redisUrl: undefined, pool: 8, logger }),
    await openBus({ databaseUrl: url, redisUrl: undefined, pool: 8, logger, backoffMs: 5 }),
  ];
  closing.push(
    () => producer.close(),
    () => consumers.close(),
  );
  await database.sql.query("CREATE TABLE effect (event_id uuid NOT NULL, name text NOT NULL)");
  let handled = 0;
  for (let i = 0; i < 2; i += 1)
    await consumers.events.consume(
      "customer",
      oneByOne(async (event) => {
        await applyEvents(
          database,
          "customer",
          {
            "menu.venue.changed": each(
              async ({ id, data }, tx) => void (await tx.query("INSERT INTO effect VALUES ($1, $2)", [id, data.name])),
            ),
          },
          [event],
        );
        handled += 1;
        if (handled % 5 === 0) throw new Error("the acknowledgement was lost"); // after the commit: the event comes again
      }),
    );
  relayTo(producer.events);
  relayTo(producer.events);
  const writes = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      database.transaction((tx) => appendToOutbox(tx, [venue(`a${i}`), venue(`b${i}`), venue(`c${i}`)])),
    ),
  );
  const ids = writes.flat();
  for (const id of ids.slice(0, 10)) {
    const { rows } = await database.sql.query<{ data: { name: string } }>("SELECT data FROM outbox WHERE id = $1", [id]);
    await producer.events.publish([eventAgain(id, rows[0]!.data.name)]); // what a crash between publishing and marking does
  }
  await until("all are in the inbox", async () => (await missingFromInbox(database.sql, "customer", ids)).length === 0);
  await until("nothing is under way", async () => (await producer.events.depth("customer")) === 0);
  const { rows } = await database.sql.query<{ effects: number; events: number }>(
    "SELECT count(*) AS effects, count(DISTINCT event_id) AS events FROM effect",
  );
  expect(rows).toEqual([{ effects: ids.length, events: ids.length }]);
});

const eventAgain = (id: string, name: string): AnyEvent => ({
  id,
  type: "menu.venue.changed",
  version: 1,
  tenantId,
  aggregateId: id,
  aggregateVersion: 1,
  occurredAt: "2026-11-22T08:00:00.000Z",
  trace: null,
  data: { venueId: id, name, latitude: null, longitude: null },
});
