import type { History } from "./habitPrior.js";
import type { OwnedBasket } from "./laterBaskets.js";
import { learnBlend, learnEvidence, popularityOf, type BlendOptions, type LearnedBlend } from "./learnBlend.js";
import { learnHabits } from "./learnHabits.js";
import type { ItemList } from "./mineItemsets.js";
import type { Habits } from "./rankerEvidence.js";

/** What a chain's customers did. */
export interface RankingInput {
  /** Whole histories; those of the baskets are among them. */
  readonly customers: readonly History[];
  /** The latest baskets, oldest first, also those of nobody known. */
  readonly baskets: readonly OwnedBasket[];
  readonly itemCount: number;
}

export interface LearnedRanking extends LearnedBlend {
  readonly habits: Habits;
}

/**
 * Everything that ranks, from what happened: the blend of evidence over histories (where there are none: over baskets), and how much habit counts
 * against news. The same input and seed give the same answer; sound for nothing at all, one customer, one item, one basket.
 *
 * @throws RangeError when an item index is not below `itemCount`
 */
export function learnRanking({ customers, baskets, itemCount }: RankingInput, options: BlendOptions): LearnedRanking {
  const sets = setsOf(customers);
  const lists = baskets.map(({ items }) => items);
  const blend = learnBlend({ sets: sets.length > 0 ? sets : lists, baskets: lists, itemCount }, options);
  const { lambda, weights, evidence } = blend;
  const habits = learnHabits({ customers, baskets, popularity: evidence.popularity }, (before, earlier) => ({
    ...learnEvidence(setsOf(before), popularityOf(earlier, itemCount), { ...options, lambda }),
    weights,
  }));
  return { ...blend, habits };
}

const setsOf = (customers: readonly History[]): ItemList[] =>
  customers.flatMap(({ history }) => (history.length > 0 ? [history.map((entry) => entry.item)] : []));
