import type { TreeEnsemble } from "@kava/algorithms/learning/treeEnsemble";
import { rowOf, type Matrix } from "@kava/algorithms/matrix";
import { boostedLearner } from "@kava/boosting/boostedLearner";
import type { BoostingOptions } from "@kava/boosting/boostingOptions";
import { processorSeconds as seconds } from "../processorTime.js";
import type { Exercise, Timings } from "./pythonXgboost.js";

const DEPTHS = 9;
const CHUNK = 10_000;

/** Predictions for the rows to judge by: of `hist` on all rows, and of `exact` without sampling, whose trees leave nothing to chance. */
export interface Predictions {
  readonly hist: Float64Array;
  readonly exact: Float64Array;
}

/** The exercise in this thread; the event loop stands still meanwhile, as nothing else is to be done. */
export const runOurs = (exercise: Exercise, features: Matrix, targets: Float64Array): { timings: Timings; predictions: Predictions } => {
  const { rows, exactRows, scoringRows, rounds, customers } = exercise;
  const repeat = (once: () => number) => Array.from({ length: exercise.repeats }, once);
  const first = (count: number): Matrix => ({ ...features, rows: count, values: features.values.subarray(0, count * features.columns) });
  const fit = (count: number, method: "hist" | "exact", trees: number, options: BoostingOptions = {}) =>
    boostedLearner({ ...options, method, rounds: trees }).fit(first(count), targets.subarray(0, count), { seed: 1 });
  const models: TreeEnsemble[] = [];
  const hist = repeat(() => seconds(() => (models[0] = fit(rows, "hist", rounds))));
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const exact = repeat(() => seconds(() => fit(exactRows, "exact", rounds)));
  const model = fit(scoringRows, "hist", 150);
  const judged = rowsAfter(features, rows);
  return {
    timings: {
      hist,
      exact,
      single: repeat(() => single(model, features)),
      batch: repeat(() => seconds(() => scoreDepths(model, features, customers))),
      peakMb,
    },
    predictions: {
      hist: models[0]!.predict(judged),
      exact: fit(exactRows, "exact", rounds, { subsample: 1, columnSample: 1, base: 0.5 }).predict(judged),
    },
  };
};

const rowsAfter = ({ rows, columns, values }: Matrix, begin: number): Matrix => ({
  rows: rows - begin,
  columns,
  values: values.subarray(begin * columns),
});

const single = (model: TreeEnsemble, features: Matrix): number => {
  const count = 2_000;
  const taken = seconds(() => {
    for (let i = 0; i < count; i++) model.predict({ rows: 1, columns: features.columns, values: rowOf(features, i) });
  });
  return (taken / count) * 1e6;
};

/** Each customer at each depth: the depth stands in the first column. Making the rows counts, as it does in service. */
const scoreDepths = (model: TreeEnsemble, features: Matrix, customers: number): void => {
  const { columns } = features;
  const values = new Float64Array(CHUNK * DEPTHS * columns);
  for (let begin = 0; begin < customers; begin += CHUNK) {
    const count = Math.min(CHUNK, customers - begin);
    for (let i = 0; i < count; i++) {
      const customer = rowOf(features, (begin + i) % features.rows);
      for (let k = 0; k < DEPTHS; k++) {
        values.set(customer, (i * DEPTHS + k) * columns);
        values[(i * DEPTHS + k) * columns] = k * 5;
      }
    }
    model.predict({ rows: count * DEPTHS, columns, values: values.subarray(0, count * DEPTHS * columns) });
  }
};
