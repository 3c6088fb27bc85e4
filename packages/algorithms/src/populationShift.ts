import type { Matrix } from "./matrix.js";

/**
 * The population stability index of a number: Σ (now − learned) ln(now / learned) over the shares of its bins (Siddiqi 2006; it is Jeffreys'
 * divergence). By the usual reading below 0.1 nothing moved and above 0.25 much did; two samples of n and m from one population differ by
 * some bins · (1 / n + 1 / m) by chance.
 *
 * Bins hold like shares of what was learned; what is below or above all of it has bins of its own, and so has NaN ("not known"). A number that
 * never varied is one bin. Half a row is added to each bin, so that an empty one does not say infinitely much.
 *
 * @param bins at least 2; 10 unless told
 * @returns from 0, finite
 * @throws RangeError when either sample is empty or the bins are fewer than two
 */
export function populationShift(learned: Float64Array, now: Float64Array, bins = 10): number {
  if (learned.length === 0 || now.length === 0)
    throw new RangeError(
      `A shift is between two samples; there are ${learned.length} numbers that were learned from and ${now.length} now.`,
    );
  if (!(Number.isInteger(bins) && bins >= 2)) throw new RangeError(`A shift needs at least two bins, not ${bins}.`);
  const edges = edgesOf(learned, bins);
  const [before, after] = [countsIn(learned, edges), countsIn(now, edges)];
  const used = before.filter((count, bin) => count + after[bin]! > 0).length;
  let shift = 0;
  before.forEach((count, bin) => {
    if (!(count + after[bin]! > 0)) return;
    const expected = (count + 0.5) / (learned.length + 0.5 * used);
    const actual = (after[bin]! + 0.5) / (now.length + 0.5 * used);
    shift += (actual - expected) * Math.log(actual / expected);
  });
  return shift;
}

/** How far one feature moved. */
export interface FeatureShift {
  readonly feature: string;
  /** Population stability index. */
  readonly index: number;
}

/**
 * The shift of each column between two samples of the same columns.
 *
 * @param names of the columns, in order
 * @throws RangeError as `populationShift`, or when the columns differ
 */
export function featureShifts(learned: Matrix, now: Matrix, names: readonly string[]): FeatureShift[] {
  if (learned.columns !== names.length || now.columns !== names.length)
    throw new RangeError(`There are ${names.length} names for ${learned.columns} and ${now.columns} columns; each column needs one.`);
  const columnOf = ({ rows, columns, values }: Matrix, column: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns + column]!);
  return names.map((feature, column) => ({ feature, index: populationShift(columnOf(learned, column), columnOf(now, column)) }));
}

/** The quantiles that part bins, each once and rising: the least number, the last one is the greatest. */
function edgesOf(values: Float64Array, bins: number): number[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number): number => known[Math.round(share * (known.length - 1))]!;
  return known.length === 0 ? [] : [...new Set(Array.from({ length: bins + 1 }, (_, k) => at(k / bins)))];
}

/** Rows below all edges, up to each of them, above all of them, and not known. */
function countsIn(values: Float64Array, edges: readonly number[]): number[] {
  const counts = Array<number>(edges.length + 3).fill(0);
  for (const value of values) {
    if (Number.isNaN(value)) counts[edges.length + 2]!++;
    else if (edges.length > 0 && value < edges[0]!) counts[edges.length + 1]!++;
    else {
      let bin = 0;
      while (bin < edges.length && edges[bin]! < value) bin++;
      counts[bin]!++;
    }
  }
  return counts;
}
