/**
 * How a line is read and how its verdict is written. Not exported from the package (see `exports` in package.json), for it makes prices:
 * `checkMargin` and `checkBasket` are the ways to it.
 */
import type { Bound, DepthOutcome } from "./deepestPrice.js";
import { holdsFloor, marginTerms, type MarginRules, type MarginTerms, type Tax } from "./marginTerms.js";
import { mintPrice, type CheckedPrice, type Currency } from "./mintPrice.js";
import { divideUp, partsOfPercent, percentOfParts, safeNumber, wholeAmount } from "./parts.js";
import { stackPromotions, type ExactPrice, type PriceReduction } from "./promotions.js";

/** One line that wants a price. */
export interface LineInput {
  /** List price of one unit, minor units, with tax inside when the tax mode is inclusive. */
  readonly listPrice: number;
  /** Net cost of one unit, minor units; null = unknown, which allows no discount. */
  readonly cost: number | null;
  /** Units, 1 or more. */
  readonly quantity: number;
  /** Public reductions of each unit, before the personal depth; stacked percentages first, then amounts. */
  readonly promotions?: readonly PriceReduction[];
  /** The personal depth that is wanted, percent 0 to 100 of the price after promotions. */
  readonly depth: number;
  readonly tax: Tax;
}

export interface MarginInput extends LineInput, MarginRules {
  readonly currency: Currency;
}

/**
 * - `costUnknown`: sold at list until somebody enters the cost
 * - `listBelowFloor`: the list price itself is under the floor; sold at list, and staff should know
 * - `promotionsBelowFloor`: the promotions alone break the floor; they do not apply to this item
 * - `basketBelowFloor`: (checkBasket) the whole basket would be under the floor; nothing in it is reduced
 * - `invalidInput`: a number that is none, or out of its range
 */
export type RefusalReason = "costUnknown" | "listBelowFloor" | "promotionsBelowFloor" | "basketBelowFloor" | "invalidInput";

export type MarginVerdict =
  | { readonly kind: "accepted"; readonly price: CheckedPrice }
  | { readonly kind: "corrected"; readonly bound: Bound; readonly price: CheckedPrice }
  /** `price` is the list price; null only when list price, quantity or currency are themselves unusable. */
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly detail: string; readonly price: CheckedPrice | null };

/** A line whose numbers are sound: everything exact. */
export interface ReadableLine {
  readonly kind: "readable";
  readonly listPrice: bigint;
  readonly cost: bigint;
  readonly quantity: bigint;
  /** One unit after promotions. */
  readonly base: ExactPrice;
  readonly depth: bigint;
  readonly terms: MarginTerms;
  /** Whether the list price itself holds the floor. */
  readonly listHolds: boolean;
  readonly atList: CheckedPrice;
}

export type Refused = Extract<MarginVerdict, { kind: "refused" }>;

/** Reads a line's numbers, or says why no reduction of it can be considered. */
export function readLine(input: LineInput, rules: MarginRules, currency: Currency): ReadableLine | Refused {
  const atList = listPriceOf(input, currency);
  const listPrice = wholeAmount(input.listPrice);
  if (atList === null || listPrice === null) return invalid("list price, quantity or currency", null);
  const terms = marginTerms(rules, input.tax);
  if (typeof terms === "string") return invalid(terms, atList);
  const depth = partsOfPercent(input.depth);
  if (depth === null) return invalid("depth", atList);
  const base = stackPromotions(listPrice, input.promotions ?? []);
  if (base === null) return invalid("promotions", atList);
  if (input.cost === null) return refusal("costUnknown", "The cost is unknown, so the item is sold at list; enter its cost.", atList);
  const cost = wholeAmount(input.cost);
  if (cost === null) return invalid("cost", atList);
  const listHolds = holdsFloor(listPrice, cost, terms);
  return { kind: "readable", listPrice, cost, quantity: BigInt(input.quantity), base, depth, terms, listHolds, atList };
}

/** The verdict of an outcome per unit. A price never exceeds the list price, so that what fits a double there fits here. */
export function unitVerdict(line: ReadableLine, outcome: DepthOutcome): MarginVerdict {
  const unitPrice = Number(outcome.price);
  const price = mintPrice({
    currency: line.atList.currency,
    listPrice: line.atList.listPrice,
    promotionPrice: Number(divideUp(line.base.over, line.base.under)),
    unitPrice,
    quantity: line.atList.quantity,
    linePrice: unitPrice * line.atList.quantity,
    depth: percentOfParts(outcome.depth),
  });
  return outcome.bound === null ? { kind: "accepted", price } : { kind: "corrected", bound: outcome.bound, price };
}

export function listBelowFloor(line: ReadableLine): Refused {
  return refusal(
    "listBelowFloor",
    "The list price itself is under the floor, so it is sold at list; raise it or lower the cost.",
    line.atList,
  );
}

export function promotionsBelowFloor(line: ReadableLine): Refused {
  return refusal("promotionsBelowFloor", "The promotions alone break the floor; end one of them or raise the list price.", line.atList);
}

export function refusal(reason: RefusalReason, detail: string, price: CheckedPrice | null): Refused {
  return { kind: "refused", reason, detail, price };
}

function invalid(what: string, price: CheckedPrice | null): Refused {
  return refusal(
    "invalidInput",
    `The ${what} of this line cannot be read as a number in its range, so nothing is reduced; correct it.`,
    price,
  );
}

function listPriceOf(input: LineInput, currency: Currency): CheckedPrice | null {
  const { listPrice, quantity } = input;
  if (!isCurrency(currency) || wholeAmount(listPrice) === null || !Number.isSafeInteger(quantity) || quantity < 1) return null;
  const linePrice = safeNumber(BigInt(listPrice) * BigInt(quantity));
  if (linePrice === null) return null;
  return mintPrice({ currency, listPrice, promotionPrice: listPrice, unitPrice: listPrice, quantity, linePrice, depth: 0 });
}

function isCurrency(currency: Currency): boolean {
  return (
    /^[A-Z]{3}$/.test(currency.code) && Number.isInteger(currency.minorDigits) && currency.minorDigits >= 0 && currency.minorDigits <= 4
  );
}
