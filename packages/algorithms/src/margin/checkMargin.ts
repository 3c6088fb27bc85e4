/**
 * The margin check: the one pure, total function through which every price passes.
 *
 * Money is whole minor units; depths and rates are exact to 1e-9 (see `parts.ts`); prices round up. It never throws: what cannot be
 * priced is refused with a reason.
 */
import { deepestPrice, type Bound } from "./deepestPrice.js";
import { listBelowFloor, promotionsBelowFloor, readLine, unitVerdict } from "./judgeLine.js";
import type { LineInput, MarginInput, MarginVerdict, RefusalReason } from "./judgeLine.js";
import type { MarginRules, Tax } from "./marginTerms.js";
import { isMintedPrice, type CheckedPrice, type Currency } from "./mintPrice.js";
import type { PriceReduction } from "./promotions.js";

export type { Bound, CheckedPrice, Currency, LineInput, MarginInput, MarginRules, MarginVerdict, PriceReduction, RefusalReason, Tax };

/** Whether a value came out of a verdict (and not, say, out of JSON). */
export function isCheckedPrice(value: unknown): value is CheckedPrice {
  return isMintedPrice(value);
}

/** Accepts the wanted depth, corrects it to the deepest allowed one, or refuses any reduction. Pure and total. */
export function checkMargin(input: MarginInput): MarginVerdict {
  const line = readLine(input, input, input.currency);
  if (line.kind === "refused") return line;
  if (!line.listHolds) return listBelowFloor(line);
  const outcome = deepestPrice(line.base, line.listPrice, line.cost, line.terms, line.depth);
  return outcome === null ? promotionsBelowFloor(line) : unitVerdict(line, outcome);
}
