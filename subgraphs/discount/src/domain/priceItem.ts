import {
  checkMargin,
  type CheckedPrice,
  type MarginInput,
  type MarginVerdict,
  type PriceReduction,
  type RefusalReason,
} from "@kava/algorithms/margin/checkMargin";
import type { TenantFacts } from "@kava/contracts/tenant";

export type { CheckedPrice };

/** What the margin check needs to know of a chain. */
export type PricingFacts = Pick<TenantFacts, "currency" | "minorDigits" | "floor" | "ceiling" | "tax">;

/** What of a price is the chain's, after tax; minor units, not rounded. */
export const netOf = (minor: number, { tax }: Pick<PricingFacts, "tax">): number =>
  tax.mode === "inclusive" ? minor / (1 + tax.rate) : minor;

/** An item as it is priced: list price and cost of one unit in minor units, and the public promotions in force. */
export interface PricedThing {
  priceMinor: number;
  costMinor: number | null;
  promotions: readonly PriceReduction[];
}

/** An item with the chain's rules, as the margin check reads it. */
export const lineOf = (item: PricedThing, facts: PricingFacts): Omit<MarginInput, "depth" | "quantity"> => ({
  listPrice: item.priceMinor,
  cost: item.costMinor,
  promotions: item.promotions,
  tax: facts.tax,
  floor: facts.floor,
  ceiling: facts.ceiling,
  currency: { code: facts.currency, minorDigits: facts.minorDigits },
});

/** The verdict on an item at a personal depth (percent). Every price of this service is made here or, for baskets, in `quoteBasket`. */
export const verdictOn = (item: PricedThing, depth: number, facts: PricingFacts, quantity = 1): MarginVerdict =>
  checkMargin({ ...lineOf(item, facts), quantity, depth });

/**
 * The price of an item at exactly this personal depth, or null when the check does not accept it as wanted.
 *
 * A depth that the check would correct is not offered at all: a customer who sees 13.7 % where 15 % is usual could infer that a floor
 * bound, and from it the cost. Where depth and promotions do not hold the floor together, the depth stands alone.
 */
export const priceAtDepth = (item: PricedThing, depth: number, facts: PricingFacts): CheckedPrice | null => {
  const stacked = verdictOn(item, depth, facts);
  if (stacked.kind === "accepted") return stacked.price;
  if (item.promotions.length === 0) return null;
  const alone = verdictOn({ ...item, promotions: [] }, depth, facts);
  return alone.kind === "accepted" ? alone.price : null;
};

/** What everybody pays: after the promotions in force if they hold the floor, else the list price. Null when the list price is unusable. */
export const publicPrice = (item: PricedThing, facts: PricingFacts): CheckedPrice | null => verdictOn(item, 0, facts).price;

/** Why a depth is not permitted. Staff alone may see it. */
export type DepthBound = "floor" | "ceiling" | "notBelowPublicPrice" | RefusalReason;

/** What of the wanted depths an item can bear. */
export interface DepthTable {
  permitted: { depth: number; priceMinor: number }[];
  bound: { depth: number; by: DepthBound }[];
}

/** Tries every depth (percent, ascending) on an item. A depth must hold with the promotions of the moment and without them, so that it still holds when one ends. */
export const depthTable = (item: PricedThing, depths: readonly number[], facts: PricingFacts): DepthTable => {
  const table: DepthTable = { permitted: [], bound: [] };
  const everybodyPays = publicPrice(item, facts)?.unitPrice ?? 0;
  for (const depth of depths) {
    const verdicts = [verdictOn({ ...item, promotions: [] }, depth, facts), verdictOn(item, depth, facts)];
    const failing = verdicts.find((verdict) => verdict.kind !== "accepted");
    const priceMinor = verdicts[1]?.price?.unitPrice ?? 0;
    if (failing)
      table.bound.push({ depth, by: failing.kind === "corrected" ? failing.bound : failing.kind === "refused" ? failing.reason : "floor" });
    else if (priceMinor >= everybodyPays) table.bound.push({ depth, by: "notBelowPublicPrice" });
    else table.permitted.push({ depth, priceMinor });
  }
  return table;
};
