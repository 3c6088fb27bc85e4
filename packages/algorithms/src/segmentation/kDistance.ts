import { rowOf, type Matrix } from "../matrix.js";
import { shuffledIndices, type Random } from "../random.js";
import { requireFinite } from "./requireFinite.js";

export interface KDistanceOptions {
  /** k: the distance is that to the k-th nearest other point; 10 unless told. */
  readonly neighbours?: number;
  /** Points that are measured (each against all), drawn at random; 1,000 unless told. */
  readonly sampleSize?: number;
  readonly random: Random;
}

/**
 * The distances of points to their k-th nearest other point, ascending: the sorted k-dist graph of Ester et al. 1996, section 4.2. With fewer than k
 * others it is the distance to the farthest. Time is sample · n · d.
 *
 * @param points n × d, every number finite
 * @throws RangeError for a number that is not finite, or neighbours that are no whole number from 1
 */
export function kDistances(points: Matrix, { neighbours = 10, sampleSize = 1000, random }: KDistanceOptions): Float64Array {
  if (!(Number.isInteger(neighbours) && neighbours >= 1))
    throw new RangeError(`A distance to the k-th neighbour needs a whole k of at least 1, not ${neighbours}.`);
  requireFinite(points);
  if (points.rows < 2) return new Float64Array(points.rows);
  const k = Math.min(neighbours, points.rows - 1);
  const sample = shuffledIndices(random, points.rows, sampleSize);
  return Float64Array.from(sample, (i) => Math.sqrt(kthNearest(points, i, k))).sort();
}

/** Squared distance to the k-th nearest other point. */
function kthNearest(points: Matrix, i: number, k: number): number {
  const { columns, values } = points;
  const point = rowOf(points, i);
  const nearest = new Float64Array(k).fill(Infinity); // ascending
  for (let j = 0; j < points.rows; j++) {
    if (j === i) continue;
    const farthest = nearest[k - 1]!;
    let squared = 0;
    for (let c = 0; c < columns && squared < farthest; c++) {
      const difference = values[j * columns + c]! - point[c]!;
      squared += difference * difference;
    }
    if (squared >= farthest) continue;
    let at = k - 1;
    for (; at > 0 && nearest[at - 1]! > squared; at--) nearest[at] = nearest[at - 1]!;
    nearest[at] = squared;
  }
  return nearest[k - 1]!;
}

/**
 * The q-quantile of ascending numbers, the one at ⌊q · n⌋.
 *
 * @param q 0 to 1
 * @throws RangeError when there is no number
 */
export function quantileOf(ascending: ArrayLike<number>, q: number): number {
  const value = ascending[Math.min(ascending.length - 1, Math.floor(q * ascending.length))];
  if (value === undefined) throw new RangeError("Of no numbers there is no quantile.");
  return value;
}
