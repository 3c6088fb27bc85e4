import { defineJob } from "@kava/platform/bus/port";
import { z } from "zod";
import type { Step } from "../domain/modelLife.js";

type Progress = (done: number, total: number) => Promise<void>;
type StepProgress = (step: Step) => Promise<void>;

/** The steps that follow a batch of history, in order; each may run again after a fault and then does what is left. */
export interface FinishSteps {
  /** Habits of those whose history grew; how many they were. */
  rebuildHabits(tenantId: string, progress: Progress): Promise<number>;
  train(tenantId: string, progress: StepProgress): Promise<void>;
  /** Customers that the batch brought, and who are in no trained segment yet. */
  hasUnplaced(tenantId: string): Promise<boolean>;
  /** Lifetime parameters, from what the batch brought and what was there. */
  fitLifetimes(tenantId: string, progress: StepProgress): Promise<void>;
  /** Tells the others and closes the batch. */
  complete(tenantId: string, batchId: string): Promise<void>;
  report(tenantId: string, batchId: string, step: string, done: number, total: number): Promise<void>;
  fail(tenantId: string, batchId: string, message: string): Promise<void>;
}

/** Habits, then segments, then the news of it, once for all that a batch brought. */
export const finishLoadJob = (steps: FinishSteps) =>
  defineJob({
    name: "finish-load",
    input: z.object({ tenantId: z.uuid(), batchId: z.string() }),
    run: async ({ tenantId, batchId }, progress) => {
      const reporter =
        (step: string): Progress =>
        async (done, total) => {
          progress(done, total);
          await steps.report(tenantId, batchId, step, done, total);
        };
      const stepper =
        (what: string): StepProgress =>
        ({ step, done, total }) =>
          reporter(`${what}: ${step}`)(done, total);
      try {
        await reporter("habits")(0, 0);
        await steps.rebuildHabits(tenantId, reporter("habits"));
        await reporter("segments")(0, 0);
        if (await steps.hasUnplaced(tenantId)) await steps.train(tenantId, stepper("segments"));
        await reporter("lifetimes")(0, 0);
        await steps.fitLifetimes(tenantId, stepper("lifetimes"));
        await steps.complete(tenantId, batchId);
      } catch (error) {
        await steps.fail(tenantId, batchId, error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
  });
