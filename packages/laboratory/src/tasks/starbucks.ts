import { writeFile } from "node:fs/promises";
import { uniformIntAt } from "@kava/algorithms/random";
import { z } from "zod";
import { defineTask } from "../frame/defineTask.js";
import { placeOf, seedOption, text, whole } from "../frame/options.js";
import { WrongUsage } from "../frame/wrongUsage.js";
import { REACH, studyBudget } from "../starbucks/budgetStudy.js";
import { decisionsCsv } from "../starbucks/decisionsCsv.js";
import { judgeOf, learnOffers, strongestArms, studyOffers } from "../starbucks/offerStudy.js";
import { panelOf } from "../starbucks/panel.js";
import { readStarbucks } from "../starbucks/readStarbucks.js";
import { responseAucs } from "../starbucks/responses.js";
import { splitOf } from "../starbucks/split.js";
import { starbucksFindings } from "./starbucksFindings.js";

export const starbucks = defineTask({
  name: "starbucks",
  summary: "The Starbucks rewards records: who answers, what a personal choice of offers is worth, and one offer for 30 %",
  example: "npm run evaluate -- starbucks --data starbucks/ --report starbucks.html",
  options: z.object({
    data: text("the folder of portfolio.json, profile.json and transcript.json, each in gzip or not", "FOLDER"),
    seeds: whole("how often everything is learned, each time with other draws; figures are means", 1, 50).default(5),
    decisions: text("where to write each policy's offer for every customer and wave of the test, as CSV", "FILE").optional(),
    ...seedOption,
  }),
  run: async ({ data, seeds: count, decisions, seed: root }, { progress, cwd }) => {
    if (decisions !== undefined) await begin(decisions, cwd);
    progress.part("reading the records", 0);
    const records = readStarbucks(placeOf(data, cwd));
    const panel = panelOf(records);
    const split = splitOf(panel, records.offers);
    const seeds = Array.from({ length: count }, (_, index) => uniformIntAt(root, 2 ** 31 - 1, "starbucks", index));
    const each = <Found>(learn: (seed: number) => Found): Found[] =>
      seeds.map((seed, done) => {
        progress.at(done);
        return learn(seed);
      });
    progress.part("learning who answers", count);
    const aucs = each((seed) => responseAucs(panel, split, seed));
    progress.part("fitting the judge", 0);
    const judge = judgeOf(split);
    progress.part("learning what offers gain", count);
    const learned = each((seed) => learnOffers(split, seed));
    const arms = Array.from({ length: records.offers.length + 1 }, (_, arm) => arm);
    const strongest = strongestArms(split, learned[0]!, 2);
    const all = studyOffers(split, judge, learned, arms);
    const without = studyOffers(
      split,
      judge,
      learned,
      arms.filter((arm) => !strongest.includes(arm)),
    );
    progress.part(`learning whom ${REACH * 100} % reach`, count);
    const budget = studyBudget(split, strongest[0]!, seeds, (done) => progress.at(done));
    const decided = { seeds, all, without, budget };
    if (decisions !== undefined) await writeFile(placeOf(decisions, cwd), decisionsCsv(records, split, decided));
    return starbucksFindings({ records, split, aucs, strongest, ...decided });
  },
});

/** Said before the work, not after it. */
const begin = (file: string, cwd: string): Promise<void> =>
  writeFile(placeOf(file, cwd), "").catch((cause: unknown) => {
    throw new WrongUsage(`${file} cannot be written: ${(cause as Error).message}`, { cause });
  });
