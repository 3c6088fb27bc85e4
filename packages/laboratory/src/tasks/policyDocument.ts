import type { PolicyRow } from "@kava/simulator/comparison/comparePolicies";
import type { Rules } from "@kava/simulator/comparison/rules";
import type { Interval } from "@kava/simulator/comparison/studentInterval";
import { warmUpNothing } from "@kava/simulator/comparison/warmUp";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Document, Making } from "../frame/findings.js";
import { exploration } from "../policies/upliftPolicy.js";
import { aimsOf, whole, wholeLess, type Aim } from "./policyAims.js";
import { mainRows, rungsIn, type ComparedWorld } from "./policyFindings.js";
import { policyPicture } from "./policyPicture.js";

export interface DocumentedComparison {
  readonly compared: readonly ComparedWorld[];
  readonly rules: Rules;
  readonly seed: number;
}

/** The comparison as a page of the documentation and its plot. */
export const policyDocuments = (folder: string, found: DocumentedComparison): Document[] => [
  { file: join(folder, "policies.md"), content: (making) => markdown(found, making) },
  { file: join(folder, "policies.svg"), content: () => policyPicture(found.compared, stampOf(found)) },
];

const stampOf = ({ compared, seed }: DocumentedComparison): string =>
  `Kava ${versionOf()}, seed ${seed}, ${compared[0]!.comparison.worlds} worlds of each kind, 95 % intervals over worlds`;

const packageFile = z.object({ version: z.string() });

const versionOf = (): string => packageFile.parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).version;

const markdown = (found: DocumentedComparison, { command, seconds }: Making): string =>
  [
    "# Policies in simulated worlds",
    `Written by \`${command}\` in ${Math.max(1, Math.round(seconds / 60))} min; do not edit, run it again. ${stampOf(found)}.`,
    "![What each policy gains over no offers](policies.svg)",
    ...aimsText(found.compared.flatMap(aimsOf)),
    ...found.compared.flatMap(worldText),
    ...choicesText(found),
    ...historyText(found.compared),
  ].join("\n\n") + "\n";

const aimsText = (aims: readonly Aim[]): string[] => {
  if (aims.length === 0) return [];
  const short = aims.filter(({ holds }) => !holds);
  return [
    `## What ${whole} should reach`,
    tableText(
      ["world", `${whole} …`, "found", "in", "holds"],
      aims.map(({ world, words, found, unit, holds }) => [world, words, intervalText(found), unit, holds ? "yes" : "**no**"]),
    ),
    short.length === 0
      ? "Nothing of this falls short."
      : `What falls short: ${short.map(({ world, words, found }) => `in ${world} it is not shown that it ${words} (${intervalText(found)})`).join("; ")}.`,
  ];
};

const worldText = (world: ComparedWorld): string[] => [
  `## ${world.name}`,
  "Margin a customer after the warm-up, core currency. Differences are paired: both met the same customers and the same luck.",
  tableText(
    ["policy", "margin", "less none", "less best uniform", `${whole} less it`, "captured", "offers", "depth", "learnt to wait"],
    mainRows(world).map((row) => rowText(world, row)),
  ),
  `Effects that ${whole} rests on: ${rungsIn(world.rungs)} worlds.`,
];

const rowText = (world: ComparedWorld, row: PolicyRow): string[] => [
  row.policy === whole ? `**${row.policy}**` : row.policy,
  row.margin.mean.toFixed(2),
  row.policy === "none" ? "" : intervalText(row.againstNone),
  row.policy === "best uniform" ? "" : intervalText(row.againstBestUniform),
  row.policy === whole ? "" : intervalText(wholeLess(world, row.policy)),
  row.captured === null || row.policy === "none" ? "" : row.captured.toFixed(2),
  row.offers.toFixed(1),
  row.offers === 0 ? "" : percent(row.meanDepth),
  percent(row.learntToWait),
];

const choicesText = ({ rules, compared }: DocumentedComparison): string[] => [
  "## What each choice was",
  [
    `- ${rules.customers.toLocaleString("en-US")} customers; ${rules.warmUpDays / 7} weeks of random offers that all policies share (${percent(warmUpNothing)} of the draws are none; a new draw each week, but in the last four weeks one draw is kept), ${days(rules.playDays)} of play, ${days(rules.freeDays)} free of offers, which count.`,
    `- Rules for all: depths of ${rules.depths.map((depth) => percent(depth)).join(", ")}; an offer every ${rules.offerEveryDays} days at most; ${percent(rules.holdoutShare)} are never offered anything; no new offers while discounts exceed ${percent(rules.budgetShare)} of turnover. Exploration (${percent(exploration)} of the customer-weeks of the two policies that learn effects) counts.`,
    "- **best uniform**: the depth that earned most in the warm-up, for everybody. **best uniform in hindsight**: what turned out best in each world; nobody can know it.",
    "- **response-ranked**: the likeliest 30 % to take up an offer get that depth.",
    "- **uplift without the game**: the depth with the highest lower bound of the effect on margin, none where none is above 0 or the customer buys at list price anyway. What depths change is learned once, in the warm-up; where customers stand is brought up to date weekly.",
    `- **${whole}**: the same effects, signs, draws of exploration and rules, and the game: what it explores stays within the policy to which the shop commits for the customer's segment and what they remember, and of the price of teaching what the outcome's four weeks do not hold is taken off. Its difference to uplift is the game alone.`,
    "- **oracle**: knows every customer and not their luck: the weekly depth that earns most in the mean of three lives of other luck. No policy can have that; the share of (oracle − best uniform) that a policy reaches is *captured*.",
    "- *Learnt to wait*: who in the offer-free weeks makes at least 20 % fewer full-price purchases than the same customer in the run without offers. Visits that moved in time make that 4 to 6 % even for harmless offers.",
    "- The worlds are frozen (`packages/simulator/src/worlds.ts`). Others come from a file: `npm run evaluate -- policy --world examples/world.json`.",
    `- Intervals: 95 %, t of the ${compared[0]!.comparison.worlds} worlds.`,
  ].join("\n"),
];

/** What these figures alone do not say; of the frozen worlds only. */
const historyText = (compared: readonly ComparedWorld[]): string[] =>
  compared.some(({ name }) => name === "waiters")
    ? [
        "## How the form of the game was found",
        [
          "- All that waiting costs uplift in waiters is 0.26 a customer: with nobody who waits it gains 3.48 over none instead of 3.22 (seeds 201 to 208). Three quarters of that is lost at customers who would buy at list price and are explored or mistaken; the price-sensitive hardly lose by it, for they never bought at list price. So there is little for the game to save, most of it in what is explored.",
          "- An earlier form, in which the commitment also capped the depth that is chosen, looked well on the seeds it was tried on (+0.03 to +0.05 over uplift) and missed its aim on held-out ones (`--seed 101`): −0.09 [−0.17, −0.01] in waiters. In 7 of 20 worlds a segment's game was read wrongly, and the cap then cost up to 0.46. All other aims held there too (mixed +3.34, waiters +3.16 over none, calm +0.03 %).",
          "- The form compared here was then chosen by trials on seeds 201 to 240; `--seed 301` was played once, at the end.",
        ].join("\n"),
      ]
    : [];

const days = (count: number): string => (count % 7 === 0 ? `${count / 7} weeks` : `${count} days`);
const percent = (share: number): string => `${(100 * share).toFixed(Number.isInteger(Math.round(1e6 * share) / 1e4) ? 0 : 1)} %`;

const intervalText = ({ mean, low, high }: Interval): string =>
  Number.isFinite(low) ? `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]` : mean.toFixed(2);

const tableText = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
