import { chooseDepth } from "@kava/algorithms/response/chooseDepth";
import type { ResponseFeatures, ResponseModel } from "@kava/algorithms/response/responseModel";
import type { Candidate, CandidateFinding, CustomerFacts, DecisionInput } from "./decision.js";
import { DEPTHS, SHALLOW_DEPTH } from "./policy.js";
import { depthTable, lineOf, type DepthTable, type PricedThing, type PricingFacts } from "./priceItem.js";

/** Which depths an item bears. It is the same for all customers, so that decisions in bulk may remember it. */
export type PriceBook = (candidate: PricedThing & { itemId: string }, facts: PricingFacts) => DepthTable;

/** Works it out anew each time. */
export const freshPriceBook: PriceBook = (candidate, facts) =>
  depthTable(
    candidate,
    DEPTHS.filter((depth) => depth <= facts.ceiling),
    facts,
  );

/** What is expected of one candidate at every depth that it bears, and whether it may be offered at all. */
export const findingOf = (
  candidate: Candidate,
  { customer, facts }: DecisionInput,
  model: ResponseModel,
  { permitted, bound }: DepthTable,
): CandidateFinding => {
  const deepest = model.description.rung === 0 ? SHALLOW_DEPTH : 100;
  const { reason, candidates } = chooseDepth({
    model,
    features: featuresOf(customer, candidate),
    line: lineOf(candidate, facts),
    depths: permitted.map((each) => each.depth).filter((depth) => depth <= deepest),
  });
  const rows = candidates.map(({ wanted, price, probability, quantity, expectedMargin }) => ({
    depth: wanted,
    priceMinor: price.unitPrice,
    probability: rounded(probability),
    quantity: rounded(quantity),
    margin: expectedMargin === null ? null : rounded(expectedMargin),
  }));
  // of a price of few minor units only deep depths are whole: none may be left within what this rung allows
  const refusal = permitted.length === 0 ? (bound[0]?.by ?? "ceiling") : rows.length < 2 ? "ceiling" : null;
  const why = reason === "wouldBuyAnyway" && permitted.length > 0 ? reason : refusal;
  return { itemId: candidate.itemId, eligible: why === null, reason: why, atList: rows[0] ?? null, depths: rows.slice(1), bound };
};

/** Expectations are rough: more digits would only swell the record. */
export const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/** What the response model is asked: the customer's habits and the item as the policy sees it. */
export const featuresOf = (customer: CustomerFacts, candidate: Pick<Candidate, "taste" | "priceMinor">): ResponseFeatures => ({
  recencyDays: customer.recencyDays,
  medianGapDays: customer.medianGapDays,
  purchaseCount: customer.purchaseCount,
  frequencyPerWeek: customer.frequencyPerWeek,
  averageOrderMinor: customer.purchaseCount > 0 ? customer.averageOrderMinor : null,
  tasteScore: candidate.taste,
  priceMinor: candidate.priceMinor,
});
