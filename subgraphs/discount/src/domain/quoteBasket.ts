import { checkBasket } from "@kava/algorithms/margin/checkBasket";
import type { Because } from "@kava/contracts/because";
import { personalPriceOf, type PriceableItem } from "./personalPrice.js";
import type { PricingFacts } from "./priceItem.js";

/** A line that wants a price; `offerDepth`: the customer's live offer on this item, percent, or null. */
export interface LineToQuote {
  itemId: string;
  quantity: number;
  item: PriceableItem;
  offerDepth: number | null;
}

/** Minor units; list and price are of one unit. */
export interface QuotedLine {
  itemId: string;
  quantity: number;
  listMinor: number;
  priceMinor: number;
  lineMinor: number;
  because: Because;
}
export interface QuotedBasket {
  lines: QuotedLine[];
  totalMinor: number;
  discountMinor: number;
}

/** Prices a basket: each line at its personal price, then the floor of the whole. Null when an amount is beyond what can be charged exactly. */
export const quoteBasket = (lines: readonly LineToQuote[], facts: PricingFacts): QuotedBasket | null => {
  const wanted = lines.map((line) => ({ line, personal: personalPriceOf(line.item, line.offerDepth, facts) }));
  const verdict = checkBasket({
    currency: { code: facts.currency, minorDigits: facts.minorDigits },
    floor: facts.floor,
    ceiling: facts.ceiling,
    lines: wanted.map(({ line, personal }) => ({
      listPrice: line.item.priceMinor,
      cost: line.item.costMinor,
      quantity: line.quantity,
      tax: facts.tax,
      promotions: personal?.terms.promotions ?? [],
      depth: personal?.terms.depth ?? 0,
    })),
  });
  if (verdict.total === null || verdict.listTotal === null) return null;
  const quoted = wanted.map(({ line, personal }, index): QuotedLine | null => {
    const price = verdict.lines[index]?.price;
    if (!price) return null;
    const because: Because = price.unitPrice < price.listPrice && personal ? personal.because : { code: "listPrice", params: {} };
    return {
      itemId: line.itemId,
      quantity: line.quantity,
      listMinor: price.listPrice,
      priceMinor: price.unitPrice,
      lineMinor: price.linePrice,
      because,
    };
  });
  const complete = quoted.filter((line) => line !== null);
  return complete.length === lines.length
    ? { lines: complete, totalMinor: verdict.total, discountMinor: verdict.listTotal - verdict.total }
    : null;
};
