import { partsOfPercent, WHOLE, wholeAmount } from "./parts.js";

/** A public reduction of the price of each unit: a percentage (0 to 100) or an amount in minor units. */
export type PriceReduction =
  | { readonly kind: "percentage"; readonly percent: number }
  | { readonly kind: "amount"; readonly amount: number };

/** An exact price of minor units: over / under. */
export interface ExactPrice {
  readonly over: bigint;
  readonly under: bigint;
}

/** More than this on one item is a mistake, not a stack. */
const MOST_PROMOTIONS = 32;

/**
 * The price of one unit after its promotions, exact, or null when a promotion is not one.
 *
 * The order is fixed, whatever the order of the list: first the percentages, each on what the others left, then the amounts. The
 * result is never below 0. Nothing is rounded here: a price is rounded once, at the end.
 */
export function stackPromotions(listPrice: bigint, promotions: readonly PriceReduction[]): ExactPrice | null {
  if (promotions.length > MOST_PROMOTIONS) return null;
  let over = listPrice;
  let under = 1n;
  let amounts = 0n;
  for (const promotion of promotions) {
    if (promotion.kind === "percentage") {
      const parts = partsOfPercent(promotion.percent);
      if (parts === null) return null;
      over *= WHOLE - parts;
      under *= WHOLE;
    } else {
      const amount = wholeAmount(promotion.amount);
      if (amount === null) return null;
      amounts += amount;
    }
  }
  over -= amounts * under;
  return { over: over > 0n ? over : 0n, under };
}
