import { defineJob } from "@kava/platform/bus/port";
import type { Clock } from "@kava/platform/clock";
import { z } from "zod";

const A_DAY_MS = 86_400_000;

/** Makes the partitions of this month and the next three, every day: a purchase never waits for one. */
export const makePartitionsJob = (partitions: { makeAhead(now: Date): Promise<void> }, clock: Clock) =>
  defineJob({
    name: "make-partitions",
    input: z.object({}),
    every: { ms: A_DAY_MS, input: {} },
    run: () => partitions.makeAhead(clock()),
  });
