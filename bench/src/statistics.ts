/** The nearest-rank quantile of values in any order; `share` 0 to 1. NaN for no values. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
};

/** The middle of the values; the mean of both middles for an even number of them. NaN for no values. */
export const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** Rounded for people: milliseconds and megabytes to one decimal. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;
