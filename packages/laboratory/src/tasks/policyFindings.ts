import { hindsightName, type PolicyComparison, type PolicyRow } from "@kava/simulator/comparison/comparePolicies";
import type { Rules } from "@kava/simulator/comparison/rules";
import type { Interval } from "@kava/simulator/comparison/studentInterval";
import { table, type Findings, type Plot, type Table } from "../frame/findings.js";
import { barPlot } from "../plots/barPlot.js";
import type { EffectRung } from "../policies/depthEffects.js";
import { learners } from "../policies/learners.js";
import { aimsOf, whole, wholeLess } from "./policyAims.js";

/** Policies compared in worlds of one kind. */
export interface ComparedWorld {
  readonly name: string;
  readonly comparison: PolicyComparison;
  /** The rung that the effects of the whole policy stand on, one of each world. */
  readonly rungs: readonly EffectRung[];
}

export const policyFindings = (compared: readonly ComparedWorld[], rules: Rules): Findings => ({
  title: "Policies in simulated worlds",
  lead: `${compared[0]!.comparison.worlds} worlds of each kind with ${rules.customers.toLocaleString("en-US")} customers: ${rules.warmUpDays / 7} weeks of random offers, the same for all, ${days(rules.playDays)} of play, ${days(rules.freeDays)} free of offers. Margin a customer after the warm-up; every policy meets the same luck.`,
  parts: [
    ...aimsTable(compared),
    ...compared.flatMap((world) => [mainTable(world), gainPlot(world), pairedTable(world), uniformTable(world)]),
  ],
  notes: [
    "Intervals are t intervals of 95 % over worlds; differences are paired: both policies meet the same customers and the same luck.",
    `All keep the same rules: an offer every ${rules.offerEveryDays} days at most, ${percent(rules.holdoutShare)} never offered anything, discounts up to ${percent(rules.budgetShare)} of turnover. Exploration counts.`,
    `"captured": share of what the oracle gains over the best uniform depth. "${hindsightName}" takes in each world what turned out best there, which nobody can know. The oracle knows the customers.`,
    `The effects that ${whole} rests on are ${compared.map(({ name, rungs }) => `${rungsIn(rungs)} (${name})`).join(", ")}.`,
    '"Learnt to wait": customers who in the offer-free weeks make at least 20 % fewer full-price purchases than in the same world without offers.',
  ],
  figures: { rules, worlds: compared, aims: compared.flatMap(aimsOf) },
});

/** "linear in 19 of 20, boosted in 1 of 20". */
export const rungsIn = (rungs: readonly EffectRung[]): string =>
  [...new Set(rungs)].map((rung) => `${rung} in ${rungs.filter((each) => each === rung).length} of ${rungs.length}`).join(", ");

const aimsTable = (compared: readonly ComparedWorld[]): Table[] => {
  const aims = compared.flatMap(aimsOf);
  if (aims.length === 0) return [];
  return [
    table(
      `What ${whole} should reach`,
      ["world", "it", { name: "found", digits: 2 }, "95 %", "in", "holds?"],
      aims.map(({ world, words, found, unit, holds }) => [world, words, found.mean, between(found), unit, holds ? "yes" : "no"]),
    ),
  ];
};

const days = (count: number): string => (count % 7 === 0 ? `${count / 7} weeks` : `${count} days`);
const percent = (share: number): string => `${100 * share} %`;

/** All but the uniform depths one by one. */
export const mainRows = ({ comparison }: ComparedWorld): readonly PolicyRow[] =>
  comparison.policies.slice(0, comparison.policies.length - comparison.rules.depths.length);

export const between = ({ low, high }: Interval): string => (Number.isFinite(low) ? `${low.toFixed(2)} … ${high.toFixed(2)}` : "–");

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

export const isLearner = (policy: string): boolean => learners.some(({ name }) => name === policy);

/** The last learner against each other policy, on the same luck. */
const pairedTable = (world: ComparedWorld): Table =>
  table(
    `${world.name}: ${whole} less each other, paired`,
    ["other", { name: "difference", digits: 2 }, "95 %", "above 0?"],
    mainRows(world)
      .filter(({ policy }) => policy !== whole)
      .map(({ policy }) => {
        const difference = wholeLess(world, policy);
        return [policy, difference.mean, between(difference), verdict(difference)];
      }),
  );

const verdict = ({ low, high }: Interval): string => (low > 0 ? "yes" : high < 0 ? "no, below" : "not told apart");

const uniformTable = (world: ComparedWorld): Table =>
  table(
    `${world.name}: the same depth for everybody`,
    ["policy", { name: "margin", digits: 2 }, { name: "less none", digits: 2 }, "95 %", { name: "learnt to wait, %", digits: 1 }],
    world.comparison.policies
      .slice(-world.comparison.rules.depths.length)
      .map((row) => [row.policy, row.margin.mean, row.againstNone.mean, between(row.againstNone), 100 * row.learntToWait]),
  );
