import { expect, test } from "vitest";
import type { Step } from "../domain/modelLife.js";
import { finishLoadJob, type FinishSteps } from "./finishLoad.js";

test("what a load is at is told with the step of the training in it", async () => {
  const told: string[] = [];
  const training = (steps: Step[]) => async (_: string, progress: (step: Step) => Promise<void>) => {
    for (const step of steps) await progress(step);
  };
  const steps: FinishSteps = {
    rebuildHabits: async (_, progress) => {
      await progress(3, 3);
      return 3;
    },
    hasUnplaced: async () => true,
    train: training([
      { step: "how stable they are", done: 1, total: 7 },
      { step: "placing everyone", done: 500, total: 900 },
    ]),
    fitLifetimes: training([{ step: "visits", done: 0, total: 3 }]),
    complete: async () => void told.push("complete"),
    report: async (_tenant, _batch, step, done, total) => void told.push(`${step} ${done}/${total}`),
    fail: async (_tenant, _batch, message) => void told.push(message),
  };
  const tenantId = "0192f7a0-0000-7000-8000-000000000001";
  await finishLoadJob(steps).run({ tenantId, batchId: "b" }, () => {});
  expect(told).toEqual([
    "habits 0/0",
    "habits 3/3",
    "segments 0/0",
    "segments: how stable they are 1/7",
    "segments: placing everyone 500/900",
    "lifetimes 0/0",
    "lifetimes: visits 0/3",
    "complete",
  ]);
});
