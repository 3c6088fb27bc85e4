import type { Matrix } from "@kava/algorithms/matrix";
import { clusteredMean, type Estimate, pairedDifference } from "@kava/algorithms/uplift/clusteredMean";
import { bestArms, bestUniformArm } from "@kava/algorithms/uplift/offerPolicies";
import type { OfferLearner } from "@kava/algorithms/uplift/offerLearner";
import { armShares, drScores, policyValues } from "@kava/algorithms/uplift/policyValue";
import { crossFittedMean, residualArms } from "@kava/algorithms/uplift/residualArms";
import { boostedLearner } from "@kava/boosting/boostedLearner";
import { type Split, trialOf } from "./split.js";

/** A model of everybody, and one of each offer's residuals so cautious that it moves only what it is sure of. */
const common = boostedLearner({ rounds: 150 });
const learner: OfferLearner = residualArms({
  common,
  residual: boostedLearner({ rounds: 40, maxDepth: 2, minChildWeight: 100, lambda: 50 }),
  name: "residual arms boosted",
});

/** The models that judge do not change with the seeds of those that are judged. */
const NUISANCE_SEED = 0;

/** Doubly robust scores of every arm on the waves kept for testing; the judge of all policies. n × 11 */
export const judgeOf = ({ offers, train, test }: Split): Matrix => {
  const predictions = learner.fit(trialOf(train, offers), { seed: NUISANCE_SEED }).outcomes(test.features);
  return drScores({ arms: test.arms, outcomes: test.margins, propensities: armShares(test.arms, offers.length + 1) }, predictions);
};

/** What one seed learns from the training waves. */
export interface Learned {
  /** Expected margin of each test row under each arm, n × 11. */
  readonly outcomes: Matrix;
  /** What is left of each training row's margin after the common mean. */
  readonly residuals: Float64Array;
}

export const learnOffers = ({ offers, train, test }: Split, seed: number): Learned => {
  const trial = trialOf(train, offers);
  const mean = crossFittedMean(trial, { common: boostedLearner({ rounds: 120 }), folds: 2, seed });
  return {
    outcomes: learner.fit(trial, { seed }).outcomes(test.features),
    residuals: trial.outcomes.map((margin, row) => margin - mean[row]!),
  };
};

/** The values of policies, mean of the seeds, with errors by customer. */
export interface OfferStudy {
  readonly allowed: readonly number[];
  readonly none: Estimate;
  /** Each allowed arm alike. */
  readonly random: Estimate;
  /** The one arm for all that training data chose. */
  readonly uniform: Estimate;
  readonly uniformArms: readonly number[];
  /** The one arm for all that was best on the test data: nobody can know it before. */
  readonly hindsight: Estimate;
  readonly hindsightArm: number;
  readonly personal: Estimate;
  readonly personalOverUniform: Estimate;
  readonly personalOverHindsight: Estimate;
  /** Each seed's decisions for the test rows. */
  readonly decisions: readonly { readonly personal: Int32Array; readonly uniform: Int32Array }[];
}

export const studyOffers = (split: Split, judge: Matrix, learned: readonly Learned[], allowed: readonly number[]): OfferStudy => {
  const { train, test, offers } = split;
  const decisions = learned.map(({ outcomes, residuals }) => ({
    personal: bestArms(outcomes, { allowed }),
    uniform: toAll(judge, bestUniformArm({ arms: train.arms, armCount: offers.length + 1 }, residuals, { allowed })),
  }));
  const arms = allowed.map((arm) => policyValues(judge, toAll(judge, arm)));
  const means = arms.map((values) => values.reduce((sum, value) => sum + value, 0));
  const best = means.indexOf(Math.max(...means));
  const clusters = test.customers;
  const personal = meanOf(decisions.map((decided) => policyValues(judge, decided.personal)));
  const uniform = meanOf(decisions.map((decided) => policyValues(judge, decided.uniform)));
  return {
    allowed,
    none: clusteredMean(policyValues(judge, toAll(judge, 0)), { clusters }),
    random: clusteredMean(meanOf(arms), { clusters }),
    uniform: clusteredMean(uniform, { clusters }),
    uniformArms: decisions.map((decided) => decided.uniform[0]!),
    hindsight: clusteredMean(arms[best]!, { clusters }),
    hindsightArm: allowed[best]!,
    personal: clusteredMean(personal, { clusters }),
    personalOverUniform: pairedDifference(personal, uniform, { clusters }),
    personalOverHindsight: pairedDifference(personal, arms[best]!, { clusters }),
    decisions,
  };
};

/** The arms of greatest mean after the common mean in training, strongest first. */
export const strongestArms = ({ train, offers }: Split, { residuals }: Learned, count: number): number[] => {
  const armCount = offers.length + 1;
  const left = Array.from({ length: armCount }, (_, arm) => arm);
  return Array.from({ length: count }, () => {
    const arm = bestUniformArm({ arms: train.arms, armCount }, residuals, { allowed: left });
    left.splice(left.indexOf(arm), 1);
    return arm;
  });
};

/** Row by row. */
export const meanOf = (seeds: readonly Float64Array[]): Float64Array =>
  seeds[0]!.map((_, row) => seeds.reduce((sum, values) => sum + values[row]!, 0) / seeds.length);

const toAll = ({ rows }: Matrix, arm: number): Int32Array => new Int32Array(rows).fill(arm);
