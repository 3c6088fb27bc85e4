import type { Progress } from "@kava/importer/terminal/progress";
import { z } from "zod";
import { openData } from "../data/openData.js";
import { defineTask } from "../frame/defineTask.js";
import { table, type Findings, type Plot, type Table } from "../frame/findings.js";
import { column, dataOptions, list, seedOption, text, whole } from "../frame/options.js";
import { WrongData, WrongUsage } from "../frame/wrongUsage.js";
import { barPlot } from "../plots/barPlot.js";
import { readBaskets, type Baskets } from "./baskets.js";
import { BASKET_SCORERS, CUSTOMER_SCORERS, type Scorer } from "./recommendScorers.js";
import { dayNamed, dayText } from "./purchases.js";
import {
  answer,
  dayAfterMost,
  hideOneItem,
  hideOneItemAfter,
  newItemsAfter,
  newItemsOfCustomers,
  type Scores,
  type Trial,
} from "./recommendTrials.js";

export const recommend = defineTask({
  name: "recommend",
  summary: "Recommendations: which way of ranking finds the item that was hidden, in baskets and for customers",
  example: "npm run evaluate -- recommend --data receipts.csv --basket receipt --item product --customer customer --nobody 0",
  options: z.object({
    ...dataOptions,
    basket: column("the column that tells baskets apart; several with commas make the key together"),
    item: column("the column of the item; a row for each item of a basket"),
    customer: column("the column of the customer: also ranks what is new to each").optional(),
    nobody: list("customer keys that stand for no customer, such as 0").optional(),
    date: text("the column of the date: ways also learn from what was earlier and are judged by what was later", "COL").optional(),
    "test-from": text(
      "the first day that judges, such as 2026-06-01; unless told the day before which four fifths of the baskets lie",
      "DATE",
    ).optional(),
    "date-format": text("how dates are written, such as d/M/yyyy or yyyyMMdd, where it cannot be told from them", "FORMAT").optional(),
    seeds: whole("random splits of the baskets", 1, 50).default(5),
    ...seedOption,
  }),
  run: async (options, { progress, cwd }) => {
    const { basket, item, customer, nobody = [], seeds, seed, date, "test-from": testFrom, "date-format": dateFormat } = options;
    if (testFrom !== undefined && date === undefined)
      throw new WrongUsage("--test-from needs --date, the column that says when a basket was");
    const day = testFrom === undefined ? undefined : dayNamed("test-from", testFrom, dateFormat);
    const data = await openData(options.data, { cwd, delimiter: options.delimiter, progress });
    const read = await readBaskets(data, { basket, item, customer, nobody, date, dateFormat, skipWrong: options["skip-wrong"] });
    const root = Array.from({ length: seeds }, (_, i) => seed + i);
    const randomly = root.map((each) => hideOneItem(read, each));
    const found = [compare("Completing a basket", BASKET_SCORERS, randomly, read, progress)];
    if (customer !== undefined)
      found.push(compare("Items new to the customer", CUSTOMER_SCORERS, [newItemsOfCustomers(read, seed)], read, progress));
    if (date === undefined) return findingsOf(options.data, read, found);
    const from = splitDay(options.data, read, day);
    const later = root.map((each) => hideOneItemAfter(read, from, each));
    found.push(compare(`Completing a basket from ${dayText(from / DAY)} on`, BASKET_SCORERS, later, read, progress));
    if (customer !== undefined)
      found.push(
        compare(
          `Items new to the customer from ${dayText(from / DAY)} on`,
          CUSTOMER_SCORERS,
          [newItemsAfter(read, from, seed)],
          read,
          progress,
        ),
      );
    return findingsOf(options.data, read, found, from);
  },
});

const DAY = 86_400_000;

/** @throws WrongData when nothing is before the day, or nothing from it on */
const splitDay = (file: string, { moments }: Baskets, day: number | undefined): number => {
  const from = day === undefined ? dayAfterMost(moments) : day * DAY;
  const [first, last] = moments.reduce(([least, most], at) => [Math.min(least, at), Math.max(most, at)], [Infinity, -Infinity]);
  if (first! < from && from <= last!) return from;
  const days = `${file} has baskets from ${dayText(Math.floor(first! / DAY))} to ${dayText(Math.floor(last! / DAY))}`;
  throw new WrongData(
    day === undefined
      ? `${days}: that is too short a time to split; leave --date out`
      : `${days}; --test-from ${dayText(day)} must lie between, so that there is something to learn from and to judge by`,
  );
};

