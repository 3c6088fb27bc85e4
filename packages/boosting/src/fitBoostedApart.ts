import { TreeEnsemble, type TreeEnsembleParts } from "@kava/algorithms/learning/treeEnsemble";
import type { Matrix } from "@kava/algorithms/matrix";
import { answerAsWorker, runInWorker } from "@kava/platform/worker";
import { learnerOf, type BoostingKind } from "./boostedLearner.js";
import type { BoostingOptions } from "./boostingOptions.js";

export interface BoostingTask {
  readonly kind: BoostingKind;
  /** Copied to the worker, unless its values lie in a SharedArrayBuffer. */
  readonly features: Matrix;
  readonly targets: Float64Array;
  readonly seed: number;
  readonly options?: BoostingOptions;
}

/**
 * Boosts trees in a thread of its own, so that requests do not wait. Each task has its own worker: one that breaks down takes nothing with it.
 *
 * @param signal ends the training at once; the promise is then rejected with its reason
 * @throws what `boostedLearner` throws, as a rejection
 */
export async function fitBoostedApart(task: BoostingTask, signal?: AbortSignal): Promise<TreeEnsemble> {
  const entry = new URL("./fitBoostedApart.js", import.meta.url);
  return new TreeEnsemble(await runInWorker<TreeEnsembleParts>(entry, task, signal ? { signal } : {}));
}

answerAsWorker(({ kind, features, targets, seed, options = {} }: BoostingTask): TreeEnsembleParts => {
  const { features: names, link, base, nodes } = learnerOf(kind, options).fit(features, targets, { seed });
  return { features: names, link, base, nodes };
});
