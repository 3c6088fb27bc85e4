import { uniformWeekly, type Policy } from "../policies.js";
import { play, type PlayEnd } from "../play.js";
import type { Population } from "../population.js";
import type { Rules } from "./rules.js";

/** Lives of other luck over which the oracle takes its expectation. */
export const oracleLives = 3;

/**
 * Knows every customer's true parameters and state of mind, but not their luck: for each customer the weekly depth (0 among them) that
 * earns most in expectation over what is left of the comparison, its free weeks included. The expectation is a mean over plays of the
 * same customers under other luck. No real policy can do this; it shows what there is to gain from depths that are kept.
 */
export function oracle(population: Population, from: PlayEnd, rules: Rules, lives = oracleLives): Policy {
  const best = new Float64Array(population.size);
  const bestMargin = new Float64Array(population.size).fill(-Infinity);
  for (const depth of [0, ...rules.depths]) {
    const expected = expectedMargin(population, from, rules, depth, lives);
    for (let i = 0; i < population.size; i++) {
      if (expected[i]! <= bestMargin[i]!) continue;
      bestMargin[i] = expected[i]!;
      best[i] = depth;
    }
  }
  return ({ day, size }, proposed) => {
    for (let customer = 0; customer < size; customer++) if ((day + customer) % 7 === 0) proposed[customer] = best[customer]!;
  };
}

function expectedMargin(population: Population, from: PlayEnd, rules: Rules, depth: number, lives: number): Float64Array {
  const sum = new Float64Array(population.size);
  for (let life = 1; life <= lives; life++) {
    const otherLuck = { ...population, seed: population.seed + life * 1_000_003 };
    const options = { seed: otherLuck.seed, population: otherLuck };
    const during = play(population.world, uniformWeekly(depth), rules.playDays, { ...options, from });
    const after = play(population.world, uniformWeekly(0), rules.freeDays, { ...options, from: during.end });
    for (let i = 0; i < sum.length; i++) sum[i]! += during.margin[i]! + after.margin[i]!;
  }
  return sum;
}
