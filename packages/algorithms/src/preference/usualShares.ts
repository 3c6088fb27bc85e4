import type { History } from "./habitPrior.js";

/**
 * How often each item is in a basket of the usual customer: the mean over customers of their own share of baskets with it, so that who comes
 * daily has one voice like everybody. What a customer's habit is held by.
 *
 * @param baskets share of all baskets that hold each item: the answer where nobody is known
 * @returns per item 0 to 1
 */
export function usualShares(customers: readonly History[], baskets: ArrayLike<number>): Float64Array {
  const shares = new Float64Array(baskets.length);
  let voices = 0;
  for (const { history, basketCount } of customers) {
    if (!(basketCount > 0) || history.length === 0) continue;
    voices += 1;
    for (const { item, baskets: had } of history) shares[item]! += Math.min(1, had / basketCount);
  }
  return voices === 0 ? Float64Array.from(baskets) : shares.map((sum) => sum / voices);
}
