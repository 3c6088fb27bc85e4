import type { Estimate } from "@kava/algorithms/uplift/clusteredMean";
import { table, type Findings, type Plot } from "../frame/findings.js";
import { barPlot } from "../plots/barPlot.js";
import { type BudgetStudy, RANKINGS, REACH } from "../starbucks/budgetStudy.js";
import type { OfferStudy } from "../starbucks/offerStudy.js";
import type { Starbucks } from "../starbucks/readStarbucks.js";
import type { ResponseAucs } from "../starbucks/responses.js";
import { armName, type Split } from "../starbucks/split.js";

export interface StarbucksFound {
  readonly records: Starbucks;
  readonly split: Split;
  readonly seeds: readonly number[];
  readonly aucs: readonly ResponseAucs[];
  /** The two arms that are strongest in training, strongest first. */
  readonly strongest: readonly number[];
  readonly all: OfferStudy;
  readonly without: OfferStudy;
  readonly budget: BudgetStudy;
}

const ESTIMATE = [
  { name: "mean", digits: 3 },
  { name: "± error", digits: 3 },
  { name: "from", digits: 3 },
  { name: "to", digits: 3 },
];
const shown = ({ mean, standardError, low, high }: Estimate) => [mean, standardError, low, high];

export const starbucksFindings = (found: StarbucksFound): Findings => {
  const { records, split, seeds, aucs, strongest, all, without, budget } = found;
  const { offers } = records;
  const auc = (label: Exclude<keyof ResponseAucs, "rows">) => meanAndDeviation(aucs.map((one) => one[label]));
  const ranks = { completed: auc("completed"), viewedThenCompleted: auc("viewedThenCompleted"), treated: auc("treated") };
  const rankShown = ([mean, deviation]: ReturnType<typeof auc>) => [mean, seeds.length > 1 ? deviation : null];
  const { decisions: _all, ...allFigures } = all;
  const { decisions: _without, ...withoutFigures } = without;
  const { decisions: _budget, ...budgetFigures } = budget;
  return {
    title: "What personal offers are worth: Starbucks rewards",
    lead: `${records.customers.length.toLocaleString("en-US")} customers, ${offers.length} offers sent at random in six waves; learned on the waves at 0, 168 and 336 hours (who answers: 0 and 168), judged on those at 504 and 576. ${seeds.length > 1 ? `Means of ${seeds.length} seeds.` : "One seed."}`,
    parts: [
      table(
        "Who answers: area under the ROC curve",
        ["what is told", { name: "AUC", digits: 4 }, { name: "± over seeds", digits: 4 }],
        [
          ["offer completed", ...rankShown(ranks.completed)],
          ["offer viewed, then completed", ...rankShown(ranks.viewedThenCompleted)],
          ["offered at all (0.5: by chance)", ...rankShown(ranks.treated)],
        ],
      ),
      studyTable("Margin per customer and wave: all offers", all, offers),
      studyTable(`Margin per customer and wave: without ${strongest.map((arm) => armName(arm, offers)).join(" and ")}`, without, offers),
      table(
        `One offer (${armName(budget.arm, offers)}) for ${REACH * 100} %: gain per customer of all`,
        ["who comes first", ...ESTIMATE],
        [
          ...RANKINGS.map((ranking) => [`by ${ranking}`, ...shown(budget.gains[ranking])]),
          ["uplift less response", ...shown(budget.upliftOverResponse)],
        ],
      ),
      plotOf(budget),
    ],
    notes: [
      "Margin: 0.6 × spend (at most 60 a purchase) − rewards paid, within 138 hours of a wave. Values are doubly robust, with models that saw training waves only and are the same for every seed; errors are by customer, intervals 95 %.",
      "A difference is taken on the same rows, so its error is smaller than those of the two values.",
      "Where all offers are allowed, one of them is best for nearly everybody: a personal choice can hardly gain.",
    ],
    figures: {
      rows: { train: split.train.arms.length, test: split.test.arms.length, responses: aucs[0]!.rows },
      seeds,
      auc: ranks,
      strongest: strongest.map((arm) => offers[arm - 1]?.id ?? null),
      all: allFigures,
      withoutStrongest: withoutFigures,
      budget: budgetFigures,
    },
  };
};

const studyTable = (title: string, study: OfferStudy, offers: Starbucks["offers"]) =>
  table(
    title,
    ["policy", ...ESTIMATE],
    [
      ["no offer", ...shown(study.none)],
      ["at random", ...shown(study.random)],
      [`one for all, chosen in training (${named(study.uniformArms, offers)})`, ...shown(study.uniform)],
      [`one for all, known in hindsight (${armName(study.hindsightArm, offers)})`, ...shown(study.hindsight)],
      ["personal", ...shown(study.personal)],
      ["personal less chosen in training", ...shown(study.personalOverUniform)],
      ["personal less known in hindsight", ...shown(study.personalOverHindsight)],
    ],
  );

const named = (arms: readonly number[], offers: Starbucks["offers"]) => [...new Set(arms)].map((arm) => armName(arm, offers)).join(", or ");

const plotOf = ({ gains }: BudgetStudy): Plot => ({
  kind: "plot",
  title: "Whom to offer, when only 30 % can be",
  caption: "Gain per customer of all, with 95 % intervals: who answers an offer is not who is changed by it.",
  legend: [],
  svg: barPlot(
    "Gain by ranking",
    { x: "gain per customer", digits: 2 },
    RANKINGS.map((ranking) => ({
      name: `by ${ranking}`,
      value: gains[ranking].mean,
      interval: [gains[ranking].low, gains[ranking].high] as const,
    })),
  ),
});

const meanAndDeviation = (values: readonly number[]): [mean: number, deviation: number] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
};
