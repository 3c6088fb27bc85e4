import { logGamma } from "./logGamma.js";

/**
 * Gamma-Gamma (Fader & Hardie 2013, "The Gamma-Gamma model of monetary value", note 025): the values of a customer's purchases are gamma(p, ν) around
 * their own mean, ν ∼ gamma(q, γ) over the customers, independent of how often they buy.
 */
export interface SpendParameters {
  readonly p: number;
  /** Above 1, so that the mean over all customers, p γ / (q − 1), is finite. */
  readonly q: number;
  /** In the values' own unit. */
  readonly gamma: number;
}

/** What the model of values needs, one place of each array a customer. */
export interface SpendHistories {
  /** Purchases that the mean is over; whole numbers ≥ 1. */
  readonly purchases: ArrayLike<number>;
  /** Mean value of these purchases, > 0, in any unit of money. */
  readonly means: ArrayLike<number>;
}

/** ln of the likelihood of all customers' means (note 025, equation 1a). */
export function spendLogLikelihood({ p, q, gamma }: SpendParameters, { purchases, means }: SpendHistories): number {
  const constants: number[] = [];
  const constantOf = (x: number): number =>
    (constants[x] ??= logGamma(p * x + q) - logGamma(p * x) - logGamma(q) + q * Math.log(gamma) + p * x * Math.log(x));
  let sum = 0;
  for (let i = 0; i < purchases.length; i++) {
    const x = purchases[i]!;
    const mean = means[i]!;
    sum += constantOf(x) + (p * x - 1) * Math.log(mean) - (p * x + q) * Math.log(gamma + x * mean);
  }
  return sum;
}

/**
 * The value that a customer's next purchases are expected to have: between their own mean and everybody's, nearer to their own the more they bought
 * (note 025, equation 5).
 *
 * @param purchases whole number ≥ 0; with 0 the mean is not looked at
 * @param mean of these purchases, ≥ 0
 * @throws RangeError for numbers that are none
 */
export function expectedSpend({ p, q, gamma }: SpendParameters, purchases: number, mean: number): number {
  if (!(Number.isSafeInteger(purchases) && purchases >= 0 && (purchases === 0 || (Number.isFinite(mean) && mean >= 0))))
    throw new RangeError(
      `${purchases} purchases of ${mean} on average are no history of spending; a whole number and an amount from 0 on are needed.`,
    );
  return (p * (gamma + (purchases === 0 ? 0 : purchases * mean))) / (p * purchases + q - 1);
}
