import { normalAt, uniformAt } from "@kava/algorithms/random";
import type { LearningPolicy, Policy } from "@kava/simulator/comparison/learningPolicy";
import { signsAt } from "./customerSigns.js";
import { learnDepthEffects, type DepthEffects } from "./depthEffects.js";
import { depthTrialOf } from "./depthTrial.js";
import { listPriceBuyers } from "./listPriceBuyers.js";

/** Share of customer-weeks in which the policy explores. */
export const exploration = 0.1;

/** Uplift without the game: each customer the depth whose effect has the highest lower bound, none where no bound is above 0. */
export const upliftWithoutGame: LearningPolicy = {
  name: "uplift without the game",
  learn: (log, rules, seed) => {
    const effects = learnDepthEffects(depthTrialOf(log), rules.depths, signsAt(log, log.days), seed);
    return weekly(effects, bestOf(effects), listPriceBuyers(log), seed);
  },
};

/** The depth with the highest bound of each customer; 0 where none is above 0. */
export function bestOf({ depths, bound }: DepthEffects): Float64Array {
  return Float64Array.from({ length: bound.rows }, (_, i) => {
    let best = 0;
    let highest = 0;
    depths.forEach((depth, column) => {
      const value = bound.values[i * depths.length + column]!;
      if (value > highest) [best, highest] = [depth, value];
    });
    return best;
  });
}

/**
 * Sends each customer their depth on their day of the week. In a tenth of the customer-weeks it explores: half of these by Thompson
 * sampling from the calibrated effects, half evenly, so that every arm keeps at least exploration / (2 x arms).
 *
 * @param never 1 where nothing is ever sent
 */
export function weekly(effects: DepthEffects, chosen: Float64Array, never: Uint8Array, seed: number): Policy {
  return ({ day, size }, proposed) => {
    for (let i = 0; i < size; i++) {
      if ((day + i) % 7 !== 0 || never[i] === 1) continue;
      const luck = uniformAt(seed, "explore", i, day);
      if (luck >= exploration) proposed[i] = chosen[i]!;
      else proposed[i] = luck < exploration / 2 ? evenly(effects.depths, luck / (exploration / 2)) : thompson(effects, i, day, seed);
    }
  };
}

function evenly(depths: readonly number[], luck: number): number {
  return depths[Math.floor(luck * (depths.length + 1)) - 1] ?? 0;
}

function thompson({ depths, mean, standardError }: DepthEffects, customer: number, day: number, seed: number): number {
  let best = 0;
  let highest = 0;
  depths.forEach((depth, column) => {
    const at = customer * depths.length + column;
    const drawn = mean.values[at]! + standardError.values[at]! * normalAt(seed, "thompson", customer, day, column);
    if (drawn > highest) [best, highest] = [depth, drawn];
  });
  return best;
}
