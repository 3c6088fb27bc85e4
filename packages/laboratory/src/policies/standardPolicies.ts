import type { LearningPolicy } from "@kava/simulator/comparison/learningPolicy";
import { responseRanked } from "./responseRanked.js";
import { upliftWithoutGame } from "./upliftPolicy.js";
import { wholePolicy } from "./wholePolicy.js";

/** The learners of the comparison of policies, in the order of its table; none, best uniform and oracle are the simulator's own. */
export const standardPolicies: readonly LearningPolicy[] = [responseRanked, upliftWithoutGame, wholePolicy];
