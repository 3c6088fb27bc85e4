import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { AnyEvent } from "@kava/contracts/events";
import { newId, tenantIdOf } from "@kava/contracts/ids";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBus } from "../bus/bullmqBus.js";
import { oneByOne, type Bus } from "../bus/port.js";
import { silent } from "../bus/testing/adapters.js";
import { FROM_SOURCE } from "../worker.js";
import { busAddress } from "./config.js";
import { deadLetters, listDeadLetters, readDeadLetterArguments, replayDeadLetters } from "./deadLetters.js";

let databaseUrl: string;
let bus: Bus;
let mended = false;
const handled: string[] = [];

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  bus = await openBus({ databaseUrl, redisUrl: undefined, pool: 10, logger: silent, attempts: 2, backoffMs: 5 });
  for (const consumer of ["customer", "analytics", "discount"] as const)
    await bus.events.consume(
      consumer,
      oneByOne(async ({ id }) => {
        if (!mended && consumer !== "customer") throw new Error(`${consumer} cannot\n  read this`);
        handled.push(`${consumer} ${id}`);
      }),
    );
});
afterAll(() => bus?.close());

const venueEvent = (): AnyEvent => {
  const venueId = newId();
  const data = { venueId, name: "Centre", latitude: null, longitude: null };
  return {
    id: newId(),
    type: "menu.venue.changed",
    version: 1,
    tenantId: tenantIdOf("kava"),
    aggregateId: venueId,
    aggregateVersion: 1,
    occurredAt: new Date().toISOString(),
    trace: null,
    data,
  };
};
const run = (...args: string[]) => deadLetters(bus, readDeadLetterArguments(args));

test("where nothing is dead it says so, and there is nothing to replay", async () => {
  expect(await run()).toMatch(/^No dead letters/);
  expect(await run("--replay")).toMatch(/^Nothing to replay/);
});

test("dead letters are shown with whose they are and why, and replayed one by one, by service, or all", async () => {
  const events = [venueEvent(), venueEvent(), venueEvent()];
  await bus.events.publish(events);
  await until("all are dead for two services", async () => (await listDeadLetters(bus)).length === 6);
  const table = await run("--list");
  const [heading, ...rows] = table.split("\n");
  expect(heading).toMatch(/^service +event +type +tries +failed at +reason$/);
  for (const { id } of events) expect(rows.filter((row) => row.includes(id) && row.includes("menu.venue.changed"))).toHaveLength(2);
  expect(rows.filter((row) => /^discount .* 2 +\d{4}-.* discount cannot read this$/.test(row))).toHaveLength(3);
  expect(table).toContain("6 in all");
  expect(await run("--list", "analytics")).toContain("3 in all");

  mended = true;
  expect(await run("--replay", "discount", "--id", events[0]!.id)).toBe("1 event is in the queue again.\n");
  await until("it is handled", () => handled.includes(`discount ${events[0]!.id}`));
  expect(await run("--replay", "analytics")).toBe("3 events are in the queue again.\n");
  await until("analytics has all", () => events.every(({ id }) => handled.includes(`analytics ${id}`)));
  expect(await replayDeadLetters(bus, null)).toBe(2);
  await until("nothing is dead", async () => (await listDeadLetters(bus)).length === 0);
  await until("discount has all", () => events.every(({ id }) => handled.includes(`discount ${id}`)));
  expect(new Set(handled).size).toBe(handled.length);
});

test.each([
  [["--replay", "gateway"], /no service "gateway"/],
  [["--list", "--replay"], /not both/],
  [["--id", "x"], /goes with --replay/],
  [["--all"], /--all/],
  [["--replay", "menu", "discount"], /one service/],
])("%j is refused with what is wrong", (args, message) => expect(() => readDeadLetterArguments(args)).toThrow(message));

test("as a program it prints the table alone, and says how it is used when it is used wrongly", async () => {
  const program = fileURLToPath(new URL("./deadLetters.ts", import.meta.url));
  const started = (args: string[]) =>
    promisify(execFile)(process.execPath, [...FROM_SOURCE, program, ...args], {
      env: { ...process.env, DATABASE_URL: databaseUrl, REDIS_URL: "" },
    });
  expect(await started([])).toEqual({ stdout: expect.stringMatching(/^No dead letters/), stderr: "" });
  await expect(started(["--replay", "gateway"])).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("--replay [SERVICE]"),
  });
});

test("the bus is the one of the environment, else the one of the instance that runs on KAVA_HOME, else the way out is named", async () => {
  const home = await mkdtemp(join(tmpdir(), "kava-home-"));
  expect(() => busAddress({ KAVA_HOME: home })).toThrow(/No instance runs on .*npm start.*KAVA_HOME.*DATABASE_URL/);
  const url = "http://127.0.0.1:1";
  const instance = {
    pid: process.pid,
    port: 1,
    url,
    databaseUrl: "postgres://instance",
    urls: { customer: url, menu: url, analytics: url, discount: url, gateway: url },
    internalKeyFile: "k",
    signingKeyFile: "s",
    tenant: "kava",
    startedAt: new Date().toISOString(),
  };
  await writeFile(join(home, "instance.json"), JSON.stringify(instance), { mode: 0o600 });
  expect(busAddress({ KAVA_HOME: home })).toEqual({ databaseUrl: "postgres://instance", redisUrl: undefined });
  expect(busAddress({ KAVA_HOME: home, DATABASE_URL: "postgres://server", REDIS_URL: "redis://server" })).toEqual({
    databaseUrl: "postgres://server",
    redisUrl: "redis://server",
  });
  await rm(home, { recursive: true });
});
