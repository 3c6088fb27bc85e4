import type { Commitment } from "./commitToPolicy.js";
import { remember } from "./demand.js";
import { interpolate } from "./referenceGrid.js";

/** One offer whose price of teaching is asked for. */
export interface TaughtOffer {
  /** r, percent that the customer remembers, ≥ 0; beyond the game's deepest depth it counts as that. */
  readonly remembered: number;
  /** d, percent, 0 to below 100. */
  readonly depth: number;
  /** P, minor units, ≥ 0. */
  readonly priceMinor: number;
  /** q, expected units of one purchase, ≥ 0. */
  readonly quantity: number;
}

/**
 * κ(r, d) = δ [V_π(r′ | 0) − V_π(r′ | d)], scaled by P q / the game's price: what it costs later, in minor units, that this offer teaches
 * the customer to wait. 0 at depth 0. It is not clamped: where memory only helps (no losses, no patience) it may be below 0.
 *
 * @throws RangeError when a number is outside its range
 */
export function teachingCost({ grid, values, terms }: Commitment, { remembered, depth, priceMinor, quantity }: TaughtOffer): number {
  if (
    !(
      remembered >= 0 &&
      depth >= 0 &&
      depth < 100 &&
      priceMinor >= 0 &&
      quantity >= 0 &&
      Number.isFinite(remembered + priceMinor * quantity)
    )
  )
    throw new RangeError(
      `An offer of ${depth} % to someone who remembers ${remembered} %, price ${priceMinor}, quantity ${quantity} has no teaching cost: ` +
        "give a depth from 0 to below 100 and the others from 0 on.",
    );
  const worth = (seen: number): number => interpolate(grid, values, remember(terms.memory, remembered, seen));
  return ((terms.leaderDiscount * (worth(0) - worth(depth))) / terms.price) * priceMinor * quantity;
}
