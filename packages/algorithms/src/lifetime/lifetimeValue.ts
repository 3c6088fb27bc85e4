import { expectedPurchases } from "./expectedPurchases.js";
import type { PurchaseHistory } from "./purchaseHistories.js";
import type { VisitParameters } from "./visitModel.js";

/** How far ahead a lifetime value looks, and what a year's waiting takes from it. */
export const HORIZON_WEEKS = 52;
export const YEARLY_DISCOUNT = 0.1;

const WEEKS_A_YEAR = 52;

/** What a customer is expected to bring. */
export interface LifetimeValue {
  /** Purchases in the horizon, not discounted. */
  readonly expectedPurchases: number;
  /** Margin of these, discounted to now; in the unit of `marginPerPurchase`. */
  readonly amount: number;
}

/**
 * The margin of a customer's purchases over the next weeks, discounted: Σ over weeks w of m · (E[purchases by w] − E[by w − 1]) / (1 + d)^((w − ½) / 52).
 * The last week may be a part of one. The work does not depend on the customer's history.
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
  if (!(Number.isFinite(yearlyDiscount) && yearlyDiscount > -1))
    throw new RangeError(`A yearly discount of ${yearlyDiscount} is none; 0.1 stands for 10 %.`);
  let bought = expectedPurchases(parameters, history, Math.min(1, horizonWeeks));
  let discounted = bought * factorAt(Math.min(1, horizonWeeks) / 2, yearlyDiscount);
  for (let week = 1; week < horizonWeeks; week++) {
    const end = Math.min(week + 1, horizonWeeks);
    const until = expectedPurchases(parameters, history, end);
    discounted += Math.max(0, until - bought) * factorAt((week + end) / 2, yearlyDiscount);
    bought = until;
  }
  return { expectedPurchases: bought, amount: marginPerPurchase * discounted };
}

const factorAt = (weeks: number, yearlyDiscount: number): number => (1 + yearlyDiscount) ** (-weeks / WEEKS_A_YEAR);
