/**
 * Ranks items for one customer by the chance that their next basket holds the item. SCIENCE.md 3.
 *
 * score = (own baskets with the item + prior · rate) / (own baskets + prior) + rules, where
 * - rate is the item's popularity, scaled by how much more similar it is to the history than chance makes two items so common (item-kNN),
 *   and by declared tastes;
 * - prior is how many baskets of the customer's own weigh as much as everybody's (`habitPrior`, estimated from the same histories);
 * - a rule adds the chance that its antecedent is in the next basket × what it adds to the consequent's popularity.
 *
 * Lift never ranks (on groceries it is far worse than popularity). The margin decides only between items whose scores are equal to three
 * digits. HR@5 against later purchases: coffee-chain 0.231 (habit 0.226, popularity 0.212); online-retail 0.726 (0.759, 0.412), of items
 * new to the customer 0.321 (popularity 0.208).
 */
import type { AssociationRule } from "./associationRules.js";
import type { History } from "./habitPrior.js";
import type { ItemNeighbours } from "./itemNeighbours.js";

export type ReasonCode = "yourFavourite" | "oftenBoughtWith" | "customersLikeYou" | "matchesTaste" | "popular";

/** Why an item is recommended. `item` is the one behind the reason, where there is one. */
export interface RankReason {
  readonly code: ReasonCode;
  readonly item?: number;
}

export interface RankedItem {
  readonly item: number;
  /** Blended probability of liking, 0 to 1, to three digits. */
  readonly score: number;
  readonly because: RankReason;
}

/** What is known of all items. Arrays are indexed by item. */
export interface RankerEvidence {
  /** Item-kNN over customers' histories. */
  readonly neighbours: ItemNeighbours;
  readonly rules: readonly AssociationRule[];
  /** Share of the baskets that hold the item, 0 to 1. */
  readonly popularity: ArrayLike<number>;
  /** Baskets that everybody's habits weigh against the customer's own, from `habitPrior`. */
  readonly priorBaskets: number;
  /** Margin of one unit at list price, minor units; NaN = unknown, last among equals. */
  readonly margins: ArrayLike<number>;
  /** False for what is retired or cannot be had: it never appears. */
  readonly available: (item: number) => boolean;
}

export interface RankedCustomer extends History {
  /** Items that match what the customer declared to like. */
  readonly tastes?: ReadonlySet<number>;
}

export interface RankOptions {
  /** Items wanted, 0 or more. */
  readonly limit: number;
  /** At most so many items that the customer already knows; all unless told. */
  readonly mostKnown?: number;
}

export type Ranker = (customer: RankedCustomer, options: RankOptions) => RankedItem[];

/** Sum of similarities that "as likely as for anybody" weighs against the similar customers. */
const CHANCE_WEIGHT = 1;
/** A personal reason is given when it makes up this share of the score. */
const PERSONAL_SHARE = 0.1;
/** A declared taste makes an item so many times as likely as popularity says. */
const TASTE_LIFT = 3;

/** Prepares the evidence once; the ranker it returns costs about history × (neighbours + rules) + items a customer. */
export function createRanker(evidence: RankerEvidence): Ranker {
  const rulesByFirst = indexByFirst(evidence.rules);
  return (customer, { limit, mostKnown = Infinity }) => {
    const terms = new Terms(evidence.neighbours.counts.length, customer.basketCount, evidence.priorBaskets);
    addPopularity(terms, customer, evidence);
    addNeighbours(terms, customer, evidence);
    addHabit(terms, customer);
    addRules(terms, customer, rulesByFirst);
    return pick(terms, customer, evidence, limit, mostKnown);
  };
}

/** Per item the sum of its terms, and the greatest of those that are about this customer. */
class Terms {
  readonly scores: Float64Array;
  readonly greatest: Float64Array;
  readonly because: (RankReason | undefined)[];
  /** What a chance that is drawn from other customers weighs. */
  readonly prior: number;
  /** What one basket of the customer weighs. */
  readonly own: number;

  constructor(itemCount: number, basketCount: number, priorBaskets: number) {
    this.scores = new Float64Array(itemCount);
    this.greatest = new Float64Array(itemCount);
    this.because = new Array<RankReason | undefined>(itemCount);
    this.prior = priorBaskets / (basketCount + priorBaskets);
    this.own = 1 / (basketCount + priorBaskets);
  }

  add(item: number, term: number, because: RankReason): void {
    this.scores[item]! += term;
    if (because.code !== "popular" && term > this.greatest[item]!) {
      this.greatest[item] = term;
      this.because[item] = because;
    }
  }

  /** What is personal explains more than popularity, as soon as it matters. */
  reason(item: number): RankReason {
    const because = this.because[item];
    return because !== undefined && this.greatest[item]! >= PERSONAL_SHARE * this.scores[item]! ? because : { code: "popular" };
  }
}

