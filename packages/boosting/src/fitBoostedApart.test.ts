import { storeEnsemble } from "@kava/algorithms/learning/storedEnsemble";
import { matrixOf, type Matrix } from "@kava/algorithms/matrix";
import { createRandom } from "@kava/algorithms/random";
import { expect, test } from "vitest";
import { boostedClassifier } from "./boostedLearner.js";
import { fitBoostedApart } from "./fitBoostedApart.js";

const random = createRandom(3);
const features: Matrix = matrixOf(Array.from({ length: 400 }, () => [random.normal(), random.normal(), random.normal()]));
const targets = Float64Array.from({ length: 400 }, (_, i) => (features.values[i * 3]! + random.normal() > 0 ? 1 : 0));
const task = { kind: "classification", features, targets, seed: 5, options: { rounds: 20, features: ["a", "b", "c"] } } as const;

test("a worker learns what the calling thread would learn, from shared memory too, and this thread goes on meanwhile", async () => {
  const shared = new Float64Array(new SharedArrayBuffer(features.values.byteLength));
  shared.set(features.values);
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  const apart = await fitBoostedApart({ ...task, features: { ...features, values: shared } });
  clearInterval(turning);
  expect(storeEnsemble(apart)).toEqual(storeEnsemble(boostedClassifier(task.options).fit(features, targets, { seed: 5 })));
  expect(turns).toBeGreaterThan(0);
});

test("what is wrong with the task is told as it would be in the calling thread", async () => {
  await expect(fitBoostedApart({ ...task, targets: targets.subarray(1) })).rejects.toThrow(RangeError);
  await expect(fitBoostedApart({ ...task, options: { eta: 7 } })).rejects.toThrow("eta is 7");
});

test("a worker whose XGBoost breaks off takes nothing with it: the error says why, and the next task is answered", async () => {
  const broken = fitBoostedApart({ ...task, options: { ...task.options, eta: 1e-320 } }); // above 0, and no number in single precision
  await expect(broken).rejects.toThrow("XGBoost broke off");
  expect((await fitBoostedApart(task)).nodes.roots).toHaveLength(20);
});

test("a training that is cancelled ends in its middle, with the reason that was given", async () => {
  const many = Float64Array.from({ length: 60_000 }, () => random.normal());
  const halves = Float64Array.from({ length: 20_000 }, (_, i) => i % 2);
  const cancel = new AbortController();
  const endless = fitBoostedApart(
    { ...task, features: { rows: 20_000, columns: 3, values: many }, targets: halves, options: { rounds: 10_000, method: "exact" } },
    cancel.signal,
  );
  const since = process.cpuUsage();
  // two seconds of work: the worker is up, and far from the end
  await expect.poll(() => process.cpuUsage(since).user, { timeout: 50_000 }).toBeGreaterThan(2_000_000);
  cancel.abort(new Error("the service stops"));
  await expect(endless).rejects.toThrow("the service stops");
  await expect(fitBoostedApart(task, AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
});
