import { oneByOne } from "./port.js";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { until } from "@kava/tests/support/until";
import pg from "pg";
import { expect, inject, test } from "vitest";
import { openBus } from "./bullmqBus.js";
import { silent } from "./testing/adapters.js";
import { venueEvent } from "./testing/eventsContract.js";

/** As if the server were starting again: it refuses everybody until it is let go. */
const refusing = async (databaseUrl: string, run: () => Promise<void>): Promise<void> => {
  const client = new pg.Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  const name = new URL(databaseUrl).pathname.slice(1);
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
  try {
    await run();
  } finally {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await client.end();
  }
};

test("a bus whose first connections were refused works as soon as the server is back", async () => {
  const databaseUrl = await freshDatabase();
  const bus = await openBus({ databaseUrl, redisUrl: undefined, pool: 8, logger: silent });
  const heard: string[] = [];
  const woken: string[] = [];
  const lost = venueEvent("one");
  await refusing(databaseUrl, async () => {
    await expect(bus.events.publish([lost])).rejects.toThrow();
    await expect(bus.events.consume("customer", async () => undefined)).rejects.toThrow();
    await expect(bus.wakeups.publish("offer.pushed.a", ["b"])).rejects.toThrow();
  });
  await bus.events.consume(
    "customer",
    oneByOne(async (each) => void heard.push(each.id)),
  );
  await bus.events.publish([lost]);
  await bus.wakeups.subscribe("offer.pushed.>", (topic) => void woken.push(topic));
  await bus.wakeups.publish("offer.pushed.a", ["b"]);
  await until("event and wake-up came", () => heard.length > 0 && woken.length > 0);
  expect(heard).toEqual([lost.id]);
  await bus.close();
});
