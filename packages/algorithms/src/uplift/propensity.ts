import type { Learner } from "../learning/learner.js";
import { selectRows } from "../matrix.js";
import { crossFolds, rowsWhere } from "./crossFolds.js";
import { type EffectTrial, fitRows, seedOf } from "./effectLearner.js";

/** Estimated probabilities are kept this far from 0 and 1, so that no single row decides everything. */
const CLIP = 0.02;

/**
 * The probability of treatment of each row: what the trial says; else cross-fitted by a classifier; else the share of the treated, which is
 * right where treatment was drawn alike for all.
 *
 * @returns n numbers; estimated ones lie in [0.02, 0.98]
 */
export function rowPropensities(
  trial: EffectTrial,
  { classifier, folds, seed }: { classifier: Learner | undefined; folds: number; seed: number },
): Float64Array {
  const { treated, propensity, features } = trial;
  const rows = treated.length;
  if (propensity !== undefined) return typeof propensity === "number" ? new Float64Array(rows).fill(propensity) : propensity;
  const share = treated.reduce((sum, mark) => sum + mark, 0) / rows;
  if (!classifier) return new Float64Array(rows).fill(clipped(share));
  const targets = Float64Array.from(treated);
  const foldOf = crossFolds(treated, { folds, seed: seedOf(seed, "propensity folds"), clusters: trial.clusters });
  const estimated = new Float64Array(rows);
  for (let fold = 0; fold < folds; fold++) {
    const fitted = fitRows(
      classifier,
      { features, targets, rows: rowsWhere(rows, (i) => foldOf[i] !== fold) },
      seed,
      "propensity",
      `${fold}`,
    );
    const held = rowsWhere(rows, (i) => foldOf[i] === fold);
    const predictions = fitted.predict(selectRows(features, held));
    held.forEach((row, j) => (estimated[row] = clipped(predictions[j]!)));
  }
  return estimated;
}

function clipped(p: number): number {
  return Math.min(1 - CLIP, Math.max(CLIP, p));
}
