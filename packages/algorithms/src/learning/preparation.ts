import type { Matrix } from "../matrix.js";

/**
 * How features become what a linear model takes: what is not known gets the mean and, where that occurred in training, a column that says so;
 * then each column is standardised. Plain JSON.
 */
export interface Preparation {
  /** Of what was known of each column. 0 where nothing was. */
  readonly means: readonly number[];
  /** Of each column, then of each indicator; 0 marks a constant one, which tells nothing and is left out. */
  readonly deviations: readonly number[];
  /** The columns that have an indicator, and how often it was 1. */
  readonly indicators: readonly { readonly column: number; readonly share: number }[];
}

/** @throws RangeError when a column's numbers are so large that their variance is none */
export function learnPreparation({ rows, columns, values }: Matrix): Preparation {
  const known = new Float64Array(columns);
  const sums = new Float64Array(columns);
  for (let i = 0, j = 0; i < values.length; i++, j = j + 1 === columns ? 0 : j + 1)
    if (values[i] === values[i]) {
      known[j]!++;
      sums[j]! += values[i]!;
    }
  const means = Array.from(sums, (sum, j) => (known[j] === 0 ? 0 : sum / known[j]!));
  const squares = new Float64Array(columns);
  for (let i = 0, j = 0; i < values.length; i++, j = j + 1 === columns ? 0 : j + 1)
    if (values[i] === values[i]) squares[j]! += (values[i]! - means[j]!) ** 2;
  const indicators = [...known.keys()].filter((j) => known[j]! < rows).map((column) => ({ column, share: 1 - known[column]! / rows }));
  const spread = (j: number) => {
    const deviation = Math.sqrt(squares[j]! / rows);
    if (!Number.isFinite(deviation)) throw new RangeError(`The numbers of column ${j} are too large for a linear model; scale them.`);
    return deviation > 1e-12 * Math.abs(means[j]!) ? deviation : 0;
  };
  return {
    means,
    deviations: [...means.keys()].map(spread).concat(indicators.map(({ share }) => Math.sqrt(share * (1 - share)))),
    indicators,
  };
}

/** Writes the prepared columns of one row: those of the matrix, then the indicators. Each has mean 0 and deviation 1 in training, or is 0. */
export function prepareRow({ means, deviations, indicators }: Preparation, values: Float64Array, at: number, into: Float64Array): void {
  const columns = means.length;
  for (let j = 0; j < columns; j++) {
    const value = values[at + j]!;
    into[j] = value === value && deviations[j] !== 0 ? (value - means[j]!) / deviations[j]! : 0;
  }
  for (let k = 0; k < indicators.length; k++) {
    const { column, share } = indicators[k]!;
    const missing = Number.isNaN(values[at + column]) ? 1 : 0;
    into[columns + k] = deviations[columns + k] === 0 ? 0 : (missing - share) / deviations[columns + k]!;
  }
}
