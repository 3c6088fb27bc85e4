import { quantile } from "../statistics.js";
import type { Predictions } from "./ours.js";

/** How the predictions of both sides compare on rows that no learner has seen. */
export interface Agreement {
  /** Root mean squared errors of the trees found by `hist`, which draws rows and columns by chance: other trees that must be as good. */
  readonly histError: { readonly ours: number; readonly theirs: number };
  /** Distances of the predictions by `exact` without sampling, where both find the same trees: the 99.9 % quantile, and the largest. */
  readonly exactGap: { readonly usual: number; readonly largest: number };
}

/** More than this, as a share, and one side's trees are worse. */
const MOST_ERROR = 0.02;
/** Single precision; a split between two nearly equal gains may fall to the other side, which a few rows then see. */
const MOST_GAP = 1e-3;

/** @throws Error when the two sides do not predict the same */
export const compare = (ours: Predictions, theirs: Predictions, targets: Float64Array): Agreement => {
  const error = (predicted: Float64Array) =>
    Math.sqrt(predicted.reduce((sum, value, i) => sum + (value - targets[i]!) ** 2, 0) / targets.length);
  const gaps = Array.from(ours.exact, (value, i) => Math.abs(value - theirs.exact[i]!));
  const agreement = {
    histError: { ours: error(ours.hist), theirs: error(theirs.hist) },
    exactGap: { usual: quantile(gaps, 0.999), largest: quantile(gaps, 1) },
  };
  const { histError, exactGap } = agreement;
  if (!(Math.abs(histError.ours / histError.theirs - 1) <= MOST_ERROR))
    throw new Error(`Trees by hist err by ${histError.ours} here, by ${histError.theirs} in Python`);
  if (!(exactGap.usual <= MOST_GAP))
    throw new Error(`Trees by exact predict otherwise than in Python: one row of a thousand by ${exactGap.usual} or more`);
  return agreement;
};
