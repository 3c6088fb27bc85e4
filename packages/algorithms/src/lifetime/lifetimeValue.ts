import { expectedPurchases } from "./expectedPurchases.js";
import type { PurchaseHistory } from "./purchaseHistories.js";
import type { VisitParameters } from "./visitModel.js";

/** How far ahead a lifetime value looks, and what a year's waiting takes from it. */
export const HORIZON_WEEKS = 52;
export const YEARLY_DISCOUNT = 0.1;

const WEEKS_A_YEAR = 52;
/** Within four weeks the factor changes by less than 0.8 %, and its middle is taken. */
const STEP_WEEKS = 4;

/** What a customer is expected to bring. */
export interface LifetimeValue {
  /** Purchases in the horizon, not discounted. */
  readonly expectedPurchases: number;
  /** Margin of these, discounted to now; in the unit of `marginPerPurchase`. */
  readonly amount: number;
}

/**
 * The margin of a customer's purchases over the next weeks, discounted: Σ over steps of four weeks, from s to t, of
 * m · (E[purchases by t] − E[by s]) / (1 + d)^((s + t) / 2 / 52). The last step may be shorter. The work does not grow with the customer's history.
 *
 * @param marginPerPurchase what a purchase leaves on average; may be negative
 * @throws RangeError for a history, a margin, a horizon or a discount that is none
 */
export function lifetimeValue(
  parameters: VisitParameters,
  history: PurchaseHistory,
  marginPerPurchase: number,
  { horizonWeeks = HORIZON_WEEKS, yearlyDiscount = YEARLY_DISCOUNT } = {},
): LifetimeValue {
  if (!Number.isFinite(marginPerPurchase)) throw new RangeError(`A margin of ${marginPerPurchase} a purchase is no number.`);
  if (!(Number.isFinite(horizonWeeks) && horizonWeeks >= 0))
    throw new RangeError(`A horizon of ${horizonWeeks} weeks is none; a finite number from 0 on is needed.`);
  if (!(Number.isFinite(yearlyDiscount) && yearlyDiscount > -1))
    throw new RangeError(`A yearly discount of ${yearlyDiscount} is none; 0.1 stands for 10 %.`);
  let bought = 0;
  let discounted = 0;
  for (let from = 0; from < horizonWeeks; from += STEP_WEEKS) {
    const to = Math.min(from + STEP_WEEKS, horizonWeeks);
    const until = expectedPurchases(parameters, history, to);
    discounted += Math.max(0, until - bought) * (1 + yearlyDiscount) ** (-(from + to) / 2 / WEEKS_A_YEAR);
    bought = until;
  }
  return { expectedPurchases: bought, amount: marginPerPurchase * discounted };
}
