export interface SequentialQuestion {
  /** What was found so far, such as the difference of two means. */
  readonly difference: number;
  /** Its standard error, ≥ 0; Infinity where nothing is known of it yet. */
  readonly standardError: number;
  /** How often in the long run an interval may ever have missed, in (0, 1); 0.05 unless told. */
  readonly alpha?: number;
  /**
   * τ: deviation of the normal mixture over differences, in the unit of the difference, above 0. The interval is narrowest for differences of about this
   * size; any value that was fixed before looking keeps the promise.
   */
  readonly spread: number;
}

/**
 * An interval that may be looked at as often as one likes: the chance that it ever leaves out the truth, at any of the looks, is at most alpha.
 * difference ± √(V (V + τ²) / τ² · ln((V + τ²) / (V α²))), V the squared standard error: the inverse of the mixture sequential probability ratio test
 * (Robbins 1970; Johari, Koomen, Pekelis & Walsh 2017, 2022). It holds as far as the difference is normal: from some hundred rows a side.
 *
 * @throws RangeError when a number is outside its range
 */
export function sequentialInterval({ difference, standardError, alpha = 0.05, spread }: SequentialQuestion): { low: number; high: number } {
  if (!(Number.isFinite(difference) && standardError >= 0))
    throw new RangeError(
      `A difference of ${difference} with standard error ${standardError} is none; give finite numbers, the second from 0.`,
    );
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`The option alpha is ${alpha}; it lies between 0 and 1, such as 0.05.`);
  if (!(spread > 0 && Number.isFinite(spread))) throw new RangeError(`The spread of the mixture is ${spread}; it must be above 0.`);
  const variance = (standardError / spread) ** 2; // in units of the mixture
  if (variance === 0) return { low: difference, high: difference };
  const reach = standardError * Math.sqrt((variance + 1) * (Math.log1p(1 / variance) - 2 * Math.log(alpha)));
  return { low: difference - reach, high: difference + reach };
}
