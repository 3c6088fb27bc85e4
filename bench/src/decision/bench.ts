import { learnUplift } from "@kava/algorithms/policy/learnUplift";
import { upliftBoosting } from "@kava/boosting/upliftBoosting";
import { memoisedPriceBook } from "@kava/discount/deciding/memoisedPriceBook";
import { decideOffer } from "@kava/discount/domain/decideOffer";
import { priorModel } from "@kava/discount/domain/fitModel";
import { learnGames } from "@kava/discount/domain/learnGames";
import { freshPriceBook, type PriceBook } from "@kava/discount/domain/judgeCandidate";
import { DEPTHS, MOST_CANDIDATES } from "@kava/discount/domain/policy";
import { served, type ServedModel } from "@kava/discount/domain/servedModel";
import { numbersOf } from "../options.js";
import { processorSeconds } from "../processorTime.js";
import type { Bench, Report } from "../report.js";
import { median, quantile, tenth } from "../statistics.js";
import { makeInputs } from "./inputs.js";
import { randomisedLog } from "./randomisedLog.js";

const DEFAULTS = { decisions: 10_000, customers: 30_000, repeats: 3 };
const WARM_UP = 3_000;
const PROMISED_MICROSECONDS = 1_000;

/** One decision as the discount service makes it, all that it knows being there already: 10 candidates, 8 depths. */
export const bench: Bench = {
  summary: "one decision inside the discount service, with the prior response and with an uplift model of boosted trees",
  run: async (options) => {
    const how = numbersOf(options, DEFAULTS);
    process.stderr.write(`learning the uplift of ${DEPTHS.length} depths from ${how.customers} customers …\n`);
    const uplift = learnedModel(how.customers);
    const kinds: readonly [string, ServedModel, PriceBook][] = [
      ["prior response, prices remembered", priorModel(), memoisedPriceBook()],
      ["prior response, prices worked out anew", priorModel(), freshPriceBook],
      [`uplift model of rung ${uplift.model.uplift!.model.description.rung}, prices remembered`, uplift.model, memoisedPriceBook()],
      [`uplift model of rung ${uplift.model.uplift!.model.description.rung}, prices worked out anew`, uplift.model, freshPriceBook],
    ];
    const measured = kinds.map(([what, model, prices]) => ({ what, ...measure(model, prices, how) }));
    return reportOf(measured, how, uplift);
  },
};

interface Learned {
  readonly model: ServedModel;
  /** Processor seconds. */
  readonly seconds: number;
  /** As JSON. */
  readonly bytes: number;
}

const learnedModel = (customers: number): Learned => {
  const log = randomisedLog(customers, [0, ...DEPTHS]);
  const games = learnGames([], { floor: 0.35, ceiling: 40, tax: { mode: "inclusive", rate: 0.1 } });
  const found: ReturnType<typeof learnUplift>[] = [];
  const seconds = processorSeconds(() => void found.push(learnUplift(log, { seed: 1, boosted: upliftBoosting })));
  const [learned] = found;
  if (learned?.kind !== "learned") throw new Error(`No uplift was learned: ${learned?.reason}`);
  const prior = priorModel();
  const model = served(prior.version, prior.model, { version: "bench", model: learned.model, games });
  return { model, seconds, bytes: JSON.stringify(learned.model).length };
};

interface Measured {
  readonly what: string;
  /** Of each repetition, microseconds of a decision. */
  readonly medians: readonly number[];
  readonly p99s: readonly number[];
  readonly offers: number;
}

const measure = (model: ServedModel, prices: PriceBook, { decisions, repeats }: typeof DEFAULTS): Omit<Measured, "what"> => {
  const inputs = makeInputs(1_000, { modelVersion: model.version, upliftVersion: model.uplift?.version ?? null });
  const decide = (n: number) => decideOffer(inputs[n % inputs.length]!, model, prices).decided.kind;
  for (let n = 0; n < WARM_UP; n++) decide(n);
  let offers = 0;
  const rounds = Array.from({ length: repeats }, () =>
    Array.from({ length: decisions }, (_, n) => {
      const start = performance.now();
      if (decide(n) === "offer") offers++;
      return (performance.now() - start) * 1_000;
    }),
  );
  return {
    medians: rounds.map((times) => quantile(times, 0.5)),
    p99s: rounds.map((times) => quantile(times, 0.99)),
    offers: offers / (repeats * decisions),
  };
};

const reportOf = (measured: readonly Measured[], { decisions, repeats, customers }: typeof DEFAULTS, uplift: Learned): Report => {
  const slowest = Math.max(...measured.map(({ medians }) => median(medians)));
  const { description } = uplift.model.uplift!.model;
  return {
    title: `One decision of ${MOST_CANDIDATES} candidates × ${DEPTHS.length} depths: microseconds of a call, medians of ${repeats} rounds of ${decisions}`,
    rows: measured.map(({ what, medians, p99s, offers }) => ({
      what,
      "median µs": tenth(median(medians)),
      "p99 µs": tenth(median(p99s)),
      "offers %": tenth(100 * offers),
    })),
    notes: [
      `${slowest < PROMISED_MICROSECONDS ? "Below" : "NOT below"} the millisecond that is promised at the median.`,
      "All inputs are in memory, nothing is read or written; the week's depth is drawn anew each time, which is the longest way through a decision.",
      `The uplift model: ${description.effectOfDepth}. ${description.reason} Learned from ${customers} customers in ${tenth(uplift.seconds)} processor seconds; ${Math.round(uplift.bytes / 1024)} KB as JSON.`,
    ],
    figures: { measured, decisions, repeats, customers, uplift: { description, seconds: uplift.seconds, bytes: uplift.bytes } },
  };
};
