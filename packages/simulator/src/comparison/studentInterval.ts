/** A mean over independent worlds with its 95 % interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean and its two-sided 95 % t interval.
 *
 * @param values at least 1 number; with a single one the interval is infinite
 */
export function studentInterval(values: readonly number[]): Interval {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, low: -Infinity, high: Infinity };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile975(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}

const firstQuantiles = [12.706205, 4.302653, 3.182446, 2.776445];

/** The 97.5 % quantile of Student's t, to 3e-4: Cornish-Fisher (Abramowitz & Stegun 26.7.5), a table below 5 degrees of freedom. */
export function studentQuantile975(freedom: number): number {
  const tabled = firstQuantiles[freedom - 1];
  if (tabled !== undefined) return tabled;
  const z = 1.959963985;
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, power) => sum + term / freedom ** power, 0);
}
