import { greedyCost, smallestMultiplier, type BudgetedArm } from "@kava/algorithms/policy/budget";
import { teachingCost } from "@kava/algorithms/game/teachingCost";
import type { LearningPolicy, ShopView, WarmUpLog } from "@kava/simulator/comparison/learningPolicy";
import { signsAt } from "./customerSigns.js";
import { learnDepthEffects, type DepthEffects } from "./depthEffects.js";
import { depthTrialOf } from "./depthTrial.js";
import { learnGame, opportunities, type LearnedGame } from "./learnGame.js";
import { listPriceBuyers } from "./listPriceBuyers.js";
import { weekly } from "./upliftPolicy.js";

/**
 * Uplift and game: the depth whose lower bound less the price of what it teaches is highest. The outcome of a depth already holds what its four
 * weeks taught within them; only the rest of the price is taken off. Where discounts would exceed the budget, their price rises until they fit.
 */
export const wholePolicy: LearningPolicy = {
  name: "the whole",
  learn: (log, rules, seed) => {
    const effects = learnDepthEffects(depthTrialOf(log), rules.depths, signsAt(log, log.days), seed);
    const game = learnGame(log, rules, effects);
    const memory = new Remembered(log, game.memory);
    const chosen = new Float64Array(log.size);
    const buyers = listPriceBuyers(log);
    const send = weekly(effects, chosen, buyers, seed);
    const armsOf = (i: number) => armsAfterTeaching(effects, game, i, memory.of(i));
    const decided = [...buyers.keys()].filter((i) => buyers[i] === 0 && log.holdout[i] === 0);
    const price = priceOfBudget(decided.map(armsOf), rules.budgetShare * turnoverAWeek(log));
    return (view, proposed) => {
      memory.read(view);
      for (let i = 0; i < view.size; i++) if ((view.day + i) % 7 === 0) chosen[i] = bestDepth(effects.depths, armsOf(i), price);
      send(view, proposed);
      memory.sent(proposed);
    };
  },
};

/** What each depth is worth to a customer a week, and what it is expected to cost, core currency. */
function armsAfterTeaching({ depths, bound, cost }: DepthEffects, game: LearnedGame, customer: number, remembered: number): BudgetedArm[] {
  return depths.map((depth, column) => {
    const at = customer * depths.length + column;
    return { worth: 7 * bound.values[at]! - teaching(game, customer, remembered, depth), cost: 7 * cost.values[at]! };
  });
}

/** lambda: the smallest price of discounts under which the week's expected discounts fit the budget; 0 where they do anyway. */
function priceOfBudget(decisions: readonly (readonly BudgetedArm[])[], budget: number): number {
  return smallestMultiplier((multiplier) => greedyCost(decisions, multiplier), budget).multiplier;
}

function turnoverAWeek({ purchases, days }: WarmUpLog): number {
  return (7 * purchases.reduce((sum, { list }) => sum + list, 0)) / days;
}

function bestDepth(depths: readonly number[], arms: readonly BudgetedArm[], price: number): number {
  let best = 0;
  let highest = 0;
  arms.forEach(({ worth, cost }, column) => {
    const value = worth - price * cost;
    if (value > highest) [best, highest] = [depths[column]!, value];
  });
  return best;
}

/** Core currency a week. */
function teaching(
  { commitments, segment, atStake, memory, seen }: LearnedGame,
  customer: number,
  remembered: number,
  depth: number,
): number {
  const commitment = commitments[segment[customer]!]!;
  const { price, leaderDiscount } = commitment.terms;
  const kappa = teachingCost(commitment, {
    remembered: 100 * remembered,
    depth: 100 * depth,
    priceMinor: price,
    quantity: opportunities * atStake[customer]!,
  });
  return seen * shareBeyond(leaderDiscount * memory) * kappa;
}

/** The share of the teaching of four weekly offers that is felt after the four weeks, when it fades by this factor a week. */
export function shareBeyond(fading: number): number {
  return (1 + fading + fading ** 2 + fading ** 3) / 4;
}

/** What each customer remembers, followed week by week from the offers they saw. */
class Remembered {
  readonly #depth: Float64Array;
  readonly #sentDepth: Float64Array;

  constructor(
    log: WarmUpLog,
    private readonly memory: number,
  ) {
    this.#depth = new Float64Array(log.size);
    this.#sentDepth = new Float64Array(log.size);
    const fromDay = new Float64Array(log.size);
    for (let day = 0; day < log.days; day++)
      for (let i = 0; i < log.size; i++) {
        if ((day + i) % 7 === 0) this.#learn(i, fromDay[i]!);
        if ((day + i) % 7 === 0) fromDay[i] = 0;
        fromDay[i] = Math.max(fromDay[i]!, log.inHand[i * log.days + day]!);
      }
  }

  of(customer: number): number {
    return this.#depth[customer]!;
  }

  /** On the morning after an offer's day: was it seen? */
  read({ size, day, liveDepth, discountYesterday }: ShopView): void {
    for (let i = 0; i < size; i++) {
      if ((day - 1 + i) % 7 !== 0) continue;
      const seen = liveDepth[i]! > 0 || discountYesterday[i]! > 0;
      this.#learn(i, seen ? this.#sentDepth[i]! : 0);
    }
  }

  sent(proposed: Float64Array): void {
    this.#sentDepth.set(proposed);
  }

  #learn(customer: number, depth: number): void {
    this.#depth[customer] = this.memory * this.#depth[customer]! + (1 - this.memory) * depth;
  }
}