function addPopularity(terms: Terms, { tastes }: RankedCustomer, { popularity }: RankerEvidence): void {
  for (let item = 0; item < terms.scores.length; item++) {
    const share = popularity[item] ?? 0;
    terms.add(item, terms.prior * share, { code: "popular" });
    if (tastes?.has(item)) terms.add(item, terms.prior * share * (TASTE_LIFT - 1), { code: "matchesTaste" });
  }
}

/** Scales popularity by how much more (or less) similar an item is to the history than chance makes two items so common. */
function addNeighbours(terms: Terms, { history }: RankedCustomer, { neighbours, popularity }: RankerEvidence): void {
  const { counts, setCount } = neighbours;
  if (history.length === 0 || setCount === 0) return;
  const near = nearTo(history, neighbours);
  const bought = new Set(history.map((entry) => entry.item));
  const rootShares = history.reduce((sum, { item }) => sum + Math.sqrt(counts[item]! / setCount), 0);
  for (let other = 0; other < terms.scores.length; other++) {
    const found = near.get(other);
    const known = bought.has(other) ? counts[other]! / setCount : 0; // no item is its own neighbour
    const chance = rootShares * Math.sqrt(counts[other]! / setCount) - known;
    const ratio = ((found?.sum ?? 0) + CHANCE_WEIGHT) / (chance + CHANCE_WEIGHT);
    const term = terms.prior * (popularity[other] ?? 0) * (ratio - 1);
    terms.add(other, term, found === undefined ? { code: "popular" } : { code: "customersLikeYou", item: found.nearest });
  }
}

/** For each item that is a neighbour of the history the sum of its similarities, and the item it is most similar to. */
function nearTo(history: RankedCustomer["history"], { neighbours }: ItemNeighbours): Map<number, { sum: number; nearest: number; similarity: number }> {
  const near = new Map<number, { sum: number; nearest: number; similarity: number }>();
  for (const { item } of history) {
    neighbours[item]?.items.forEach((other, i) => {
      const similarity = neighbours[item]!.similarities[i]!;
      const seen = near.get(other);
      if (seen === undefined) near.set(other, { sum: similarity, nearest: item, similarity });
      else if (similarity > seen.similarity) near.set(other, { sum: seen.sum + similarity, nearest: item, similarity });
      else seen.sum += similarity;
    });
  }
  return near;
}

function addHabit(terms: Terms, { history }: RankedCustomer): void {
  for (const { item, baskets } of history) terms.add(item, terms.own * baskets, { code: "yourFavourite" });
}

/**
 * The best rule per item, of those that raise its chance: chance that the antecedent is in the next basket × what the rule adds to the
 * consequent's share. The reason names the item of the antecedent that the customer has most.
 */
function addRules(terms: Terms, { history }: RankedCustomer, rulesByFirst: ReadonlyMap<number, readonly AssociationRule[]>): void {
  const baskets = new Map(history.map((entry) => [entry.item, entry.baskets]));
  const best = new Map<number, { term: number; item: number }>();
  for (const { item } of history) {
    for (const rule of rulesByFirst.get(item) ?? []) {
      const least = Math.min(...rule.antecedent.map((part) => baskets.get(part) ?? 0));
      const term = terms.own * least * (rule.confidence - rule.confidence / rule.lift);
      if (!(term > (best.get(rule.consequent)?.term ?? 0))) continue;
      best.set(rule.consequent, { term, item: rule.antecedent.reduce((a, b) => (baskets.get(b)! > baskets.get(a)! ? b : a)) });
    }
  }
  for (const [consequent, { term, item }] of best) terms.add(consequent, term, { code: "oftenBoughtWith", item });
}

function pick(terms: Terms, { history }: RankedCustomer, evidence: RankerEvidence, limit: number, mostKnown: number): RankedItem[] {
  const known = new Set(history.map((entry) => entry.item));
  const margin = (item: number): number => (Number.isFinite(evidence.margins[item]) ? evidence.margins[item]! : -Infinity);
  const ranked: RankedItem[] = [];
  for (let item = 0; item < terms.scores.length; item++) {
    if (!evidence.available(item)) continue;
    ranked.push({ item, score: Math.round(Math.min(1, Math.max(0, terms.scores[item]!)) * 1000) / 1000, because: terms.reason(item) });
  }
  ranked.sort((a, b) => b.score - a.score || compare(margin(b.item), margin(a.item)) || (evidence.popularity[b.item] ?? 0) - (evidence.popularity[a.item] ?? 0) || a.item - b.item);
  let left = mostKnown;
  return ranked.filter(({ item }) => !known.has(item) || left-- > 0).slice(0, Math.max(0, limit));
}

/** −Infinity equals itself here, which a difference does not say. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function indexByFirst(rules: readonly AssociationRule[]): Map<number, AssociationRule[]> {
  const index = new Map<number, AssociationRule[]>();
  for (const rule of rules) {
    const first = rule.antecedent[0];
    if (first === undefined || !(rule.lift > 1)) continue;
    const list = index.get(first);
    if (list === undefined) index.set(first, [rule]);
    else list.push(rule);
  }
  return index;
}
