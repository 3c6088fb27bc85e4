import { oneByOne } from "../port.js";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "@kava/tests/support/until";
import { expect, test } from "vitest";
import { FROM_SOURCE } from "../../worker.js";
import type { BusServer, Connect } from "./adapters.js";
import { venueEvent } from "./eventsContract.js";

/** What every bus must do when a process that handles events is killed. */
export const crashContract = (connect: Connect, server: () => BusServer): void => {
  test("events that a killed process was handling come to another, and none is lost", async () => {
    const { databaseUrl, redisUrl = "" } = server();
    const script = fileURLToPath(new URL("./dyingConsumer.ts", import.meta.url));
    const dying = spawn(process.execPath, [...FROM_SOURCE, script, databaseUrl, redisUrl], { stdio: ["ignore", "pipe", "inherit"] });
    let taken = "";
    dying.stdout.on("data", (chunk: Buffer) => (taken += chunk.toString()));
    const bus = await connect({ lockMs: 1_200 });
    const events = [venueEvent("one"), venueEvent("two"), venueEvent("three")];
    for (const event of events) await bus.events.publish([event]);
    try {
      await until("it is handling all three", () => events.every(({ id }) => taken.includes(id)));
    } finally {
      dying.kill("SIGKILL");
      await once(dying, "exit");
    }
    const heard = new Set<string>();
    await bus.events.consume(
      "discount",
      oneByOne(async ({ id }) => void heard.add(id)),
    );
    await until("another has handled them", () => events.every(({ id }) => heard.has(id)));
    await until("nothing waits", async () => (await bus.events.depth("discount")) === 0);
    const dead = await bus.events.deadLetters("discount");
    expect(dead.filter(({ event }) => events.some(({ id }) => id === event.id))).toEqual([]);
  });
};
