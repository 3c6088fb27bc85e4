/** Rungs 1 to 3: the depths of one item by what was measured of them, less what they teach and what they take of the budget. */
import { teachingCost } from "@kava/algorithms/game/teachingCost";
import { CAUTION } from "@kava/algorithms/policy/liftBins";
import { decisionMixture, type DepthArm, type Mixture } from "@kava/algorithms/policy/decisionMixture";
import type { LiftFound } from "@kava/algorithms/policy/upliftModel";
import type { Candidate, CandidateFinding, DecisionInput, DepthFinding, WeighedDepth, Weighing } from "./decision.js";
import { gameOf, shareBeyond } from "./games.js";
import { featuresOf, rounded } from "./judgeCandidate.js";
import { windowDays } from "./outcomeWindow.js";
import { DEPTHS, SENDING_COST } from "./policy.js";
import { netOf } from "./priceItem.js";
import type { ServedUplift } from "./servedModel.js";

/** How much wider the doubt is where another depth speaks for one that was not measured. */
const BORROWED_DOUBT = 2;

export interface Weighed {
  mixture: Mixture;
  weighing: Weighing;
}

/** Weighs the permitted depths of an item. Deterministic: nothing is drawn here. */
export const weighDepths = (candidate: Candidate, finding: CandidateFinding, input: DecisionInput, uplift: ServedUplift): Weighed => {
  const { customer, facts, remembered, multiplier } = input;
  const game = gameOf(uplift.games, customer.segment?.id ?? null);
  const beyond = shareBeyond(game.commitment, windowDays(customer.medianGapDays));
  const lifts = uplift.model.lifts(featuresOf(customer, candidate), {
    priceMinor: netOf(candidate.priceMinor, facts),
    costMinor: candidate.costMinor ?? 0,
  });
  const weighed = finding.depths.flatMap((at): (WeighedDepth & DepthArm)[] => {
    const lift = liftAt(at.depth, lifts);
    if (!lift) return [];
    const price = { remembered, depth: at.depth, priceMinor: netOf(candidate.priceMinor, facts), quantity: at.quantity };
    const { mean, deviation } = lift.belief;
    const arm = {
      depth: at.depth,
      measured: lift.measured,
      mean: rounded(mean),
      deviation: rounded(deviation),
      lower: rounded(lift.lower),
      teaching: rounded(beyond * teachingCost(game.commitment, price)),
      cost: expectedCost(at, candidate, facts),
      sending: SENDING_COST,
      worth: 0,
    };
    return [{ ...arm, belief: { mean: arm.mean, deviation: arm.deviation } }];
  });
  const mixture = decisionMixture({ arms: weighed, permitted: weighed.map(({ depth }) => depth), multiplier });
  const worths = new Map(mixture.worths.map(({ depth, worth }) => [depth, rounded(worth)]));
  const depths = weighed.map(({ belief: _, sending: __, ...arm }) => ({ ...arm, worth: worths.get(arm.depth) ?? 0 }));
  return { mixture, weighing: { itemId: candidate.itemId, depths, segmentId: game.segmentId, assumed: game.assumed } };
};

/** The discount that an offer is expected to give away, minor units: p(d) · q · what is taken off the list price. */
export const expectedCost = (
  { probability, quantity, priceMinor }: DepthFinding,
  candidate: Pick<Candidate, "priceMinor">,
  facts: DecisionInput["facts"],
): number => rounded(Math.max(0, probability * quantity * netOf(candidate.priceMinor - priceMinor, facts)));

/**
 * What is believed of a depth. One that too few were given is spoken for by the nearest measured one, with more doubt, so that it can be explored; not
 * further than one step beyond the deepest measured one, where nothing is known at all.
 */
const liftAt = (depth: number, lifts: readonly LiftFound[]): (Omit<LiftFound, "predicted"> & { measured: boolean }) | null => {
  const own = lifts.find((lift) => lift.depth === depth);
  if (own) return { ...own, measured: true };
  const deepest = Math.max(0, ...lifts.map((lift) => lift.depth));
  const nextDeeper = DEPTHS.find((each) => each > deepest) ?? deepest;
  const nearest = lifts.toSorted((a, b) => Math.abs(a.depth - depth) - Math.abs(b.depth - depth) || a.depth - b.depth)[0];
  if (!nearest || depth > nextDeeper) return null;
  const { mean, deviation } = nearest.belief;
  const doubt = BORROWED_DOUBT * (deviation + Math.abs(mean));
  return { depth, lower: mean - CAUTION * doubt, belief: { mean, deviation: doubt }, measured: false };
};