interface Comparison {
  readonly title: string;
  readonly questions: number;
  readonly ways: readonly { readonly name: string; readonly scores: readonly Scores[] }[];
}

const compare = (title: string, scorers: readonly Scorer[], trials: readonly Trial[], read: Baskets, progress: Progress): Comparison => {
  const questions = trials.reduce((sum, trial) => sum + trial.questions.length, 0) / trials.length;
  if (trials.some((trial) => trial.questions.length === 0 || trial.training.length === 0))
    throw new WrongData(
      `${title} cannot be tried: ${questions === 0 ? "no basket that is held back has what could be hidden (two items, or one that is new)" : "a split leaves nothing to learn from"}. Give more baskets, or check which columns are the basket's and the customer's`,
    );
  progress.part(title.toLowerCase(), scorers.length * trials.length);
  let done = 0;
  const ways = scorers.map((scorer) => ({
    name: scorer.name,
    scores: trials.map((trial) => {
      const scores = answer(scorer, trial, read.itemNames.length);
      progress.at(++done, scorer.name);
      return scores;
    }),
  }));
  return { title, questions, ways };
};

/** @param from the moment at which time was split, where it was */
const findingsOf = (file: string, read: Baskets, found: readonly Comparison[], from?: number): Findings => {
  const count = (value: number): string => value.toLocaleString("en-US");
  const customers = read.customerCount > 0 ? `, ${count(read.customerCount)} customers` : "";
  return {
    title: "Recommendations",
    lead: `${count(read.rows)} rows of ${file}: ${count(read.baskets.length)} baskets of ${count(read.itemNames.length)} items${customers}. HR@5: share of the cases in which the first five hold what was hidden; NDCG@5 also counts how far up.`,
    parts: found.flatMap((comparison) => [tableOf(comparison), plotOf(comparison)]),
    notes: [
      "Completing a basket: ways learn from four fifths of the baskets; of each other basket with two items or more one item is hidden. Mean and standard deviation over the splits.",
      ...(from === undefined
        ? []
        : [
            `From ${dayText(from / DAY)} on: ways learn from the baskets before that day alone, as a shop must; of each later basket one item is hidden, and of each customer's later baskets what they never had before.`,
          ]),
      ...(read.customerCount > 0
        ? [
            "Items new to the customer: ways learn from all baskets of a customer but the last in the order of the table; its items that the customer never had are to be found.",
          ]
        : []),
      ...read.leftOut,
    ],
    figures: {
      rows: read.rows,
      baskets: read.baskets.length,
      items: read.itemNames.length,
      customers: read.customerCount,
      comparisons: found,
      testFrom: from === undefined ? null : dayText(from / DAY),
    },
  };
};

const tableOf = ({ title, questions, ways }: Comparison): Table =>
  table(
    `${title} (${Math.round(questions).toLocaleString("en-US")} cases${ways[0]!.scores.length > 1 ? ` in each of ${ways[0]!.scores.length} splits` : ""})`,
    ["way", { name: "HR@5", digits: 4 }, { name: "± sd", digits: 4 }, { name: "NDCG@5", digits: 4 }, { name: "± sd NDCG", digits: 4 }],
    ways.map(({ name, scores }) => {
      const hits = spread(scores.map(({ hitRate }) => hitRate));
      const gains = spread(scores.map(({ ndcg }) => ndcg));
      return [name, hits.mean, hits.deviation, gains.mean, gains.deviation];
    }),
  );

const plotOf = ({ title, ways }: Comparison): Plot => {
  const bars = ways.map(({ name, scores }) => {
    const { mean, deviation } = spread(scores.map(({ hitRate }) => hitRate));
    return { name, value: mean, ...(Number.isNaN(deviation) ? {} : { interval: [mean - deviation, mean + deviation] as const }) };
  });
  const ends = bars.some(({ interval }) => interval)
    ? "; the line at each end spans one standard deviation of the splits to either side"
    : "";
  return {
    kind: "plot",
    title: `${title}: HR@5`,
    caption: `Share of the cases in which the first five hold what was hidden${ends}.`,
    legend: [],
    svg: barPlot(title, { x: "HR@5", digits: 3 }, bars),
  };
};

/** Mean and standard deviation; the latter NaN for a single value. */
const spread = (values: readonly number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1)) };
};
