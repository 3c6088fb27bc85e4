/** What a depth changes, found on randomised offers, for customers of like predicted effect: a mean, its error and a cautious lower bound. */
import { rowsWhere } from "../uplift/crossFolds.js";
import { clusteredMean } from "../uplift/clusteredMean.js";
import { isotonicMeans } from "./isotonicMeans.js";

export const MOST_BINS = 20;
export const LEAST_ROWS = 200;
/** One-sided 90 %: of ten bounds nine hold. */
export const CAUTION = 1.28;

/** Customers of like predicted effect. Plain JSON, in the unit of the outcome. */
export interface LiftBin {
  /** Predicted effect from which the bin begins; null for the first, which has no beginning. */
  readonly from: number | null;
  /** Mean of the scores: the effect that was found. Never falls from bin to bin. */
  readonly mean: number;
  /** By customer. */
  readonly standardError: number;
  /** L = mean − 1.28 standard errors. */
  readonly lower: number;
  readonly rows: number;
}

export interface LiftSample {
  /** n predicted effects of a depth against no offer, from learners that did not see the row's customer. */
  readonly predicted: Float64Array;
  /** n AIPW scores of the depth less those of no offer. */
  readonly effects: Float64Array;
  /** The customer of each row, any number. */
  readonly clusters: ArrayLike<number>;
  /** At most so many bins, from 1; 20 unless told. */
  readonly most?: number;
}

/**
 * Calibrates predicted effects: at most 20 bins of like size, each of at least 200 rows (fewer bins where there are fewer rows; one below 400),
 * pooled until their means rise with the prediction (isotonic); each pooled bin's standard error allows any dependence within a customer.
 * Rows of equal prediction fall into one bin.
 *
 * @throws RangeError when sizes differ, a number is not finite, or there are fewer than two customers
 */
export function liftBins({ predicted, effects, clusters, most = MOST_BINS }: LiftSample): LiftBin[] {
  const rows = predicted.length;
  if (effects.length !== rows || clusters.length !== rows)
    throw new RangeError(
      `There are ${rows} predictions, ${effects.length} effects and ${clusters.length} customers; each row needs one of each.`,
    );
  const strange = predicted.findIndex((value) => !Number.isFinite(value));
  if (strange >= 0) throw new RangeError(`The predicted effect of row ${strange} is ${predicted[strange]}; it must be finite.`);
  const order = rowsWhere(rows, () => true).sort((a, b) => predicted[a]! - predicted[b]! || a - b);
  const starts = startsOf(order, predicted, Math.min(MOST_BINS, most));
  const ends = [...starts.slice(1), rows];
  const means = starts.map((start, bin) => meanOf(order.subarray(start, ends[bin]), effects));
  const blocks = isotonicMeans(
    means,
    starts.map((start, bin) => ends[bin]! - start),
  );
  return blocks.map(({ from, count }) => {
    const start = starts[from]!;
    const members = order.subarray(start, ends[from + count - 1]);
    const {
      mean,
      standardError,
      clusters: customers,
    } = clusteredMean(
      Float64Array.from(members, (row) => effects[row]!),
      { clusters: Array.from(members, (row) => clusters[row]!) },
    );
    if (customers < 2)
      throw new RangeError("A bin of effects has the offers of one customer only: how customers differ cannot be said; log more of them.");
    const begins = from === 0 ? null : predicted[order[start]!]!;
    return { from: begins, mean, standardError, lower: mean - CAUTION * standardError, rows: members.length };
  });
}

/** The bin of a predicted effect (finite). @throws RangeError when there are no bins or the effect is not a number */
export function binOf(bins: readonly LiftBin[], predicted: number): LiftBin {
  const bin = bins.findLast(({ from }) => from === null || from <= predicted);
  if (bin === undefined || Number.isNaN(predicted))
    throw new RangeError(`No bin holds a predicted effect of ${predicted}; there are ${bins.length}.`);
  return bin;
}

/** Where bins begin in the order of predictions; a run of equal predictions is never parted. */
function startsOf(order: Uint32Array, predicted: Float64Array, most: number): number[] {
  const rows = order.length;
  const bins = Math.max(1, Math.min(most, Math.floor(rows / LEAST_ROWS)));
  const starts = [0];
  for (let bin = 1; bin < bins; bin++) {
    let start = Math.max(Math.round((bin * rows) / bins), starts.at(-1)! + LEAST_ROWS);
    while (start < rows && predicted[order[start]!] === predicted[order[start - 1]!]) start++;
    if (rows - start >= LEAST_ROWS) starts.push(start);
  }
  return starts;
}

function meanOf(members: Uint32Array, effects: Float64Array): number {
  return members.reduce((sum, row) => sum + effects[row]!, 0) / members.length;
}
