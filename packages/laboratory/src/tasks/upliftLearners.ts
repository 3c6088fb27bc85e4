import { linearClassifier, linearLearner } from "@kava/algorithms/learning/linearLearner";
import type { Learner } from "@kava/algorithms/learning/learner";
import { selectRows, type Matrix } from "@kava/algorithms/matrix";
import { uniformAt } from "@kava/algorithms/random";
import { rowsWhere } from "@kava/algorithms/uplift/crossFolds";
import { drLearner } from "@kava/algorithms/uplift/drLearner";
import type { EffectLearner, EffectTrial } from "@kava/algorithms/uplift/effectLearner";
import { tLearner } from "@kava/algorithms/uplift/tLearner";
import { xLearner } from "@kava/algorithms/uplift/xLearner";
import { boostedClassifier, boostedLearner } from "@kava/boosting/boostedLearner";

/** A way to say whom to treat first. */
export interface Contender {
  readonly name: string;
  /** What it predicts is an effect in units of the outcome: it can also say whom not to treat, and be calibrated. */
  readonly isEffect: boolean;
  /** Learns from one half; scores the other. */
  scores(training: EffectTrial, features: Matrix, seed: number): Float64Array;
}

/** Shallow: what changes whom is a weak signal, and deep trees find more of it than there is. */
const SHALLOW = { rounds: 100, maxDepth: 3 };
const CAUTIOUS = { rounds: 100, maxDepth: 3, minChildWeight: 50, lambda: 20 };

/** Every learner, and what they must beat. */
export const contendersFor = (binary: boolean): Contender[] => {
  const linear = binary ? linearClassifier() : linearLearner();
  const boosted = binary ? boostedClassifier({ ...SHALLOW, minChildWeight: 5 }) : boostedLearner(SHALLOW);
  const effect = boostedLearner(CAUTIOUS);
  return [
    learned(tLearner(linear, "T linear")),
    learned(tLearner(boosted, "T boosted")),
    learned(xLearner({ outcome: boosted, effect, name: "X boosted" })),
    learned(drLearner({ outcome: boosted, effect, name: "DR boosted" })),
    responseOnly(boosted),
    {
      name: "random",
      isEffect: false,
      scores: (_, { rows }, seed) => Float64Array.from({ length: rows }, (__, row) => uniformAt(seed, "random order", row)),
    },
  ];
};

const learned = (learner: EffectLearner): Contender => ({
  name: learner.name,
  isEffect: true,
  scores: (training, features, seed) => learner.fit(training, { seed }).effect(features),
});

/** Ranks by what the treated bring, whether or not the treatment is why. */
const responseOnly = (learner: Learner): Contender => ({
  name: "response-only",
  isEffect: false,
  scores: ({ features, treated, outcomes }, scored, seed) => {
    const rows = rowsWhere(treated.length, (i) => treated[i] === 1);
    const targets = Float64Array.from(rows, (row) => outcomes[row]!);
    return learner.fit(selectRows(features, rows), targets, { seed }).predict(scored);
  },
});
