/** The discount game of each segment, from the weeks of which chance decided the depth: demand and memory as far as they tell, priors for the rest. */
import { commitToPolicy } from "@kava/algorithms/game/commitToPolicy";
import { ASSUMED_PATIENCE, DEFAULT_PRIORS, PARAMETERS, type DemandPriors } from "@kava/algorithms/game/demandPriors";
import { estimateDemand, type DemandEstimate, type LoggedSequence } from "@kava/algorithms/game/estimateDemand";
import type { Games, SegmentGame } from "./games.js";
import type { Outcome } from "./outcome.js";
import { ASSUMED_MEMORY, DEPTHS, LEADER_DISCOUNT } from "./policy.js";
import { netOf, type PricingFacts } from "./priceItem.js";
import { rememberedIn, weeksBetween, type RememberedWeek } from "./remembered.js";

/** Customer-weeks that a segment needs for a game of its own; smaller ones play everybody's. */
const LEAST_WEEKS = 500;
/** Points of the grid of remembered depths: the values are smooth, and kept with each model. */
const GRID_POINTS = 41;
/** A segment may differ from everybody by so much of the prior's deviation. */
const SEGMENT_SHARE = 0.5;
/** Of a cost that is unknown nothing is in the log; a share of it that is no cost of a shop is not believed. */
const MOST_COST_SHARE = 0.99;

/** A drawn week, and what tells its customer apart from others. */
export interface GameWeek {
  outcome: Outcome;
  /** Of buying the item at list price, by the response model in service. */
  logOdds: number;
}

/**
 * Learns everybody's game and those of segments. Depths go to some rather than others, so that two things keep customers' differences from passing for
 * effects of the depth: what the response model knows of each, and a weight for each week against the chance that it was given. Deterministic.
 */
export const learnGames = (weeks: readonly GameWeek[], facts: Pick<PricingFacts, "floor" | "ceiling" | "tax">): Games => {
  const weighed = weighedWeeks(weeks.filter(({ outcome }) => outcome.whole));
  const everybody = estimateDemand(sequencesOf(weighed));
  const bySegment = Map.groupBy(weighed, ({ outcome }) => outcome.customer.segment?.id ?? "");
  const segments = [...bySegment]
    .filter(([id, own]) => id !== "" && own.length >= LEAST_WEEKS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, own]) => gameFrom(id, own, estimateDemand(sequencesOf(own), priorsAround(everybody)), facts, everybody));
  return [gameFrom(null, weighed, everybody, facts, everybody), ...segments];
};

const gameFrom = (
  segmentId: string | null,
  weeks: readonly GameWeek[],
  estimate: DemandEstimate,
  facts: Pick<PricingFacts, "floor" | "ceiling" | "tax">,
  everybody: DemandEstimate,
): SegmentGame => ({
  segmentId,
  commitment: commitToPolicy({
    terms: {
      price: 1,
      cost: costShare(weeks, facts),
      floor: Math.min(1, Math.max(0, facts.floor)),
      depths: [0, ...DEPTHS.filter((depth) => depth <= Math.max(DEPTHS[0]!, facts.ceiling))],
      leaderDiscount: LEADER_DISCOUNT,
      memory: estimate.memory,
      gridPoints: GRID_POINTS,
    },
    demand: estimate.demand,
    patience: ASSUMED_PATIENCE,
  }),
  // a segment's prior is everybody's finding: what everybody's log says is not assumed here
  assumed: [...estimate.assumed.filter((name) => everybody.assumed.includes(name)), "patience"],
  epochs: estimate.epochs,
});

/** What a segment's parameters are before its own log is read: everybody's, and less loosely. */
const priorsAround = ({ demand, memory }: DemandEstimate): DemandPriors => {
  const means = {
    base: demand.base,
    depthEffect: Math.log(demand.depthEffect),
    gain: Math.log(demand.gain),
    loss: Math.log(demand.loss),
    memory: Math.log(memory / (1 - memory)),
  };
  const around = PARAMETERS.map(
    (name) => [name, { mean: means[name], deviation: SEGMENT_SHARE * DEFAULT_PRIORS[name].deviation }] as const,
  );
  return Object.fromEntries(around) as Record<(typeof PARAMETERS)[number], { mean: number; deviation: number }>;
};

interface WeighedWeek extends GameWeek {
  /** Log-odds beyond those of the average week. */
  offset: number;
  weight: number;
}

/** A week of little chance stands for so many at most. */
const MOST_WEIGHT = 20;

/** Weights together count as (Σw)² / Σw² weeks (Kish 1965), so that the priors keep their due. */
const weighedWeeks = (weeks: readonly GameWeek[]): WeighedWeek[] => {
  const given = new Map<number, number>();
  for (const { outcome } of weeks) given.set(outcome.depth, (given.get(outcome.depth) ?? 0) + 1);
  const raw = weeks.map(({ outcome: { depth, propensities } }) => {
    const chance = propensities.find((each) => each.depth === depth)?.probability ?? 1;
    return Math.min(MOST_WEIGHT, given.get(depth)! / weeks.length / chance);
  });
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const squares = raw.reduce((total, weight) => total + weight * weight, 0);
  const average = weeks.reduce((total, { logOdds }) => total + logOdds, 0) / Math.max(1, weeks.length);
  return weeks.map((week, i) => ({ ...week, offset: week.logOdds - average, weight: (raw[i]! * sum) / squares }));
};

/** Customers' runs of weeks without a gap. Between two runs the memory fades as the prior says. */
const sequencesOf = (weeks: readonly WeighedWeek[]): LoggedSequence[] => {
  const byCustomer = Map.groupBy(weeks, ({ outcome }) => outcome.customerId);
  return [...byCustomer.values()].flatMap((own) => runsOf(own.toSorted((a, b) => (a.outcome.week < b.outcome.week ? -1 : 1))));
};

interface Run {
  depths: number[];
  bought: boolean[];
  offsets: number[];
  weights: number[];
  remembered: number;
}

const runsOf = (weeks: readonly WeighedWeek[]): Run[] => {
  const runs: Run[] = [];
  let before: RememberedWeek = { week: null, weekDepth: null, remembered: 0 };
  for (const { outcome, offset, weight } of weeks) {
    const { week, depth, units } = outcome;
    const remembered = rememberedIn(week, before, ASSUMED_MEMORY);
    if (before.week === null || weeksBetween(before.week, week) > 1)
      runs.push({ depths: [], bought: [], offsets: [], weights: [], remembered });
    const run = runs.at(-1)!;
    run.depths.push(depth);
    run.bought.push(units > 0);
    run.offsets.push(offset);
    run.weights.push(weight);
    before = { week, weekDepth: depth, remembered };
  }
  return runs;
};

/** What of a net price the goods cost, on average over the items of the log, 0 to 1. */
const costShare = (weeks: readonly GameWeek[], facts: Pick<PricingFacts, "tax">): number => {
  const shares = weeks.flatMap(({ outcome: { item } }) =>
    item.costMinor === null || item.priceMinor <= 0 ? [] : [item.costMinor / netOf(item.priceMinor, facts)],
  );
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return Math.min(MOST_COST_SHARE, Math.max(0, mean));
};
