import type { ResponseModel } from "@kava/algorithms/response/responseModel";
import type { DecisionInput } from "./decision.js";
import { findingOf, freshPriceBook, type PriceBook } from "./judgeCandidate.js";
import { TYPICAL_DEPTH } from "./policy.js";

/**
 * By how much a typical offer raises the probability that the customer buys, -1 to 1: of the item on which it promises most, at `TYPICAL_DEPTH`
 * percent. Null when no item could be offered at that depth (nothing is liked, all would be bought anyway, every floor binds), and for the
 * holdout, of whom nothing is computed.
 */
export const affinityOf = (input: DecisionInput, model: ResponseModel, priceBook: PriceBook = freshPriceBook): number | null => {
  let best: { gain: number; rise: number } | null = null;
  for (const candidate of input.candidates) {
    const { eligible, atList, depths } = findingOf(candidate, input, model, priceBook(candidate, input.facts));
    const typical = depths.find((at) => at.depth === TYPICAL_DEPTH);
    if (!eligible || !atList || !typical) continue;
    const gain = (typical.margin ?? 0) - (atList.margin ?? 0);
    if (!best || gain > best.gain) best = { gain, rise: typical.probability - atList.probability };
  }
  return best?.rise ?? null;
};
