import { hasRedis, startRedis } from "@kava/tests/support/redisServer";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openBus } from "./bullmqBus.js";
import type { Bus } from "./port.js";
import { ADAPTERS, needsRedis, silent, type BusServer, type Connect } from "./testing/adapters.js";
import { crashContract } from "./testing/crashContract.js";
import { eventsContract } from "./testing/eventsContract.js";
import { jobsContract } from "./testing/jobsContract.js";
import { wakeupsContract } from "./testing/wakeupsContract.js";

// One contract, every adapter: a service must not notice which bus it is on.
describe.each(ADAPTERS)("the bus $adapter", ({ skip, server }) => {
  let running: BusServer;
  const open: Bus[] = [];
  // few tries and short pauses, so that a test sees an event die
  const connect: Connect = async (options = {}) => {
    const { databaseUrl, redisUrl } = running;
    const bus = await openBus({ databaseUrl, redisUrl, pool: 8, logger: silent, attempts: 3, backoffMs: 10, ...options });
    open.push(bus);
    return bus;
  };
  beforeAll(async () => {
    if (!skip) running = await server();
  });
  afterEach(async () => {
    for (const bus of open.splice(0)) await bus.close();
  });
  afterAll(() => running?.stop());

  describe.skipIf(skip)("events", () => {
    eventsContract(connect);
    crashContract(connect, () => running);
  });
  describe.skipIf(skip)("wake-ups", () => {
    wakeupsContract(connect);
  });
  describe.skipIf(skip)("jobs", () => {
    jobsContract(connect);
  });
});

test.skipIf(!hasRedis)(`a Redis that may evict keys is refused with the way out${needsRedis}`, async () => {
  const redis = await startRedis({ evicting: true });
  try {
    const refused = openBus({ databaseUrl: "", redisUrl: redis.url, pool: 5, logger: silent });
    await expect(refused).rejects.toThrow(/allkeys-lru.*noeviction/);
  } finally {
    await redis.stop();
  }
});
