import { createRandom } from "@kava/algorithms/random";
import { clusteredMean, type Estimate, pairedDifference } from "@kava/algorithms/uplift/clusteredMean";
import { rowsWhere } from "@kava/algorithms/uplift/crossFolds";
import { armByArm } from "@kava/algorithms/uplift/offerLearner";
import { bestShare } from "@kava/algorithms/uplift/offerPolicies";
import { armShares, drScores } from "@kava/algorithms/uplift/policyValue";
import { tLearner } from "@kava/algorithms/uplift/tLearner";
import { boostedLearner } from "@kava/boosting/boostedLearner";
import { meanOf } from "./offerStudy.js";
import { FEATURES, type Panel, panelRows } from "./panel.js";
import { responseProbabilities } from "./responses.js";
import { type Split, trialOf } from "./split.js";

/** The share of customers whom the budget reaches. */
export const REACH = 0.3;

const side = boostedLearner({ rounds: 80, maxDepth: 3, minChildWeight: 60 });

const NUISANCE_SEED = 0;

export type Ranking = "uplift" | "response" | "past spend" | "random";
export const RANKINGS: readonly Ranking[] = ["uplift", "response", "past spend", "random"];

export interface BudgetStudy {
  readonly arm: number;
  /** Gain over no offer per customer of the whole base, mean of the seeds. */
  readonly gains: Readonly<Record<Ranking, Estimate>>;
  /** Uplift less response, on the same rows. */
  readonly upliftOverResponse: Estimate;
  /** Each seed's marks of who is offered (1), for the test rows. */
  readonly decisions: readonly Readonly<Record<Ranking, Int32Array>>[];
}

/** What one offer gains when it may be given to only some, by whom the rank puts first. */
export const studyBudget = (split: Split, arm: number, seeds: readonly number[], onSeed: (done: number) => void): BudgetStudy => {
  const { customers } = split.test;
  const gain = gainOfOffer(split, arm);
  const decisions = seeds.map((seed, done) => {
    onSeed(done);
    return rankedBy(split, arm, seed);
  });
  const gained = (ranking: Ranking) => meanOf(decisions.map((marks) => gain.map((value, row) => value * marks[ranking][row]!)));
  const estimate = (ranking: Ranking) => clusteredMean(gained(ranking), { clusters: customers });
  return {
    arm,
    gains: {
      uplift: estimate("uplift"),
      response: estimate("response"),
      "past spend": estimate("past spend"),
      random: estimate("random"),
    },
    upliftOverResponse: pairedDifference(gained("uplift"), gained("response"), { clusters: customers }),
    decisions,
  };
};

/** Doubly robust score of the offer less that of none, for each test row; its models are the same for every seed. */
const gainOfOffer = ({ train, test, offers }: Split, arm: number): Float64Array => {
  const predictions = armByArm(side)
    .fit(trialOf(onlyArms(train, arm), offers), { seed: NUISANCE_SEED })
    .outcomes(test.features);
  const shares = armShares(test.arms, offers.length + 1);
  const known = { ...predictions, values: predictions.values.map((value) => (Number.isNaN(value) ? 0 : value)) };
  const { values, columns } = drScores({ arms: test.arms, outcomes: test.margins, propensities: shares }, known);
  return Float64Array.from({ length: test.arms.length }, (_, row) => values[row * columns + arm]! - values[row * columns]!);
};

const rankedBy = ({ train, test }: Split, arm: number, seed: number): Record<Ranking, Int32Array> => {
  const { features, margins, arms, customers } = onlyArms(train, arm);
  const trial = { features, outcomes: margins, treated: Uint8Array.from(arms, (given) => (given === arm ? 1 : 0)), clusters: customers };
  const random = createRandom(seed, "random ranking");
  const spend = FEATURES.indexOf("spend a week");
  const scores: Record<Ranking, Float64Array> = {
    uplift: tLearner(side).fit(trial, { seed }).effect(test.features),
    response: responseProbabilities(arm, train, test.features, seed),
    // equal spends in random order, as small as not to change any other
    "past spend": test.margins.map((_, row) => test.features.values[row * FEATURES.length + spend]! + 1e-9 * random.uniform()),
    random: test.margins.map(() => random.uniform()),
  };
  const marks = (ranking: Ranking) => bestShare(scores[ranking], REACH);
  return { uplift: marks("uplift"), response: marks("response"), "past spend": marks("past spend"), random: marks("random") };
};

/** Rows that were given this arm or nothing. */
const onlyArms = (panel: Panel, arm: number): Panel =>
  panelRows(
    panel,
    rowsWhere(panel.arms.length, (row) => panel.arms[row] === 0 || panel.arms[row] === arm),
  );
