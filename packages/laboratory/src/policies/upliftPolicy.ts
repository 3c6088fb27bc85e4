import { normalAt, uniformAt } from "@kava/algorithms/random";
import type { LearningPolicy, Policy } from "@kava/simulator/comparison/learningPolicy";
import { learnDepthEffects, type DepthEffects } from "./depthEffects.js";
import { depthTrialOf } from "./depthTrial.js";
import { Standing } from "./standing.js";

/** Share of customer-weeks in which the policy explores. */
export const exploration = 0.1;

/** Uplift without the game: each customer the depth whose effect has the highest lower bound, none where no bound is above 0. */
export const upliftWithoutGame: LearningPolicy = {
  name: "uplift without the game",
  learn: (log, rules, seed) => {
    const standing = new Standing(log, rules, learnDepthEffects(depthTrialOf(log), rules.depths, seed));
    const arms = rules.depths.map((depth, column) => ({ depth, column, burden: 0, explored: true }));
    const send = weekly(standing, () => arms, seed);
    return (view, proposed) => {
      standing.read(view);
      send(view, proposed);
    };
  },
};

/** A depth that may be sent to a customer. */
export interface OpenArm {
  readonly depth: number;
  /** Its place among the effects' depths. */
  readonly column: number;
  /** What it costs beside what it changes, core currency a day. */
  readonly burden: number;
  /** Whether it may be sent to explore. */
  readonly explored: boolean;
}

/**
 * Sends each customer, on their day of the week, the depth whose lower bound less its burden is highest. In a tenth of the customer-weeks it explores:
 * half of these by Thompson sampling from the calibrated effects less the burdens, half evenly, so that every arm that is explored keeps at least
 * exploration / (2 x arms).
 *
 * @param armsOf what may be sent to a customer today
 */
export function weekly(standing: Standing, armsOf: (customer: number) => readonly OpenArm[], seed: number): Policy {
  return ({ day, size }, proposed) => {
    for (let i = 0; i < size; i++) {
      if ((day + i) % 7 !== 0 || standing.buyers[i] === 1) continue;
      const { effects } = standing;
      const arms = armsOf(i);
      const luck = uniformAt(seed, "explore", i, day);
      if (luck >= exploration) {
        proposed[i] = cautious(effects, i, arms);
        continue;
      }
      const explored = arms.filter((arm) => arm.explored);
      proposed[i] = luck < exploration / 2 ? evenly(explored, luck / (exploration / 2)) : thompson(effects, i, explored, [seed, day]);
    }
  };
}

/** The depth with the highest bound less its burden; 0 where none is above 0. */
export function cautious({ depths, bound }: DepthEffects, customer: number, arms: readonly OpenArm[]): number {
  return bestArm(arms, ({ column, burden }) => bound.values[customer * depths.length + column]! - burden);
}

function evenly(arms: readonly OpenArm[], luck: number): number {
  return arms[Math.floor(luck * (arms.length + 1)) - 1]?.depth ?? 0;
}

function thompson(
  { depths, mean, standardError }: DepthEffects,
  customer: number,
  arms: readonly OpenArm[],
  [seed, day]: readonly [number, number],
): number {
  return bestArm(arms, ({ column, burden }) => {
    const at = customer * depths.length + column;
    return mean.values[at]! + standardError.values[at]! * normalAt(seed, "thompson", customer, day, column) - burden;
  });
}

function bestArm(arms: readonly OpenArm[], worthOf: (arm: OpenArm) => number): number {
  let best = 0;
  let highest = 0;
  for (const arm of arms) {
    const worth = worthOf(arm);
    if (worth > highest) [best, highest] = [arm.depth, worth];
  }
  return best;
}
