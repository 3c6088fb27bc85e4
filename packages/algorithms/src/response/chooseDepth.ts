/**
 * The depth of one offer by expected margin: p · q · ((1 − d) P − C), each price through the margin check.
 */
import { checkMargin, type Bound, type CheckedPrice, type MarginInput, type RefusalReason } from "../margin/checkMargin.js";
import type { ModelDescription, ResponseFeatures, ResponseModel } from "./responseModel.js";

export interface DepthQuestion {
  readonly model: ResponseModel;
  readonly features: ResponseFeatures;
  /** The item as the margin check sees it, for one unit. */
  readonly line: Omit<MarginInput, "depth" | "quantity">;
  /** Depths to consider, percent 0 to 100, in any order; 0 is always considered. */
  readonly depths: readonly number[];
}

/** One depth that was considered: a row of the decision's record. */
export interface DepthCandidate {
  /** Percent, as wanted. */
  readonly wanted: number;
  /** Percent, as the margin check allowed it. */
  readonly depth: number;
  readonly bound: Bound | null;
  readonly price: CheckedPrice;
  readonly probability: number;
  readonly quantity: number;
  /** p · q · (net price − cost), minor units; null when the cost or the tax is unknown. */
  readonly expectedMargin: number | null;
}

/**
 * - `bestMargin`: the chosen depth has the greatest expected margin, and it is above 0 %
 * - `noneBetter`: no depth has a greater expected margin than full price
 * - `wouldBuyAnyway`: the customer probably buys at full price
 * - else the margin check refused any reduction
 */
export type DepthReason = "bestMargin" | "noneBetter" | "wouldBuyAnyway" | RefusalReason;

/** The answer with everything it rests on: the same question always gives the same record. */
export interface DepthDecision {
  /** Null when the item has no usable price at all. */
  readonly chosen: DepthCandidate | null;
  readonly reason: DepthReason;
  /** By rising depth; depths that the margin check corrected to the same price stand here once. */
  readonly candidates: readonly DepthCandidate[];
  readonly model: ModelDescription;
}

/** Above this probability at full price a discount only gives margin away. */
export const WOULD_BUY_ANYWAY = 0.5;

/** Chooses a depth. Deterministic; ties go to less discount. */
export function chooseDepth(question: DepthQuestion): DepthDecision {
  const model = question.model.description;
  const atList = checkMargin({ ...question.line, quantity: 1, depth: 0 });
  if (atList.kind === "refused") {
    const chosen = atList.price === null ? null : candidateAt(question, 0, null, atList.price);
    return { chosen, reason: atList.reason, candidates: chosen === null ? [] : [chosen], model };
  }
  const full = candidateAt(question, 0, null, atList.price);
  const candidates = [full, ...reducedCandidates(question, full.price.unitPrice)];
  if (full.probability > WOULD_BUY_ANYWAY) return { chosen: full, reason: "wouldBuyAnyway", candidates, model };
  const chosen = candidates.reduce((best, candidate) =>
    (candidate.expectedMargin ?? -Infinity) > (best.expectedMargin ?? -Infinity) + 1e-9 ? candidate : best,
  );
  return { chosen, reason: chosen === full ? "noneBetter" : "bestMargin", candidates, model };
}

function reducedCandidates(question: DepthQuestion, fullPrice: number): DepthCandidate[] {
  const wanted = [...new Set(question.depths)].filter((depth) => depth > 0 && depth <= 100).sort((a, b) => a - b);
  const candidates: DepthCandidate[] = [];
  let least = fullPrice;
  for (const depth of wanted) {
    const verdict = checkMargin({ ...question.line, quantity: 1, depth });
    if (verdict.kind === "refused" || verdict.price.unitPrice >= least) continue;
    least = verdict.price.unitPrice;
    candidates.push(candidateAt(question, depth, verdict.kind === "corrected" ? verdict.bound : null, verdict.price));
  }
  return candidates;
}

/** The response follows the whole reduction that the customer sees, promotions included. */
function candidateAt({ model, features, line }: DepthQuestion, wanted: number, bound: Bound | null, price: CheckedPrice): DepthCandidate {
  const { probability, quantity } = model.predict(features, price.totalDepth);
  const net = line.tax.mode === "inclusive" ? price.unitPrice / (1 + line.tax.rate) : price.unitPrice;
  const expectedMargin = line.cost === null ? NaN : probability * quantity * (net - line.cost);
  return {
    wanted,
    depth: price.depth,
    bound,
    price,
    probability,
    quantity,
    expectedMargin: Number.isFinite(expectedMargin) ? expectedMargin : null,
  };
}
