import type { Matrix } from "../matrix.js";
import type { CrossFittedScores } from "./crossFittedScores.js";
import { binOf, liftBins, type LiftBin } from "./liftBins.js";
import type { Belief } from "./thompson.js";

/** What one depth changes. Plain JSON: frozen for the day on which it serves. */
export interface DepthLift {
  /** Percent, above 0. */
  readonly depth: number;
  readonly bins: readonly LiftBin[];
}

export interface DepthLiftsOptions {
  /** Percent of each arm in the order of the scores' columns; the first is 0. */
  readonly depths: readonly number[];
  /** The customer of each row, any number. */
  readonly clusters: ArrayLike<number>;
  /**
   * n × K predicted effects of each arm against no offer, of a learner that did not see the row's customer; the difference of the scores' own
   * predictions unless told. `pooled`: one effect for all customers (rung 1).
   */
  readonly effects?: Matrix | "pooled";
}

/**
 * The lower bounds of every depth: its AIPW scores less those of no offer, in bins of predicted effect.
 *
 * @throws RangeError as `liftBins`, or when the depths do not fit the scores
 */
export function depthLifts({ scores, predicted }: CrossFittedScores, { depths, clusters, effects }: DepthLiftsOptions): DepthLift[] {
  const { rows, columns } = scores;
  if (depths.length !== columns || depths[0] !== 0 || depths.slice(1).some((depth) => !(depth > 0 && depth < 100)))
    throw new RangeError(`The depths [${depths.join(", ")}] do not fit ${columns} arms; give a percentage for each, 0 first.`);
  const column = (matrix: Matrix, arm: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => matrix.values[row * columns + arm]!);
  const against = (matrix: Matrix, arm: number): Float64Array => {
    const none = column(matrix, 0);
    return column(matrix, arm).map((value, row) => value - none[row]!);
  };
  const predictedOf = (arm: number): Float64Array => {
    if (effects === "pooled") return new Float64Array(rows);
    return effects === undefined ? against(predicted, arm) : column(effects, arm);
  };
  return depths.slice(1).map((depth, i) => ({
    depth,
    bins: liftBins({ predicted: predictedOf(i + 1), effects: against(scores, i + 1), clusters }),
  }));
}

/** What is believed of a depth for a customer of this predicted effect: L, and the posterior of Thompson sampling. */
export function liftFor({ bins }: DepthLift, predictedEffect: number): { lower: number; belief: Belief } {
  const { lower, mean, standardError } = binOf(bins, predictedEffect);
  return { lower, belief: { mean, deviation: standardError } };
}
