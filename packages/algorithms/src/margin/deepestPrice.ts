import { holdsFloor, type MarginTerms } from "./marginTerms.js";
import { divideUp, WHOLE } from "./parts.js";
import type { ExactPrice } from "./promotions.js";

/** What bound a wanted depth. A customer may never learn it. */
export type Bound = "floor" | "ceiling";

export interface DepthOutcome {
  /** The final price in whole minor units, rounded up. */
  readonly price: bigint;
  /** The depth that was applied, in parts. */
  readonly depth: bigint;
  readonly bound: Bound | null;
}

/** The price at a depth, rounded up to the minor unit. */
export function priceAtDepth(base: ExactPrice, depth: bigint): bigint {
  return divideUp(base.over * (WHOLE - depth), base.under * WHOLE);
}

/**
 * The deepest allowed price that does not go beyond the wanted depth.
 *
 * The ceiling counts against the list price: promotions use it up, and what they leave is what a personal depth may take. The
 * floor gives the least price ⌈cost × load / keep⌉. A corrected depth is the smallest one that reaches the least price, on the grid of
 * parts (up to 1e9 minor units it is reached exactly; above, the next price that the grid can express).
 *
 * @returns null when not even depth 0 holds the floor.
 */
export function deepestPrice(base: ExactPrice, listPrice: bigint, cost: bigint, terms: MarginTerms, wanted: bigint): DepthOutcome | null {
  if (!holdsFloor(priceAtDepth(base, 0n), cost, terms)) return null;
  const greatest = depthUnderCeiling(base, listPrice, terms.ceiling);
  const allowed = wanted > greatest ? greatest : wanted;
  const price = priceAtDepth(base, allowed);
  if (holdsFloor(price, cost, terms)) return { price, depth: allowed, bound: wanted > allowed ? "ceiling" : null };
  const depth = depthThatReaches(base, divideUp(cost * terms.load, terms.keep));
  return { price: priceAtDepth(base, depth), depth, bound: "floor" };
}

/** The greatest depth with which the price stays at or above ⌈(1 − ceiling) × list price⌉; the ceiling itself when nothing was taken off before. */
export function depthUnderCeiling(base: ExactPrice, listPrice: bigint, ceiling: bigint): bigint {
  const least = divideUp(listPrice * (WHOLE - ceiling), WHOLE);
  return priceAtDepth(base, ceiling) >= least ? ceiling : depthThatReaches(base, least);
}

/** Smallest depth whose price is `least`, or, where the grid is too coarse for it, the greatest depth whose price is above. */
function depthThatReaches(base: ExactPrice, least: bigint): bigint {
  const reduction = base.over - least * base.under;
  if (reduction <= 0n) return 0n;
  const depth = divideUp(reduction * WHOLE, base.over);
  return priceAtDepth(base, depth) >= least ? depth : depth - 1n;
}
