/**
 * Ranks items for one customer by the chance that their next basket holds the item.
 *
 * - An item they have had: share = (own baskets with it + prior · usual share) / (own baskets + prior), chance = 1 − (1 − share)^trust; prior is how
 *   many baskets of the usual customer weigh as much as their own (`habitPrior`, estimated from the same histories).
 * - An item that is new to them: as many of these as their next basket is expected to hold, by its size and by how often they try something
 *   new (`noveltyOf`), divided among them by the blend of EASE, item-kNN, rules and popularity (`learnBlend`), and times three where it answers
 *   a declared taste.
 *
 * The trusts make the chances what later baskets show (`learnHabits`). Lift never ranks (on groceries it is far worse than popularity). The
 * margin decides only between items whose scores are equal to three digits.
 */
import { readEvidence } from "./evidence.js";
import { addHabit, addNews, Terms } from "./rankingTerms.js";
import type { Habits, RankedCustomer, RankerEvidence, RankReason, ReasonCode } from "./rankerEvidence.js";

export type { Habits, RankedCustomer, RankerEvidence, RankReason, ReasonCode };

export interface RankedItem {
  readonly item: number;
  /** Chance that the next basket holds it, 0 to 1, to three significant digits. */
  readonly score: number;
  readonly because: RankReason;
}

export interface RankOptions {
  /** Items wanted, 0 or more. */
  readonly limit: number;
  /** At most so many items that the customer already knows; all unless told. */
  readonly mostKnown?: number;
}

export type Ranker = (customer: RankedCustomer, options: RankOptions) => RankedItem[];

/** Prepares the evidence once; the ranker it returns costs about history × (weights + neighbours + rules) + items a customer. */
export function createRanker(evidence: RankerEvidence): Ranker {
  const read = readEvidence(evidence);
  const itemCount = evidence.popularity.length;
  return (customer, { limit, mostKnown = Infinity }) => {
    const terms = new Terms(itemCount);
    addHabit(terms, customer, evidence);
    addNews(terms, customer, evidence, read);
    return pick(terms, customer, evidence, limit, mostKnown);
  };
}

function pick(terms: Terms, { history }: RankedCustomer, evidence: RankerEvidence, limit: number, mostKnown: number): RankedItem[] {
  const known = new Set(history.map((entry) => entry.item));
  const margin = (item: number): number => (Number.isFinite(evidence.margins[item]) ? evidence.margins[item]! : -Infinity);
  const ranked: RankedItem[] = [];
  for (let item = 0; item < terms.scores.length; item++) {
    if (!evidence.available(item)) continue;
    ranked.push({ item, score: threeDigits(Math.min(1, Math.max(0, terms.scores[item]!))), because: terms.reason(item) });
  }
  ranked.sort(
    (a, b) =>
      b.score - a.score ||
      compare(margin(b.item), margin(a.item)) ||
      (evidence.popularity[b.item] ?? 0) - (evidence.popularity[a.item] ?? 0) ||
      a.item - b.item,
  );
  let left = mostKnown;
  return ranked.filter(({ item }) => !known.has(item) || left-- > 0).slice(0, Math.max(0, limit));
}

/** Below a millionth there is nothing to tell apart. */
function threeDigits(chance: number): number {
  if (!(chance > 1e-6)) return 0;
  const scale = 10 ** Math.min(6, 2 - Math.floor(Math.log10(chance)));
  return Math.round(chance * scale) / scale;
}

/** −Infinity equals itself here, which a difference does not say. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
