import { answerAsWorker } from "@kava/platform/worker";
import { playSeed, type SeedOutcome } from "@kava/simulator/comparison/playSeed";
import type { Rules } from "@kava/simulator/comparison/rules";
import type { Life, World } from "@kava/simulator/worlds";
import { learners } from "../policies/learners.js";

/** One world to play all policies in. */
export interface WorldTask {
  readonly world: World;
  readonly life: Life;
  readonly rules: Rules;
  readonly seed: number;
}

answerAsWorker(({ world, life, rules, seed }: WorldTask): readonly SeedOutcome[] => playSeed({ world, life, rules, seed }, learners));
