import type { Propensity } from "./decision.js";
import { EXPLORATION_BUDGET, NONE_SHARE } from "./policy.js";

/** A depth (percent; 0 = no offer) with the margin that the prior expects of it. */
export interface Arm {
  depth: number;
  margin: number;
}

/**
 * Rung 0: the probability of each depth while nothing is known of what depths change. Half none, the other half evenly over the shallow ones, so that
 * they can be told apart as soon as possible. Where the prior expects that to cost more than the budget, a share of the best margin, it is mixed with
 * the depth that the prior thinks best, as little as keeps to the budget.
 *
 * @param arms no offer first, then shallow depths
 */
export const explorationOf = (arms: readonly Arm[]): { best: number; propensities: Propensity[] } => {
  const best = arms.reduce((found, arm) => (arm.margin > found.margin ? arm : found));
  const even = (at: number): number => (arms.length === 1 ? 1 : at === 0 ? NONE_SHARE : (1 - NONE_SHARE) / (arms.length - 1));
  const loss = arms.reduce((sum, arm, at) => sum + even(at) * (best.margin - arm.margin), 0);
  const affordable = EXPLORATION_BUDGET * Math.max(0, best.margin);
  const share = loss > affordable ? affordable / loss : 1;
  const propensities = arms
    .map((arm, at) => ({ depth: arm.depth, probability: share * even(at) + (arm === best ? 1 - share : 0) }))
    .filter(({ probability }) => probability > 0);
  return { best: best.depth, propensities };
};
