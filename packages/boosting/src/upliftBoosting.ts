import type { Boosting } from "@kava/algorithms/policy/personalEffects";
import { boostedClassifier } from "./boostedLearner.js";

/**
 * Boosted trees for the chance to buy at a depth, for `learnUplift`. Few and quick ones: a decision walks them for every item that could be offered. 80 trees of
 * depth 4 are some 50 KB as JSON and 25 µs for all depths of a customer; 60,000 customers' weeks of six depths take half a minute of one core,
 * cross-validation included.
 */
export const upliftBoosting: Boosting = {
  purchase: (columns) => boostedClassifier({ ...columns, rounds: 80, maxDepth: 4, eta: 0.1 }),
};
