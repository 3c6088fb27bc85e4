import type { LearningPolicy } from "@kava/simulator/comparison/learningPolicy";
import { responseRanked } from "./responseRanked.js";
import { upliftWithoutGame } from "./upliftPolicy.js";
import { wholePolicy } from "./wholePolicy.js";

/** What is compared beside no offers, the best uniform depth and the oracle; the last one is what Kava does. */
export const learners: readonly LearningPolicy[] = [responseRanked, upliftWithoutGame, wholePolicy];
