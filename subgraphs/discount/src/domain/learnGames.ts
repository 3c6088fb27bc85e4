/** The discount game of each segment, from the weeks of which chance decided the depth: demand and memory as far as they tell, priors for the rest. */
import { commitToPolicy } from "@kava/algorithms/game/commitToPolicy";
import { ASSUMED_PATIENCE, DEFAULT_PRIORS, PARAMETERS, type DemandPriors } from "@kava/algorithms/game/demandPriors";
import { estimateDemand, type DemandEstimate, type LoggedSequence } from "@kava/algorithms/game/estimateDemand";
import type { Games, SegmentGame } from "./games.js";
import type { Outcome } from "./outcome.js";
import { ASSUMED_MEMORY, DEPTHS, LEADER_DISCOUNT } from "./policy.js";
import type { PricingFacts } from "./priceItem.js";
import { weeksBetween } from "./remembered.js";

/** Customer-weeks that a segment needs for a game of its own; smaller ones play everybody's. */
const LEAST_WEEKS = 500;
/** Points of the grid of remembered depths: the values are smooth, and kept with each model. */
const GRID_POINTS = 41;
/** A segment may differ from everybody by so much of the prior's deviation. */
const SEGMENT_SHARE = 0.5;
/** Of a cost that is unknown nothing is in the log; a share of it that is no cost of a shop is not believed. */
const MOST_COST_SHARE = 0.99;

/** Learns everybody's game and those of segments. Deterministic. */
export const learnGames = (outcomes: readonly Outcome[], facts: Pick<PricingFacts, "floor" | "ceiling" | "tax">): Games => {
  const everybody = estimateDemand(sequencesOf(outcomes));
  const bySegment = Map.groupBy(outcomes, (each) => each.customer.segment?.id ?? "");
  const segments = [...bySegment]
    .filter(([id, own]) => id !== "" && own.length >= LEAST_WEEKS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, own]) => gameFrom(id, own, estimateDemand(sequencesOf(own), priorsAround(everybody)), facts, everybody));
  return [gameFrom(null, outcomes, everybody, facts, everybody), ...segments];
};

const gameFrom = (
  segmentId: string | null,
  outcomes: readonly Outcome[],
  estimate: DemandEstimate,
  facts: Pick<PricingFacts, "floor" | "ceiling" | "tax">,
  everybody: DemandEstimate,
): SegmentGame => ({
  segmentId,
  commitment: commitToPolicy({
    terms: {
      price: 1,
      cost: costShare(outcomes, facts),
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

/** Customers' runs of weeks without a gap. Between two runs the memory fades as the prior says. */
const sequencesOf = (outcomes: readonly Outcome[]): LoggedSequence[] => {
  const byCustomer = Map.groupBy(outcomes, (each) => each.customerId);
  return [...byCustomer.values()].flatMap((own) => runsOf(own.toSorted((a, b) => (a.week < b.week ? -1 : 1))));
};

const runsOf = (weeks: readonly Outcome[]): LoggedSequence[] => {
  const runs: { depths: number[]; bought: boolean[]; remembered: number }[] = [];
  let remembered = 0;
  weeks.forEach((each, at) => {
    const before = weeks[at - 1];
    const gap = before ? weeksBetween(before.week, each.week) : 1;
    remembered *= ASSUMED_MEMORY ** (gap - 1);
    if (!before || gap > 1) runs.push({ depths: [], bought: [], remembered });
    const run = runs.at(-1)!;
    run.depths.push(each.depth);
    run.bought.push(each.units > 0);
    remembered = ASSUMED_MEMORY * remembered + (1 - ASSUMED_MEMORY) * each.depth;
  });
  return runs;
};

/** What of a net price the goods cost, on average over the items of the log, 0 to 1. */
const costShare = (outcomes: readonly Outcome[], { tax }: Pick<PricingFacts, "tax">): number => {
  const untaxed = tax.mode === "inclusive" ? 1 / (1 + tax.rate) : 1;
  const shares = outcomes.flatMap(({ item }) => (item.costMinor === null ? [] : [item.costMinor / (item.priceMinor * untaxed)]));
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return Math.min(MOST_COST_SHARE, Math.max(0, mean));
};
