import type { Matrix } from "../matrix.js";
import { rowsWhere } from "../uplift/crossFolds.js";
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
  readonly effects?: Matrix | "pooled" | undefined;
  /** The depths that are asked for, percent, and how their customers are told apart; all, as told by their own effects, unless told. */
  readonly measured?: readonly SortedDepth[];
}

/** A depth, and the depth whose predicted effect sorts its customers: its own, or one that is better known. */
export interface SortedDepth {
  /** Percent, above 0. */
  readonly depth: number;
  readonly sortedBy: number;
  /** Into at most so many bins, from 1; 20 unless told. */
  readonly most?: number;
}

/**
 * The lower bounds of every depth: its AIPW scores less those of no offer, in bins of predicted effect. Rows in which either had no chance (their score
 * is NaN) say nothing of the depth and are left out.
 *
 * @throws RangeError as `liftBins`, or when the depths do not fit the scores
 */
export function depthLifts(
  { scores, predicted }: CrossFittedScores,
  { depths, clusters, effects, measured }: DepthLiftsOptions,
): DepthLift[] {
  const { rows, columns } = scores;
  if (depths.length !== columns || depths[0] !== 0 || depths.slice(1).some((depth) => !(depth > 0 && depth < 100)))
    throw new RangeError(`The depths [${depths.join(", ")}] do not fit ${columns} arms; give a percentage for each, 0 first.`);
  const against = ({ values }: Matrix, arm: number, row: number): number => values[row * columns + arm]! - values[row * columns]!;
  const predictedOf = (arm: number, row: number): number => {
    if (effects === "pooled") return 0;
    return effects === undefined ? against(predicted, arm, row) : effects.values[row * columns + arm]!;
  };
  return (measured ?? depths.slice(1).map((depth): SortedDepth => ({ depth, sortedBy: depth }))).map(({ depth, sortedBy, most }) => {
    const [arm, sorting] = [armOf(depths, depth), armOf(depths, sortedBy)];
    const usable = rowsWhere(rows, (row) => !Number.isNaN(against(scores, arm, row)));
    const bins = liftBins({
      predicted: Float64Array.from(usable, (row) => predictedOf(sorting, row)),
      effects: Float64Array.from(usable, (row) => against(scores, arm, row)),
      clusters: Float64Array.from(usable, (row) => clusters[row]!),
      ...(most !== undefined && { most }),
    });
    return { depth, bins };
  });
}

function armOf(depths: readonly number[], depth: number): number {
  const arm = depths.indexOf(depth);
  if (arm < 1) throw new RangeError(`The depth ${depth} is none of the offers ${depths.slice(1).join(", ")}; ask for one of them.`);
  return arm;
}

/** What is believed of a depth for a customer of this predicted effect: L, and the posterior of Thompson sampling. */
export function liftFor({ bins }: DepthLift, predictedEffect: number): { lower: number; belief: Belief } {
  const { lower, mean, standardError } = binOf(bins, predictedEffect);
  return { lower, belief: { mean, deviation: standardError } };
}
