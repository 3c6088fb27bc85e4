import { noOffers, type Policy } from "../policies.js";
import { play, type PlayEnd, type PlayResult } from "../play.js";
import { drawPopulation, type Population } from "../population.js";
import { settledLife, type Life, type World } from "../worlds.js";
import { bestUniform, nothing, uniformPolicy } from "./boundingPolicies.js";
import type { LearningPolicy } from "./learningPolicy.js";
import { oracle } from "./oracle.js";
import { requireSoundRules, type Rules } from "./rules.js";
import { warmUp } from "./warmUp.js";
import { withinRules } from "./withinRules.js";

/** What one policy came to in one world. Per customer, over the days after the warm-up (play and offer-free weeks). */
export interface SeedOutcome {
  readonly policy: string;
  /** Margin, core currency. */
  readonly margin: number;
  /** Of that, in the offer-free weeks. */
  readonly freeMargin: number;
  /** Discounts given, core currency. */
  readonly discount: number;
  /** Offers sent. */
  readonly offers: number;
  /** Mean depth of the offers sent, fraction; 0 without any. */
  readonly meanDepth: number;
  /**
   * Share of customers who learnt to wait: in the offer-free weeks they make at least 20 % fewer full-price purchases than the
   * same customer on the same luck when nothing was offered after the warm-up. Counted are those who make at least one there.
   */
  readonly learntToWait: number;
}

export interface SeedSetting {
  readonly world: World;
  /** Default: nobody joins or lapses. */
  readonly life?: Life | undefined;
  readonly rules: Rules;
  readonly seed: number;
}

/** "none", "best uniform", the learners in their order, "oracle", then each uniform depth: what hindsight would have chosen from. */
export function playSeed(
  { world, life = settledLife, rules, seed }: SeedSetting,
  learners: readonly LearningPolicy[],
): readonly SeedOutcome[] {
  requireSoundRules(rules);
  const population = drawPopulation(world, seed, rules.customers, life);
  const { log, end } = warmUp(population, rules);
  const run = (policy: Policy) => playAndRest(population, end, rules, withinRules(policy, rules, log.holdout));
  const none = run(noOffers);
  const outcome = (name: string, policy: Policy) => outcomeOf(name, run(policy), none, rules);
  const learned = ({ name, learn }: LearningPolicy) => outcome(name, learn(log, rules, seed));
  return [
    ...[nothing, bestUniform, ...learners].map(learned),
    outcome("oracle", oracle(population, end, rules)),
    ...rules.depths.map((depth) => learned(uniformPolicy(depth))),
  ];
}

interface Run {
  readonly during: PlayResult;
  readonly after: PlayResult;
  readonly offers: number;
  readonly depths: number;
}

function playAndRest(population: Population, from: PlayEnd, rules: Rules, policy: Policy): Run {
  let offers = 0;
  let depths = 0;
  const counted: Policy = (view, proposed) => {
    policy(view, proposed);
    for (const depth of proposed) {
      if (depth > 0) offers += 1;
      depths += depth;
    }
  };
  const options = { seed: population.seed, population };
  const during = play(population.world, counted, rules.playDays, { ...options, from });
  const after = play(population.world, noOffers, rules.freeDays, { ...options, from: during.end });
  return { during, after, offers, depths };
}

function outcomeOf(policy: string, { during, after, offers, depths }: Run, none: Run, rules: Rules): SeedOutcome {
  const perCustomer = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / rules.customers;
  const freeMargin = perCustomer(after.margin);
  return {
    policy,
    margin: perCustomer(during.margin) + freeMargin,
    freeMargin,
    discount: perCustomer(during.discount) + perCustomer(after.discount),
    offers: offers / rules.customers,
    meanDepth: offers === 0 ? 0 : depths / offers,
    learntToWait: shareWaiting(after.fullPricePurchases, none.after.fullPricePurchases),
  };
}

function shareWaiting(taught: Float64Array, untaught: Float64Array): number {
  let buyers = 0;
  let waiting = 0;
  for (let i = 0; i < taught.length; i++) {
    if (untaught[i] === 0) continue;
    buyers += 1;
    if (taught[i]! <= 0.8 * untaught[i]!) waiting += 1;
  }
  return buyers === 0 ? 0 : waiting / buyers;
}
