import { checkBasket } from "@kava/algorithms/margin/checkBasket";
import type { MarginVerdict } from "@kava/algorithms/margin/checkMargin";
import type { Because } from "@kava/contracts/because";
import { personalPriceOf, type PersonalPrice, type PriceableItem } from "./personalPrice.js";
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

/**
 * Prices a basket: each line at its personal price, then the floor of the whole. Null when an amount is beyond what can be charged exactly.
 *
 * An offer holds as a whole or not at all: where another line, sold at list under its own floor, leaves too little for it, the basket is priced as
 * if nothing were offered. A depth that shrinks with the basket would tell, from two quotes, what an item costs (`priceAtDepth`).
 */
export const quoteBasket = (lines: readonly LineToQuote[], facts: PricingFacts): QuotedBasket | null => {
  const offered = judge(lines, facts);
  const holds = offered.lines.every(({ personal, verdict }) => !personal?.personalised || verdict?.kind === "accepted");
  return quoted(
    holds
      ? offered
      : judge(
          lines.map((line) => ({ ...line, offerDepth: null })),
          facts,
        ),
  );
};

interface Judged {
  total: number | null;
  listTotal: number | null;
  lines: { line: LineToQuote; personal: PersonalPrice | null; verdict: MarginVerdict | undefined }[];
}

const judge = (lines: readonly LineToQuote[], facts: PricingFacts): Judged => {
  const wanted = lines.map((line) => ({ line, personal: personalPriceOf(line.item, line.offerDepth, facts) }));
  const {
    total,
    listTotal,
    lines: verdicts,
  } = checkBasket({
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
  return { total, listTotal, lines: wanted.map((each, index) => ({ ...each, verdict: verdicts[index] })) };
};

const quoted = ({ total, listTotal, lines }: Judged): QuotedBasket | null => {
  if (total === null || listTotal === null) return null;
  const complete = lines.flatMap(({ line, personal, verdict }): QuotedLine[] => {
    const price = verdict?.price;
    if (!price) return [];
    const because: Because = price.unitPrice < price.listPrice && personal ? personal.because : { code: "listPrice", params: {} };
    return [
      {
        itemId: line.itemId,
        quantity: line.quantity,
        listMinor: price.listPrice,
        priceMinor: price.unitPrice,
        lineMinor: price.linePrice,
        because,
      },
    ];
  });
  return complete.length === lines.length ? { lines: complete, totalMinor: total, discountMinor: listTotal - total } : null;
};
