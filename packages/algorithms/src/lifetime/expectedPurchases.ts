import { requireHistory, type PurchaseHistory } from "./purchaseHistories.js";
import { probabilityAlive, type VisitParameters } from "./visitModel.js";

/**
 * The purchases that a customer is expected to make in the next weeks (Fader, Hardie & Lee 2005, equation 10). With no repeats and 0 weeks: those
 * of somebody who has just bought for the first time. Never falls with the horizon, 0 for none.
 *
 * @param horizonWeeks finite, ≥ 0
 * @throws RangeError for a history or a horizon that is none
 */
export function expectedPurchases(parameters: VisitParameters, history: PurchaseHistory, horizonWeeks: number): number {
  requireHistory(history);
  if (!(Number.isFinite(horizonWeeks) && horizonWeeks >= 0))
    throw new RangeError(`A horizon of ${horizonWeeks} weeks is none; a finite number from 0 on is needed.`);
  if (horizonWeeks === 0) return 0;
  const whileAlive = purchasesOfTheLiving(parameters, history, horizonWeeks);
  return Math.max(0, whileAlive) * probabilityAlive(parameters, history);
}

/** Below this the terms of the first series would alternate so far that digits are lost. */
const LEAST_EXCESS = -5;
const A_HAIR = 1e-6;

/**
 * Of somebody who is alive for certain: (c / (a − 1)) · [1 − (1 − z)^(r + x) ₂F₁(r + x, b + x; c; z)] with c = a + b + x − 1, z = t / (α + T + t).
 *
 * Euler's transformation makes of it (1 − z)^(a − 1) ₂F₁(a − 1, e; c; z), e = a + b − 1 − r, whose parameters do not grow with x; and the factor
 * a − 1, which its series has in every term but the first, cancels: so a = 1 and c = 0 are no special cases.
 */
function purchasesOfTheLiving({ r, alpha, a, b }: VisitParameters, { repeats, weeks }: PurchaseHistory, horizon: number): number {
  const log = Math.log1p(-horizon / (alpha + weeks + horizon));
  const excess = a + b - 1 - r;
  const c = a + b + repeats - 1;
  if (excess < LEAST_EXCESS) return byPositiveSeries(r + repeats, b + repeats, Math.abs(a - 1) < A_HAIR ? a + A_HAIR : a, log);
  const first = a === 1 ? -log * c : (-Math.expm1((a - 1) * log) / (a - 1)) * c;
  const z = -Math.expm1(log);
  // Σ over k ≥ 1 of (a)ₖ₋₁ (e)ₖ / ((c + 1)ₖ₋₁ k!) zᵏ
  return first - sumScaled(excess * z, (k) => (((a + k - 1) * (excess + k)) / ((c + k) * (k + 1))) * z, (a - 1) * log);
}

/** The form as published: for a large r its terms do not alternate, Euler's do. */
function byPositiveSeries(power: number, second: number, a: number, log: number): number {
  const exact = second + a - 1;
  const c = Math.abs(exact) < A_HAIR ? A_HAIR : exact;
  const z = -Math.expm1(log);
  const hypergeometric = sumScaled(1, (k) => (((power + k - 1) * (second + k - 1)) / ((c + k - 1) * k)) * z, power * log);
  return (c / (a - 1)) * (1 - hypergeometric);
}

const HUGE = 1e200;
const LOG_HUGE = Math.log(HUGE);
const MOST_TERMS = 200_000;

/** e^scale · Σ of terms, `ratio(k)` from the k-th (k ≥ 1) to the next one; the scale may underflow and the sum overflow as long as their product does not. */
function sumScaled(firstTerm: number, ratio: (k: number) => number, scale: number): number {
  let term = firstTerm;
  let sum = firstTerm;
  let exponent = scale;
  for (let k = 1; k < MOST_TERMS; k++) {
    const next = ratio(k);
    term *= next;
    sum += term;
    if (Math.abs(sum) > HUGE || Math.abs(term) > HUGE) {
      sum /= HUGE;
      term /= HUGE;
      exponent += LOG_HUGE;
    }
    if (term === 0 || (Math.abs(next) < 1 && Math.abs(term) < 1e-15 * Math.abs(sum) * (1 - Math.abs(next)))) break;
  }
  return sum * Math.exp(exponent);
}
