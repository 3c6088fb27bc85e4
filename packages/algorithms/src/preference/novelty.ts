/** How often a customer tries what they have not had: a beta-binomial held by the chain's rate. */
import type { History } from "./habitPrior.js";

export interface Novelty {
  /** Chance that an item of a next basket is new to its customer, before anything is known of them; in (0, 1). */
  readonly rate: number;
  /** How many items bought that rate weighs against a customer's own. */
  readonly strength: number;
}

/** A history, and how many of the items of the basket that came next were new to it. */
export interface NoveltyCase {
  readonly history: History["history"];
  readonly items: number;
  readonly fresh: number;
}

/** Before anything was learned: most of what a customer of a few baskets buys next is new. */
export const PRIOR_NOVELTY: Novelty = { rate: 0.7, strength: 20 };

const STRENGTHS = [0.5, 1, 2, 5, 10, 20, 50, 100, 1_000] as const;
const RATES = Array.from({ length: 49 }, (_, i) => 0.02 * (i + 1));
/** Baskets that `PRIOR_NOVELTY` counts as, so that a handful of cases changes little. */
const PRIOR_CASES = 5;
const CERTAIN = 0.999;

/**
 * Chance that the next item bought is new: (items had once + strength · rate) / (items bought + strength). What a customer had once is what the
 * mass of the unseen is estimated by (Good 1953), and the chain's rate holds it. 1 for who has nothing.
 */
export function noveltyOf(history: History["history"], { rate, strength }: Novelty): number {
  if (history.length === 0) return 1;
  let [once, bought] = [0, 0];
  for (const { baskets } of history) {
    bought += baskets;
    if (baskets === 1) once += 1;
  }
  return Math.min(CERTAIN, (once + strength * rate) / (bought + strength));
}

/** The rate and its strength under which what came next is likeliest, each basket counting once. Deterministic; the prior for no cases. */
export function fitNovelty(cases: readonly NoveltyCase[]): Novelty {
  const told = cases.filter(({ items, history }) => items > 0 && history.length > 0);
  let best = { ...PRIOR_NOVELTY, likelihood: -Infinity };
  for (const strength of STRENGTHS)
    for (const rate of RATES) {
      const likelihood = likelihoodOf(told, { rate, strength });
      if (likelihood > best.likelihood) best = { rate, strength, likelihood };
    }
  return told.length === 0 ? PRIOR_NOVELTY : { rate: best.rate, strength: best.strength };
}

function likelihoodOf(cases: readonly NoveltyCase[], novelty: Novelty): number {
  let sum = PRIOR_CASES * (PRIOR_NOVELTY.rate * Math.log(novelty.rate) + (1 - PRIOR_NOVELTY.rate) * Math.log(1 - novelty.rate));
  for (const { history, items, fresh } of cases) {
    const chance = noveltyOf(history, novelty);
    sum += (fresh * Math.log(chance) + (items - fresh) * Math.log(1 - chance)) / items;
  }
  return sum;
}
