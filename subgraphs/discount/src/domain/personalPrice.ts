import type { Because } from "@kava/contracts/because";
import { priceAtDepth, publicPrice, verdictOn, type CheckedPrice, type PricedThing, type PricingFacts } from "./priceItem.js";
import { reductionOf, type Promotion } from "./promotions.js";

/** What one customer pays for an item, and why. */
export interface PersonalPrice {
  price: CheckedPrice;
  /** The whole reduction against the list price, percent, as it is shown. */
  depth: number;
  because: Because;
  personalised: boolean;
  /** What was asked of the margin check, so that a basket can be priced on the same terms. */
  terms: { promotions: PricedThing["promotions"]; depth: number };
}

/** An item as it is priced for somebody: `promotions` are those in force. */
export interface PriceableItem {
  priceMinor: number;
  costMinor: number | null;
  promotions: readonly Promotion[];
}

/**
 * The lowest price that the margin check accepts: the personal depth (percent; null when nothing is offered on this item) with or without the
 * promotions, the promotions alone, or the list price. Null when the list price itself is unusable.
 */
export const personalPriceOf = (item: PriceableItem, offerDepth: number | null, facts: PricingFacts): PersonalPrice | null => {
  const thing: PricedThing = { priceMinor: item.priceMinor, costMinor: item.costMinor, promotions: item.promotions.map(reductionOf) };
  const everybody = publicPrice(thing, facts);
  if (!everybody) return null;
  const personal = offerDepth === null ? null : priceAtDepth(thing, offerDepth, facts);
  if (personal && offerDepth !== null && personal.unitPrice < everybody.unitPrice) {
    // as the check took it: a promotion that rounding swallows may still lower the price together with the depth
    const promotions = verdictOn(thing, offerDepth, facts).kind === "accepted" ? thing.promotions : [];
    return {
      price: personal,
      depth: promotions.length > 0 ? shown(personal.totalDepth) : personal.depth,
      because: { code: "personalOffer", params: {} },
      personalised: true,
      terms: { promotions, depth: offerDepth },
    };
  }
  const reduced = everybody.unitPrice < everybody.listPrice;
  return {
    price: everybody,
    depth: shown(everybody.totalDepth),
    personalised: false,
    because: reduced ? becausePromotion(item.promotions) : { code: "listPrice", params: {} },
    terms: { promotions: reduced ? thing.promotions : [], depth: 0 },
  };
};

/** Rounding up to the minor unit leaves 19.94 % of 20 %: one digit is what people read. */
const shown = (depth: number): number => Math.round(depth * 10) / 10;

const becausePromotion = (promotions: readonly Promotion[]): Because => ({
  code: "publicPromotion",
  params: { promotion: promotions.map(({ name }) => name).join(" + ") },
});
