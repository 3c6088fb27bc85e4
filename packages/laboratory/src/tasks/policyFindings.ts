import { hindsightName, pairedDifference, type PolicyComparison, type PolicyRow } from "@kava/simulator/comparison/comparePolicies";
import type { Rules } from "@kava/simulator/comparison/rules";
import type { Interval } from "@kava/simulator/comparison/studentInterval";
import { table, type Findings, type Plot, type Table } from "../frame/findings.js";
import { barPlot } from "../plots/barPlot.js";
import { learners } from "../policies/learners.js";

/** Policies compared in worlds of one kind. */
export interface ComparedWorld {
  readonly name: string;
  readonly comparison: PolicyComparison;
}

export const policyFindings = (compared: readonly ComparedWorld[], rules: Rules): Findings => ({
  title: "Policies in simulated worlds",
  lead: `${compared[0]!.comparison.worlds} worlds of each kind with ${rules.customers.toLocaleString("en-US")} customers: ${rules.warmUpDays / 7} weeks of random offers, the same for all, ${days(rules.playDays)} of play, ${days(rules.freeDays)} free of offers. Margin a customer after the warm-up; every policy meets the same luck.`,
  parts: compared.flatMap((world) => [mainTable(world), gainPlot(world), pairedTable(world), uniformTable(world)]),
  notes: [
    "Intervals are t intervals of 95 % over worlds; differences are paired: both policies meet the same customers and the same luck.",
    `All keep the same rules: an offer every ${rules.offerEveryDays} days at most, ${percent(rules.holdoutShare)} never offered anything, discounts up to ${percent(rules.budgetShare)} of turnover. Exploration counts.`,
    `"captured": share of what the oracle gains over the best uniform depth. "${hindsightName}" takes in each world what turned out best there, which nobody can know. The oracle knows the customers.`,
    '"Learnt to wait": customers who in the offer-free weeks make at least 20 % fewer full-price purchases than in the same world without offers.',
  ],
  figures: { rules, worlds: compared },
});

const days = (count: number): string => (count % 7 === 0 ? `${count / 7} weeks` : `${count} days`);
const percent = (share: number): string => `${100 * share} %`;

/** All but the uniform depths one by one. */
const mainRows = ({ comparison }: ComparedWorld): readonly PolicyRow[] =>
  comparison.policies.slice(0, comparison.policies.length - comparison.rules.depths.length);

const between = ({ low, high }: Interval): string => (Number.isFinite(low) ? `${low.toFixed(2)} … ${high.toFixed(2)}` : "–");

const mainTable = (world: ComparedWorld): Table =>
  table(
    `${world.name}: margin a customer`,
    [
      "policy",
      { name: "margin", digits: 2 },
      { name: "less none", digits: 2 },
      "95 %",
      { name: "% of none", digits: 2 },
      { name: "less best uniform", digits: 2 },
      "95 % (uniform)",
      { name: "captured, %", digits: 0 },
      { name: "offers", digits: 1 },
      { name: "depth, %", digits: 1 },
      { name: "learnt to wait, %", digits: 1 },
    ],
    mainRows(world).map((row) => [
      row.policy,
      row.margin.mean,
      row.againstNone.mean,
      between(row.againstNone),
      row.percentOfNone.mean,
      row.againstBestUniform.mean,
      between(row.againstBestUniform),
      row.captured === null ? null : 100 * row.captured,
      row.offers,
      100 * row.meanDepth,
      100 * row.learntToWait,
    ]),
  );

const gainPlot = (world: ComparedWorld): Plot => ({
  kind: "plot",
  title: `${world.name}: gained over no offers`,
  caption: "Margin a customer less that without offers in the same worlds, with its 95 % interval.",
  legend: [],
  svg: barPlot(
    `${world.name}: gained over no offers`,
    { x: "margin a customer, less none", digits: 2 },
    mainRows(world)
      .filter(({ policy }) => policy !== "none")
      .map(({ policy, againstNone: { mean, low, high } }) => ({
        name: policy,
        value: mean,
        colour: isLearner(policy) ? 0 : 7,
        ...(Number.isFinite(low) ? { interval: [low, high] as const } : {}),
      })),
  ),
});

const isLearner = (policy: string): boolean => learners.some(({ name }) => name === policy);

/** The last learner against each other policy, on the same luck. */
const pairedTable = (world: ComparedWorld): Table => {
  const { policies, marginsByPolicy } = world.comparison;
  const whole = learners.at(-1)!.name;
  const margins = (name: string): readonly number[] => marginsByPolicy[policies.findIndex(({ policy }) => policy === name)]!;
  return table(
    `${world.name}: ${whole} less each other, paired`,
    ["other", { name: "difference", digits: 2 }, "95 %", "above 0?"],
    mainRows(world)
      .filter(({ policy }) => policy !== whole)
      .map(({ policy }) => {
        const difference = pairedDifference(margins(whole), margins(policy));
        return [policy, difference.mean, between(difference), verdict(difference)];
      }),
  );
};

const verdict = ({ low, high }: Interval): string => (low > 0 ? "yes" : high < 0 ? "no, below" : "not told apart");

const uniformTable = (world: ComparedWorld): Table =>
  table(
    `${world.name}: the same depth for everybody`,
    ["policy", { name: "margin", digits: 2 }, { name: "less none", digits: 2 }, "95 %", { name: "learnt to wait, %", digits: 1 }],
    world.comparison.policies
      .slice(-world.comparison.rules.depths.length)
      .map((row) => [row.policy, row.margin.mean, row.againstNone.mean, between(row.againstNone), 100 * row.learntToWait]),
  );
