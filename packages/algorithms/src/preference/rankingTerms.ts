/** The terms of an item's score, kept apart so that the greatest gives the reason; `rankItems.ts` has the formula. */
import type { AssociationRule } from "./associationRules.js";
import type { ItemNeighbours } from "./itemNeighbours.js";
import type { RankedCustomer, RankerEvidence, RankReason } from "./rankerEvidence.js";

/** Sum of similarities that "as likely as for anybody" weighs against the similar customers. */
const CHANCE_WEIGHT = 1;
/** A personal reason is given when it makes up this share of the score. */
const PERSONAL_SHARE = 0.1;
/** A declared taste makes an item so many times as likely as popularity says. */
const TASTE_LIFT = 3;

/** Per item the sum of its terms, and the greatest of those that are about this customer. */
export class Terms {
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
    this.because = Array.from({ length: itemCount });
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

export function addPopularity(terms: Terms, { tastes }: RankedCustomer, { popularity }: RankerEvidence): void {
  for (let item = 0; item < terms.scores.length; item++) {
    const share = popularity[item] ?? 0;
    terms.add(item, terms.prior * share, { code: "popular" });
    if (tastes?.has(item)) terms.add(item, terms.prior * share * (TASTE_LIFT - 1), { code: "matchesTaste" });
  }
}

/** Scales popularity by how much more (or less) similar an item is to the history than chance makes two items so common. */
export function addNeighbours(terms: Terms, { history }: RankedCustomer, { neighbours, popularity }: RankerEvidence): void {
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
function nearTo(
  history: RankedCustomer["history"],
  { neighbours }: ItemNeighbours,
): Map<number, { sum: number; nearest: number; similarity: number }> {
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

export function addHabit(terms: Terms, { history }: RankedCustomer): void {
  for (const { item, baskets } of history) terms.add(item, terms.own * baskets, { code: "yourFavourite" });
}

/**
 * The best rule per item, of those that raise its chance: chance that the antecedent is in the next basket × what the rule adds to the
 * consequent's share. The reason names the item of the antecedent that the customer has most.
 */
export function addRules(terms: Terms, { history }: RankedCustomer, rulesByFirst: ReadonlyMap<number, readonly AssociationRule[]>): void {
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

/** The rules that raise the chance of their consequent, by the first item of their antecedent. */
export function indexByFirst(rules: readonly AssociationRule[]): Map<number, AssociationRule[]> {
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
