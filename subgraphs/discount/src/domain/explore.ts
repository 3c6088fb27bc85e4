import type { Propensity } from "./decision.js";
import { EXPLORATION_BUDGET, NONE_SHARE } from "./policy.js";

/** A depth (percent; 0 = no offer) with the margin that the prior expects of it. */
export interface Arm {
  depth: number;
  margin: number;
}

/**
 * Rung 0: the probability of each depth while nothing is known of what depths change, and nothing is claimed. Half none, the other half evenly over the
 * shallow ones, so that they can be told apart as soon as possible. Where the prior expects that to cost more than the budget, a share of the margin
 * without an offer, none is drawn more often, as little as keeps to the budget.
 *
 * @param arms no offer first, then shallow depths
 */
export const explorationOf = (arms: readonly [Arm, ...Arm[]]): Propensity[] => {
  const [none, ...shallow] = arms;
  const each = shallow.length === 0 ? 0 : (1 - NONE_SHARE) / shallow.length;
  const loss = shallow.reduce((sum, arm) => sum + each * Math.max(0, none.margin - arm.margin), 0);
  const affordable = EXPLORATION_BUDGET * Math.max(0, none.margin);
  const share = loss > affordable ? affordable / loss : 1;
  return [
    { depth: none.depth, probability: 1 - share * each * shallow.length },
    ...shallow.map(({ depth }) => ({ depth, probability: share * each })),
  ].filter(({ probability }) => probability > 0);
};
