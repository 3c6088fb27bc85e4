/** What depths change, learned from a chain's own log of draws, judged on the weeks after it, with the games and the price of the budget that belong to it. */
import { greedyCost, smallestMultiplier } from "@kava/algorithms/policy/budget";
import { judgeUplift, type UpliftComparison } from "@kava/algorithms/policy/judgeUplift";
import { learnUplift, type LearnUpliftOptions } from "@kava/algorithms/policy/learnUplift";
import { selectLog, type UpliftLog } from "@kava/algorithms/policy/upliftLog";
import { loadUplift, type UpliftModel } from "@kava/algorithms/policy/upliftModel";
import { COLUMNS, encodeFeatures } from "@kava/algorithms/response/encodeFeatures";
import { loadModel } from "@kava/algorithms/response/loadModel";
import type { ResponseModel, StoredModel } from "@kava/algorithms/response/responseModel";
import { priorModel } from "./fitModel.js";
import type { Games } from "./games.js";
import { featuresOf } from "./judgeCandidate.js";
import { learnGames } from "./learnGames.js";
import type { Outcome } from "./outcome.js";
import { POLICY_SEED } from "./policy.js";
import { netOf, type PricingFacts } from "./priceItem.js";

/** The latest share of the log judges what was learned from the rest. */
export const JUDGED_SHARE = 0.2;
/** With fewer later rows nothing can be said of a model. */
const LEAST_JUDGED = 200;

/** What a fit reads. Plain data: it travels to a worker. */
export interface FitUpliftInput {
  /** Oldest first. */
  outcomes: readonly Outcome[];
  facts: PricingFacts;
  /** The response model in service, as stored; null for the prior. */
  response: unknown;
  /** The uplift model in service, as stored; null for none. */
  inService: unknown;
  /** What the discounts of the log's last seven days might have cost, minor units: the less, the fewer of that week's draws are in the log. */
  weeklyBudgetMinor: number;
}

export type FittedUplift =
  | {
      kind: "fitted";
      model: StoredModel;
      games: Games;
      /** Null when there is too little to judge by. */
      comparison: UpliftComparison | null;
      /** λ at which the decisions of the last seven days would have kept to the budget. */
      multiplier: number;
    }
  | { kind: "tooLittle"; reason: string };

/** How far a fit is. */
export type Report = (progress: { step: string; done: number; total: number }) => void;

/** Fits what depths change, and compares it with what is in service. Deterministic. */
export const fitUplift = (
  { outcomes, facts, response, inService, weeklyBudgetMinor }: FitUpliftInput,
  boosted: NonNullable<LearnUpliftOptions["boosted"]>,
  report: Report = () => {},
): FittedUplift => {
  const usable = outcomes.filter(({ item }) => item.costMinor !== null);
  if (usable.length === 0) return { kind: "tooLittle", reason: "chance has decided for no customer's week whose outcome is known" };
  const base = response === null ? priorModel().model : loadModel(response);
  const log = logOf(usable, base, facts);
  const learnedRows = Math.floor((1 - JUDGED_SHARE) * usable.length);
  const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const earlier = selectLog(log, rows(0, learnedRows));
  const learned = learnUplift(earlier, {
    seed: POLICY_SEED,
    boosted,
    onStep: (step, done, total) => report({ step, done, total }),
  });
  if (learned.kind === "tooLittle") return { kind: "tooLittle", reason: learned.reason };
  report({ step: "judging", done: 0, total: 1 });
  const before = inService === null ? null : loadUplift(inService);
  const later = selectLog(log, rows(learnedRows, usable.length));
  const comparison =
    later.depths.length < LEAST_JUDGED
      ? null
      : judgeUplift(learned.model, before, later.baseLogOdds, later, earlier.features, { seed: POLICY_SEED });
  report({ step: "games of the segments", done: 0, total: 1 });
  const games = learnGames(
    usable.map((outcome, row) => ({ outcome, logOdds: log.baseLogOdds[row]! })),
    facts,
  );
  const multiplier = multiplierFor(learned.model, base, lastWeekOf(usable), facts, weeklyBudgetMinor);
  return { kind: "fitted", model: learned.model.toJSON(), games, comparison, multiplier };
};

/** The outcomes as the learner reads them. */
const logOf = (outcomes: readonly Outcome[], base: ResponseModel, facts: PricingFacts): UpliftLog => {
  const n = outcomes.length;
  const drawable = [...new Set([0, ...outcomes.flatMap(({ propensities }) => propensities.map(({ depth }) => depth))])].sort(
    (a, b) => a - b,
  );
  const features = { rows: n, columns: COLUMNS.length, values: new Float64Array(n * COLUMNS.length) };
  const propensities = { rows: n, columns: drawable.length, values: new Float64Array(n * drawable.length) };
  const numbers = new Map<string, number>();
  const each = (of: (outcome: Outcome) => number) => Float64Array.from(outcomes, of);
  outcomes.forEach((outcome, row) => {
    features.values.set(encodeFeatures(featuresOf(outcome.customer, outcome.item)), row * COLUMNS.length);
    for (const { depth, probability } of outcome.propensities)
      propensities.values[row * drawable.length + drawable.indexOf(depth)]! += probability;
    if (!numbers.has(outcome.customerId)) numbers.set(outcome.customerId, numbers.size);
  });
  return {
    features,
    depths: each(({ depth }) => depth),
    drawable,
    propensities,
    outcomes: each(({ marginMinor }) => marginMinor),
    units: each(({ units }) => units),
    prices: each(({ item }) => netOf(item.priceMinor, facts)),
    costs: each(({ item }) => item.costMinor ?? 0),
    customers: each(({ customerId }) => numbers.get(customerId)!),
    baseLogOdds: each(({ customer, item }) => logOdds(base.predict(featuresOf(customer, item), 0).probability)),
  };
};

const WEEK_MS = 7 * 86_400_000;

/** When the last seven days of a log began: nearly each customer was drawn for once in them. */
export const lastWeekSince = (latest: Date): Date => new Date(latest.getTime() - WEEK_MS);

const lastWeekOf = (outcomes: readonly Outcome[]): Outcome[] => {
  const since = lastWeekSince(outcomes.at(-1)!.decidedAt);
  return outcomes.filter(({ decidedAt }) => decidedAt > since);
};

/** λ, were the decisions of these weeks made with this model; of what they teach nothing is known here, so that it is at the cautious end. */
const multiplierFor = (
  model: UpliftModel,
  base: ResponseModel,
  outcomes: readonly Outcome[],
  facts: PricingFacts,
  budget: number,
): number => {
  if (budget === 0) return 0; // without turnover there is nothing to take a share of
  const response = model.respond(base);
  const decisions = outcomes.map(({ customer, item }) => {
    const features = featuresOf(customer, item);
    const price = netOf(item.priceMinor, facts);
    return model.lifts(features, { priceMinor: price, costMinor: item.costMinor ?? 0 }).map(({ depth, lower }) => {
      const { probability, quantity } = response.predict(features, depth);
      return { worth: lower, cost: (probability * quantity * price * depth) / 100 };
    });
  });
  return smallestMultiplier((multiplier) => greedyCost(decisions, multiplier), budget).multiplier;
};

/** Kept this far from 0 and 1, so that it is finite. */
const CERTAIN = 1e-6;
const logOdds = (probability: number): number => {
  const p = Math.min(1 - CERTAIN, Math.max(CERTAIN, probability));
  return Math.log(p / (1 - p));
};
