import type { Because } from "@kava/contracts/because";
import type { DecisionInput } from "./decision.js";

/** Kinds of facts about a customer that a decision can rest on. Never the floor, the cost, or what bound. */
export type UsedFact = "purchases" | "rhythm" | "taste" | "menuPrice";

/** Why an offer was made, in the customer's words: the reason for the item, and that the price is personal. */
export const becauseOf = (because: Because): Because[] =>
  because.code === "personalOffer" ? [because] : [because, { code: "personalOffer", params: {} }];

/** Which facts a decision about this item used. */
export const usedFactsOf = ({ customer, candidates }: Pick<DecisionInput, "customer" | "candidates">, itemId: string): UsedFact[] => {
  const candidate = candidates.find((each) => each.itemId === itemId);
  const facts: [UsedFact, boolean][] = [
    ["purchases", customer.purchaseCount > 0],
    ["rhythm", customer.medianGapDays !== null],
    ["taste", candidate !== undefined && candidate.because.code !== "popular"],
    ["menuPrice", true],
  ];
  return facts.filter(([, used]) => used).map(([fact]) => fact);
};
