import { answerAsWorker } from "@kava/platform/worker";
import { playSeed, type SeedOutcome } from "@kava/simulator/comparison/playSeed";
import type { Rules } from "@kava/simulator/comparison/rules";
import type { Life, World } from "@kava/simulator/worlds";
import type { EffectRung } from "../policies/depthEffects.js";
import { learners } from "../policies/learners.js";
import { learnWhole, wholePolicy } from "../policies/wholePolicy.js";

/** One world to play all policies in. */
export interface WorldTask {
  readonly world: World;
  readonly life: Life;
  readonly rules: Rules;
  readonly seed: number;
}

export interface PlayedWorld {
  readonly outcomes: readonly SeedOutcome[];
  /** The rung of the ladder that the effects of the whole policy stand on there. */
  readonly rung: EffectRung;
}

answerAsWorker(({ world, life, rules, seed }: WorldTask): PlayedWorld => {
  let rung: EffectRung = "pooled";
  const told = learners.map((learner) =>
    learner === wholePolicy
      ? {
          name: learner.name,
          learn: (...given: Parameters<typeof learnWhole>) => {
            const { policy, effects } = learnWhole(...given);
            rung = effects.rung;
            return policy;
          },
        }
      : learner,
  );
  return { outcomes: playSeed({ world, life, rules, seed }, told), rung };
});
