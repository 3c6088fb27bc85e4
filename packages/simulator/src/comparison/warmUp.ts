import { uniformAt } from "@kava/algorithms/random";
import { play, type PlayEnd } from "../play.js";
import type { Policy } from "../policies.js";
import type { Population } from "../population.js";
import { birth, purpose } from "../purposes.js";
import type { Rules } from "./rules.js";
import { ShopBook } from "./shopBook.js";
import type { WarmUpLog } from "./warmUpLog.js";

/** Probability that a draw of the warm-up sends nothing; the depths share the rest evenly. */
export const warmUpNothing = 0.4;

/** How long a depth is kept in the last block, days. */
export const blockDays = 28;

/** The customers whom no policy of this seed may ever send an offer. */
export function holdoutOf(population: Population, share: number): Uint8Array {
  const drawn = Float64Array.from({ length: population.size }, (_, i) => uniformAt(population.seed, i, birth, purpose.holdout));
  return Uint8Array.from(drawn, (u) => (u < share ? 1 : 0));
}

/**
 * The warm-up that all policies of a seed share, and its log. In all blocks of 28 days but the last a depth is drawn afresh each week (many
 * depths tell most about a customer); in the last one it is drawn once and kept, so that what weekly offers teach a customer, and what
 * they buy earlier than they would have, falls into the same 28 days.
 */
export function warmUp(population: Population, rules: Rules): { readonly log: WarmUpLog; readonly end: PlayEnd } {
  const { size, seed, world } = population;
  const days = rules.warmUpDays;
  const holdout = holdoutOf(population, rules.holdoutShare);
  const book = new ShopBook(size, days);
  const policy = randomOffers(population, rules, holdout, book);
  const { end } = play(world, policy, days, { seed, population });
  book.read({ ...end, size, liveDepth: end.shoppers.liveDepth });
  return { log: book.close(population.observed, holdout), end };
}

/** Each customer in turn, once a week, as `uniformWeekly` sends. */
function randomOffers({ seed }: Population, rules: Rules, holdout: Uint8Array, book: ShopBook): Policy {
  const held = new Float64Array(holdout.length);
  const lastBlock = rules.warmUpDays - blockDays;
  return (view, proposed) => {
    book.read(view);
    const kept = view.day >= lastBlock;
    for (let customer = 0; customer < view.size; customer++) {
      if (holdout[customer] === 1 || view.reachable[customer] === 0 || (view.day + customer) % 7 !== 0) continue;
      if (!kept || view.day < lastBlock + 7) {
        const decision = { customer, day: view.day, days: kept ? blockDays : 7, ...drawDepth(seed, customer, view.day, rules.depths) };
        held[customer] = decision.depth;
        book.decide(decision);
      }
      proposed[customer] = held[customer]!;
    }
  };
}

function drawDepth(seed: number, customer: number, day: number, depths: readonly number[]): { depth: number; propensity: number } {
  const luck = uniformAt(seed, customer, day, purpose.arm);
  if (luck < warmUpNothing) return { depth: 0, propensity: warmUpNothing };
  const arm = Math.floor(((luck - warmUpNothing) / (1 - warmUpNothing)) * depths.length);
  return { depth: depths[Math.min(arm, depths.length - 1)]!, propensity: (1 - warmUpNothing) / depths.length };
}
