import type { Itemset, Itemsets } from "./mineItemsets.js";

/** "Who takes all of the antecedent also takes the consequent." */
export interface AssociationRule {
  /** Item indices, ascending, at least one. */
  readonly antecedent: readonly number[];
  readonly consequent: number;
  /** Baskets that hold antecedent and consequent. */
  readonly count: number;
  /** count / baskets: P(A ∧ c), 0 to 1. */
  readonly support: number;
  /** P(c | A), 0 to 1. */
  readonly confidence: number;
  /** P(c | A) / P(c); 1 = independent. */
  readonly lift: number;
  /** P(A ∧ c) − P(A) P(c), −0.25 to 0.25: how many more baskets than by chance, as a share of all. */
  readonly leverage: number;
}

export interface RuleOptions {
  /** Least confidence, 0 to 1. */
  readonly minimumConfidence: number;
}

/**
 * Every rule with a single consequent that the itemsets contain, strongest lift first (then confidence, support, items).
 * Agrawal & Srikant 1994.
 *
 * Sets of two items or more give rules; a single item gives none (its antecedent would be empty).
 *
 * @param mined the whole output of `mineItemsets`: the subsets of each set are looked up in it
 * @throws Error when a subset is missing
 */
export function associationRules(mined: Itemsets, options: RuleOptions): AssociationRule[] {
  const { basketCount, itemsets } = mined;
  const counts = new Map(itemsets.map((set) => [keyOf(set.items), set.count]));
  const countOf = (items: readonly number[]): number => {
    const count = counts.get(keyOf(items));
    if (count === undefined) throw new Error(`The itemset {${items.join(", ")}} is missing; give the whole output of mineItemsets.`);
    return count;
  };
  const rules: AssociationRule[] = [];
  for (const set of itemsets) {
    if (set.items.length < 2) continue;
    for (const consequent of set.items) {
      const rule = ruleOf(set, consequent, basketCount, countOf);
      if (rule.confidence >= options.minimumConfidence - 1e-12) rules.push(rule);
    }
  }
  return rules.sort(strongestFirst);
}

function ruleOf(set: Itemset, consequent: number, basketCount: number, countOf: (items: readonly number[]) => number): AssociationRule {
  const antecedent = set.items.filter((item) => item !== consequent);
  const antecedentCount = countOf(antecedent);
  const consequentShare = countOf([consequent]) / basketCount;
  const support = set.count / basketCount;
  const confidence = set.count / antecedentCount;
  const leverage = support - (antecedentCount / basketCount) * consequentShare;
  return { antecedent, consequent, count: set.count, support, confidence, lift: confidence / consequentShare, leverage };
}

function keyOf(items: readonly number[]): string {
  return items.join(",");
}

function strongestFirst(a: AssociationRule, b: AssociationRule): number {
  return (
    b.lift - a.lift ||
    b.confidence - a.confidence ||
    b.support - a.support ||
    a.antecedent.length - b.antecedent.length ||
    a.consequent - b.consequent ||
    (keyOf(a.antecedent) < keyOf(b.antecedent) ? -1 : 1)
  );
}
