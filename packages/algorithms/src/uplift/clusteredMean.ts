import { normalQuantile } from "../normalQuantile.js";
import { checkFinite } from "./trial.js";

/** A mean and how well it is known. */
export interface Estimate {
  readonly mean: number;
  /** Infinity where one cluster alone says nothing of how clusters differ. */
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  readonly clusters: number;
}

export interface EstimateOptions {
  /** The customer of each row, any number: rows of one customer are not independent. Absent: each row stands for itself. */
  readonly clusters?: ArrayLike<number>;
  /** How much the interval covers, in (0, 1); by default 0.95. */
  readonly confidence?: number;
}

/**
 * Mean with a standard error that allows any dependence within a cluster (Liang & Zeger 1986, for a mean):
 * √(G / (G − 1) · Σ_g (Σ_{i∈g} (v_i − v̄))²) / n. The interval is the normal one, so with few clusters it is too narrow.
 *
 * @throws RangeError when there are no rows, a value is not finite, sizes differ, or the confidence is not in (0, 1)
 */
export function clusteredMean(values: Float64Array, { clusters, confidence = 0.95 }: EstimateOptions = {}): Estimate {
  const rows = values.length;
  if (rows === 0) throw new RangeError("There is no mean of no rows; give at least one.");
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies between 0 and 1, such as 0.95; ${confidence} does not.`);
  if (clusters && clusters.length !== rows)
    throw new RangeError(`There are ${clusters.length} clusters for ${rows} rows; each row needs one.`);
  checkFinite(values, "Value");
  const mean = values.reduce((sum, v) => sum + v, 0) / rows;
  const sums = clusters ? sumsOf(values, clusters, mean) : values.map((v) => v - mean);
  const count = sums.length;
  const squares = sums.reduce((sum, s) => sum + s * s, 0);
  const standardError = count > 1 ? Math.sqrt((squares * count) / (count - 1)) / rows : Infinity;
  const reach = normalQuantile(0.5 + confidence / 2) * standardError;
  return { mean, standardError, low: mean - reach, high: mean + reach, rows, clusters: count };
}

/**
 * What one policy is worth more than another on the same rows: luck that both had cancels out.
 *
 * @param first n values, of the policy that is asked about
 * @param second n values, of what it is compared with
 * @throws RangeError as `clusteredMean`, or when sizes differ
 */
export function pairedDifference(first: Float64Array, second: Float64Array, options: EstimateOptions = {}): Estimate {
  if (first.length !== second.length)
    throw new RangeError(`A paired difference needs the same rows twice, not ${first.length} and ${second.length}.`);
  return clusteredMean(
    first.map((v, i) => v - second[i]!),
    options,
  );
}

/** For each cluster, by how much its rows are above the mean together. */
function sumsOf(values: Float64Array, clusters: ArrayLike<number>, mean: number): Float64Array {
  const sums = new Map<number, number>();
  values.forEach((v, i) => sums.set(clusters[i]!, (sums.get(clusters[i]!) ?? 0) + v - mean));
  return Float64Array.from(sums.values());
}
