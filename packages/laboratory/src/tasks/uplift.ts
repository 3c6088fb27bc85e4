import { runInWorker } from "@kava/platform/worker";
import type { Progress } from "@kava/importer/terminal/progress";
import { availableParallelism } from "node:os";
import { z } from "zod";
import { openData } from "../data/openData.js";
import { defineTask } from "../frame/defineTask.js";
import { column, columnValue, dataOptions, list, seedOption, text, whole } from "../frame/options.js";
import { WrongData } from "../frame/wrongUsage.js";
import { readTrial, type TrialData } from "./upliftData.js";
import { upliftFindings } from "./upliftFindings.js";
import type { SplitResult, SplitTask } from "./upliftSplit.js";

export const uplift = defineTask({
  name: "uplift",
  summary: "Uplift models of a randomised trial: whom an offer changes, by every learner, against random and response-only",
  example:
    "npm run evaluate -- uplift --data trial.csv --treatment segment=email --control segment=none --outcome spend --seeds 5 --report uplift.html",
  options: z.object({
    ...dataOptions,
    treatment: columnValue("the rows that were given the offer"),
    control: columnValue("the rows that were not"),
    outcome: column("the column of what came of it: 0 and 1, or an amount"),
    cost: text("what treating costs, in units of the outcome: a column (counted for the treated) or a number", "COL|N").optional(),
    features: list("what was known of each row before the offer; all other columns unless told").optional(),
    seeds: whole("random splits into a half that learns and a half that judges", 1, 100).default(5),
    rows: whole("most rows to use; of more, so many are drawn at random", 100, 10_000_000).default(200_000),
    ...seedOption,
  }),
  run: async (options, { progress, cwd }) => {
    const data = await openData(options.data, { cwd, delimiter: options.delimiter, progress });
    const { treatment, control, outcome, cost, features, seeds, seed, rows } = options;
    const trial = await readTrial(data, {
      treatment,
      control,
      outcome,
      cost,
      features,
      mostRows: rows,
      seed,
      skipWrong: options["skip-wrong"],
    });
    requireEnough(options.data, trial);
    const results = await evaluateSplits(trial, seeds, seed, progress);
    return upliftFindings({ file: options.data, outcome, treatment, control, cost, trial, results });
  },
});

/** Each half needs some of both groups to learn from and to judge by. */
const LEAST_OF_GROUP = 50;

const requireEnough = (file: string, { treated, outcomes }: TrialData): void => {
  const given = treated.reduce((sum, mark) => sum + mark, 0);
  for (const [name, count] of [
    ["treatment", given],
    ["control", treated.length - given],
  ] as const)
    if (count < LEAST_OF_GROUP) throw new WrongData(`${file} has only ${count} rows of the ${name}; at least ${LEAST_OF_GROUP} are needed`);
  if (outcomes.every((y) => y === outcomes[0]))
    throw new WrongData(`${file}: the outcome is ${outcomes[0]} in all rows, so that nothing could change it`);
};

const evaluateSplits = async (trial: TrialData, seeds: number, seed: number, progress: Progress): Promise<SplitResult[]> => {
  const { features, treated, outcomes, binary } = trial;
  progress.part(`learning and judging, ${seeds} splits`, seeds);
  const results: SplitResult[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let split = next++; split < seeds; split = next++) {
      const task: SplitTask = { features, treated, outcomes, binary, seed: seed + split };
      results[split] = await runInWorker<SplitResult>(new URL("./upliftSplit.js", import.meta.url), task);
      progress.at(results.filter(Boolean).length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(seeds, availableParallelism(), 4) }, one));
  return results;
};
