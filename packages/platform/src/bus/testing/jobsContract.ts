import { until } from "@kava/tests/support/until";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineJob } from "../port.js";
import type { Connect } from "./adapters.js";

/** What every bus must do with jobs. */
export const jobsContract = (connect: Connect): void => {
  const Input = z.object({ of: z.string() });
  const named = (name: string) => ({ name, input: Input });

  test("a job runs with the input it was given, in the service it belongs to", async () => {
    const bus = await connect();
    const ran: string[] = [];
    await bus.jobs("one").work([defineJob({ ...named("greet"), run: async ({ of }) => void ran.push(of) })]);
    await bus.jobs("another").work([defineJob({ ...named("greet"), run: async () => void ran.push("wrong service") })]);
    await bus.jobs("one").enqueue(named("greet"), { of: "you" });
    await until("it ran", () => ran.length > 0);
    expect(ran).toEqual(["you"]);
    await expect(bus.jobs("one").enqueue(named("greet"), { of: 7 } as never)).rejects.toThrow(/of/);
  });

  test("while a job of a key waits, another of that key is collected into it; other keys run by themselves", async () => {
    const bus = await connect();
    const queue = bus.jobs("collects");
    for (let i = 0; i < 5; i += 1) await queue.enqueue(named("learn"), { of: "a" }, { key: "a" });
    await queue.enqueue(named("learn"), { of: "b" }, { key: "b" });
    expect(await queue.pending("learn")).toBe(2);
    const ran: string[] = [];
    await queue.work([defineJob({ ...named("learn"), run: async ({ of }) => void ran.push(of) })]);
    await until("nothing is pending", async () => (await queue.pending()) === 0);
    expect(ran).toEqual(["a", "b"]);
  });

  test("of a job that was given up one hears why, until another of its key succeeds", async () => {
    const bus = await connect();
    const queue = bus.jobs("gives up");
    let broken = true;
    await queue.work([
      defineJob({
        ...named("learn"),
        attempts: 1,
        run: async ({ of }) => {
          if (of === "a" && broken) throw new Error("the disk is full");
        },
      }),
    ]);
    const run = async (of: string): Promise<[string | null, string | null]> => {
      await queue.enqueue({ ...named("learn"), attempts: 1 }, { of }, { key: of });
      await until("nothing is pending", async () => (await queue.pending()) === 0);
      return [await queue.whyGivenUp("learn", "a"), await queue.whyGivenUp("learn", "b")];
    };
    expect(await run("a")).toEqual(["the disk is full", null]);
    expect(await run("b")).toEqual(["the disk is full", null]);
    broken = false;
    expect(await run("a")).toEqual([null, null]);
  });

  test("a job of a key that comes while one runs is run once more afterwards, however often it came", async () => {
    const bus = await connect();
    const queue = bus.jobs("again");
    const ran: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => void (release = resolve));
    await queue.work(
      [
        defineJob({
          ...named("decide"),
          run: async ({ of }) => {
            ran.push(of);
            if (ran.length === 1) await gate;
          },
        }),
      ],
      { concurrency: 3 },
    );
    await queue.enqueue(named("decide"), { of: "first" }, { key: "k" });
    await until("it runs", () => ran.length === 1);
    for (const of of ["second", "third", "last"]) await queue.enqueue(named("decide"), { of }, { key: "k" });
    expect(ran).toEqual(["first"]);
    release();
    await until("it ran once more", () => ran.length === 2);
    await until("nothing is pending", async () => (await queue.pending()) === 0);
    expect(ran).toEqual(["first", "last"]);
    await queue.enqueue(named("decide"), { of: "anew" }, { key: "k" });
    await until("a later one runs by itself", () => ran.length === 3);
  });

  test("a job with an interval runs by itself, again and again, one schedule for all instances", async () => {
    const [one, two] = [await connect(), await connect()];
    let runs = 0;
    const sweep = defineJob({ ...named("sweep"), every: { ms: 50, input: { of: "all" } }, run: async () => void (runs += 1) });
    await one.jobs("sweeps").work([sweep]);
    await two.jobs("sweeps").work([sweep]);
    await until("it ran three times", () => runs >= 3);
    expect(await one.jobs("sweeps").pending()).toBe(0); // what is scheduled is nobody's unfinished work
  });

  test("a job is pending until it has run, also on its way from one state to the next", async () => {
    const bus = await connect();
    const queue = bus.jobs("counted");
    let ran = 0;
    await queue.work([defineJob({ ...named("move"), run: async () => void (ran += 1) })]);
    for (let round = 1; round <= 100; round += 1) {
      await queue.enqueue(named("move"), { of: "x" }, { key: "k", delayMs: 5 });
      while ((await queue.pending("move")) > 0);
      expect(ran).toBe(round);
    }
  });

  test("a job that fails is tried again", async () => {
    const bus = await connect();
    let tries = 0;
    await bus.jobs("fails").work([
      defineJob({
        ...named("flaky"),
        run: async () => {
          tries += 1;
          if (tries < 2) throw new Error("once");
        },
      }),
    ]);
    await bus.jobs("fails").enqueue(named("flaky"), { of: "x" });
    await until("nothing is pending", async () => (await bus.jobs("fails").pending()) === 0);
    expect(tries).toBe(2);
  });
};
