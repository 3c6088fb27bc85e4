import { greedyCost, smallestMultiplier } from "@kava/algorithms/policy/budget";
import { teachingCost } from "@kava/algorithms/game/teachingCost";
import { depthFor } from "@kava/algorithms/game/thresholdPolicy";
import type { LearningPolicy, Policy, Rules, WarmUpLog } from "@kava/simulator/comparison/learningPolicy";
import { learnDepthEffects, type LearnedDepthEffects } from "./depthEffects.js";
import { depthTrialOf } from "./depthTrial.js";
import { learnGame, opportunities, type LearnedGame, type Placed } from "./learnGame.js";
import { Remembered } from "./remembered.js";
import { Standing } from "./standing.js";
import { weekly, type OpenArm } from "./upliftPolicy.js";

/**
 * Uplift and game: the depth whose lower bound less the price of what it teaches is highest. The outcome of a depth holds what is felt of its teaching
 * within four weeks, so that only the rest of the price is taken off. What the policy explores stays within the commitment for the customer's segment
 * and what they remember: a shop that explores beyond its commitment has none. Where discounts would exceed the budget, their price rises until they fit.
 */
export const wholePolicy: LearningPolicy = { name: "the whole", learn: (log, rules, seed) => learnWhole(log, rules, seed).policy };

/** The policy, and which effects it rests on. */
export function learnWhole(log: WarmUpLog, rules: Rules, seed: number): { readonly policy: Policy; readonly effects: LearnedDepthEffects } {
  const effects = learnDepthEffects(depthTrialOf(log), rules.depths, seed);
  const standing = new Standing(log, rules, effects);
  const game = learnGame(log, rules, standing);
  const memory = new Remembered(log, game.memory);
  let placed = game.place(standing);
  const armsOf = (customer: number) => committedArms(game, placed, customer, { remembered: memory.of(customer), depths: rules.depths });
  const lambda = priceOfBudget(standing, armsOf, log, rules.budgetShare);
  const priced = (customer: number) =>
    armsOf(customer).map((arm) => ({ ...arm, burden: arm.burden + lambda * costOf(standing, customer, arm) }));
  const send = weekly(standing, priced, seed);
  const policy: Policy = (view, proposed) => {
    memory.read(view);
    if (standing.read(view)) placed = game.place(standing);
    send(view, proposed);
    memory.sent(proposed);
  };
  return { policy, effects };
}

interface Recall {
  /** r, fraction. */
  readonly remembered: number;
  readonly depths: readonly number[];
}

/** Every depth with its price of teaching; those beyond the commitment are not explored. */
export function committedArms(game: LearnedGame, placed: Placed, customer: number, { remembered, depths }: Recall): OpenArm[] {
  const { policy } = game.commitments[placed.segment[customer]!]!;
  const committed = depthFor(policy, 100 * remembered) / 100;
  return depths.map((depth, column) => ({
    depth,
    column,
    burden: teaching(game, placed, customer, { remembered, depth }),
    explored: depth <= committed + 1e-9,
  }));
}

/** lambda: the smallest price of discounts under which the week's expected discounts fit the budget; 0 where they do anyway. */
function priceOfBudget(standing: Standing, armsOf: (customer: number) => readonly OpenArm[], log: WarmUpLog, share: number): number {
  const { effects, buyers } = standing;
  const decisions = [...buyers.keys()]
    .filter((i) => buyers[i] === 0 && log.holdout[i] === 0)
    .map((i) =>
      armsOf(i).map((arm) => ({
        worth: effects.bound.values[i * effects.depths.length + arm.column]! - arm.burden,
        cost: costOf(standing, i, arm),
      })),
    );
  return smallestMultiplier((multiplier) => greedyCost(decisions, multiplier), share * turnoverADay(log)).multiplier;
}

/** Expected discounts, core currency a day, as they are known now. */
function costOf({ effects }: Standing, customer: number, { column }: OpenArm): number {
  return effects.cost.values[customer * effects.depths.length + column]!;
}

function turnoverADay({ purchases, days }: WarmUpLog): number {
  return purchases.reduce((sum, { list }) => sum + list, 0) / days;
}

/** Core currency a day: the commitment is that of a week with as many opportunities as days. */
function teaching(
  { commitments, memory, seen }: LearnedGame,
  { segment, atStake }: Placed,
  customer: number,
  { remembered, depth }: { readonly remembered: number; readonly depth: number },
): number {
  const commitment = commitments[segment[customer]!]!;
  const { price, leaderDiscount } = commitment.terms;
  const kappa = teachingCost(commitment, {
    remembered: 100 * remembered,
    depth: 100 * depth,
    priceMinor: price,
    quantity: opportunities * atStake[customer]!,
  });
  return (seen * shareBeyond(leaderDiscount * memory) * kappa) / 7;
}

/** The share of an offer's teaching that is felt after the four weeks of the outcome, when it fades by this factor a week. */
export function shareBeyond(fading: number): number {
  return fading ** 4;
}
