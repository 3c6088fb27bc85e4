import type { Propensity } from "./decision.js";
import { EXPLORATION_BUDGET, MOST_EXPLORATION, SHALLOW_DEPTH } from "./policy.js";

/** A depth (percent; 0 = no offer) with the margin expected of it. */
export interface Arm {
  depth: number;
  margin: number;
}

/**
 * The probability of each depth: the greedy one almost always, the shallow others (0 among them) sometimes, so that what depth does can be
 * learned later. The sometimes is as small as keeps the expected loss within the budget, a share of the greedy margin.
 */
export const explorationOf = (arms: readonly Arm[], greedy: Arm): Propensity[] => {
  const others = arms.filter((arm) => arm.depth !== greedy.depth && arm.depth <= SHALLOW_DEPTH);
  const loss = others.reduce((sum, arm) => sum + Math.max(0, greedy.margin - arm.margin), 0) / Math.max(1, others.length);
  const affordable = loss > 0 ? (EXPLORATION_BUDGET * Math.max(0, greedy.margin)) / loss : MOST_EXPLORATION;
  const share = others.length === 0 ? 0 : Math.min(MOST_EXPLORATION, affordable);
  return [{ depth: greedy.depth, probability: 1 - share }, ...others.map(({ depth }) => ({ depth, probability: share / others.length }))]
    .filter((each) => each.probability > 0)
    .sort((a, b) => a.depth - b.depth);
};
