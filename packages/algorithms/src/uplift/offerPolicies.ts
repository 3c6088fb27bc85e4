import type { Matrix } from "../matrix.js";
import { rankDescending } from "./rankDescending.js";
import { armShares } from "./policyValue.js";
import type { OfferTrial } from "./offerLearner.js";

export interface BestArmsOptions {
  /** The arms that may be given; by default all. */
  readonly allowed?: readonly number[];
  /** What giving each arm costs, in units of the outcome (K numbers); by default nothing. */
  readonly costs?: readonly number[];
}

/**
 * The arm of the highest expected outcome after its cost, for each row. Ties go to the lower arm (no offer first); NaN is never taken.
 *
 * @param outcomes n × K
 * @throws RangeError when nothing is known of any allowed arm in a row
 */
export function bestArms(outcomes: Matrix, { allowed, costs }: BestArmsOptions = {}): Int32Array {
  const { rows, columns, values } = outcomes;
  const arms = [...(allowed ?? Array.from({ length: columns }, (_, k) => k))].sort((a, b) => a - b);
  return Int32Array.from({ length: rows }, (_, i) => {
    let best = -1;
    let highest = -Infinity;
    for (const arm of arms) {
      const value = values[i * columns + arm]! - (costs?.[arm] ?? 0);
      if (value > highest) {
        highest = value;
        best = arm;
      }
    }
    if (best < 0)
      throw new RangeError(`Of row ${i} no allowed arm (${arms.join(", ")}) has a known outcome; allow an arm that the log gave.`);
    return best;
  });
}

/**
 * The best-scored share of rows, for a budget that reaches only some: exactly ⌊share × n⌋ of them are marked 1, fewer where scores do not
 * exceed `above`. Equal scores keep the order of their rows.
 *
 * @param share in [0, 1]
 * @throws RangeError when a score is not finite or the share not in [0, 1]
 */
export function bestShare(scores: Float64Array, share: number, above = -Infinity): Int32Array {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`A share of customers lies in 0 to 1, not ${share}.`);
  const marks = new Int32Array(scores.length);
  for (const row of rankDescending(scores).subarray(0, Math.floor(scores.length * share))) if (scores[row]! > above) marks[row] = 1;
  return marks;
}

/**
 * The one arm that is best for everybody, by the mean of what is left of outcomes after a common mean model (see `crossFittedMean`):
 * who is compared with whom then matters less than by plain means. Ties go to the lower arm.
 *
 * @param residuals n numbers: outcome − prediction; plain outcomes where there is no model
 * @throws RangeError when no allowed arm was given to anybody
 */
export function bestUniformArm(
  { arms, armCount }: Pick<OfferTrial, "arms" | "armCount">,
  residuals: Float64Array,
  options: BestArmsOptions = {},
): number {
  const shares = armShares(arms, armCount);
  const sums = new Float64Array(armCount);
  arms.forEach((arm, i) => (sums[arm]! += residuals[i]!));
  const means = sums.map((sum, arm) => (shares[arm]! > 0 ? sum / (shares[arm]! * arms.length) : NaN));
  return bestArms({ rows: 1, columns: armCount, values: means }, options)[0]!;
}
