import { logBeta, logGamma } from "./logGamma.js";
import type { PurchaseHistories, PurchaseHistory } from "./purchaseHistories.js";

/**
 * BG/NBD (Fader, Hardie & Lee 2005, "Counting your customers the easy way", Marketing Science 24): while a customer lives, purchases are Poisson with
 * their own rate λ ∼ gamma(r, α) a week; after each purchase they leave for good with their own probability p ∼ beta(a, b).
 */
export interface VisitParameters {
  readonly r: number;
  /** In weeks. */
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/**
 * ln of the likelihood of all histories (their equation 6), in a form that neither over- nor underflows:
 * Γ-terms once for each number of repeats, and (α + t_x) / (α + T) ≤ 1 raised to a power instead of a difference of two huge numbers.
 */
export function visitLogLikelihood({ r, alpha, a, b }: VisitParameters, { repeats, lastWeeks, weeks }: PurchaseHistories): number {
  const constants: number[] = [];
  const constantOf = (x: number): number =>
    (constants[x] ??= logGamma(r + x) - logGamma(r) + r * Math.log(alpha) + logBeta(a, b + x) - logBeta(a, b));
  let sum = 0;
  for (let i = 0; i < repeats.length; i++) {
    const x = repeats[i]!;
    const end = Math.log(alpha + weeks[i]!);
    if (x === 0) sum += constantOf(0) - r * end;
    else {
      const last = Math.log(alpha + lastWeeks[i]!);
      sum += constantOf(x) - (r + x) * last + Math.log(Math.exp((r + x) * (last - end)) + a / (b + x - 1));
    }
  }
  return sum;
}

/**
 * The probability that a customer has not left (Fader & Hardie 2008, note 021). In this model one can leave only at a repeat purchase, so that it is
 * 1 without any.
 */
export function probabilityAlive({ r, alpha, a, b }: VisitParameters, { repeats, lastWeeks, weeks }: PurchaseHistory): number {
  if (repeats === 0) return 1;
  const odds = (a / (b + repeats - 1)) * Math.exp((r + repeats) * Math.log((alpha + weeks) / (alpha + lastWeeks)));
  return 1 / (1 + odds);
}
