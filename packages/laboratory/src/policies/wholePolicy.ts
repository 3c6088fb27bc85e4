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
 * weeks taught within them; only the rest of the price is taken off.
 */
export const wholePolicy: LearningPolicy = {
  name: "the whole",
  learn: (log, rules, seed) => {
    const effects = learnDepthEffects(depthTrialOf(log), rules.depths, signsAt(log, log.days), seed);
    const game = learnGame(log, rules, effects);
    const memory = new Remembered(log, game.memory);
    const chosen = new Float64Array(log.size);
    const send = weekly(effects, chosen, listPriceBuyers(log), seed);
    return (view, proposed) => {
      memory.read(view);
      for (let i = 0; i < view.size; i++) if ((view.day + i) % 7 === 0) chosen[i] = bestAfterTeaching(effects, game, i, memory.of(i));
      send(view, proposed);
      memory.sent(proposed);
    };
  },
};

function bestAfterTeaching(effects: DepthEffects, game: LearnedGame, customer: number, remembered: number): number {
  const { depths, bound } = effects;
  let best = 0;
  let highest = 0;
  depths.forEach((depth, column) => {
    const value = 7 * bound.values[customer * depths.length + column]! - teaching(game, customer, remembered, depth);
    if (value > highest) [best, highest] = [depth, value];
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
