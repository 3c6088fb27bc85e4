import { associationRules } from "@kava/algorithms/preference/associationRules";
import { blendShares } from "@kava/algorithms/preference/blend";
import { fitEase } from "@kava/algorithms/preference/ease";
import { readEvidence } from "@kava/algorithms/preference/evidence";
import { itemNeighbours } from "@kava/algorithms/preference/itemNeighbours";
import { learnBlend } from "@kava/algorithms/preference/learnBlend";
import { mineItemsets } from "@kava/algorithms/preference/mineItemsets";
import { userNeighbours } from "@kava/algorithms/preference/userNeighbours";

/** A way to rank items for who has some already. */
export interface Scorer {
  readonly name: string;
  /** Learns from sets of item indices (baskets, or customers' histories); what it gives scores every item, greater is likelier. */
  fit(sets: readonly (readonly number[])[], itemCount: number): (context: readonly number[]) => Float64Array;
}

const popularityOf = (sets: readonly (readonly number[])[], itemCount: number): Float64Array => {
  const counts = new Float64Array(itemCount);
  for (const set of sets) for (const item of set) counts[item]!++;
  return counts;
};

/** Scores that say nothing are told apart by popularity; so little that it never overrides them. */
const backedBy = (counts: Float64Array, share: number): Float64Array => {
  const most = counts.reduce((most, count) => Math.max(most, count), 1);
  return counts.map((count) => (share * count) / most);
};

const popularity: Scorer = {
  name: "popularity",
  fit: (sets, itemCount) => {
    const counts = popularityOf(sets, itemCount);
    return () => counts.slice();
  },
};

/** The greatest confidence of any rule from one item of the context, of pairs that at least three sets hold. */
const rulesByConfidence: Scorer = {
  name: "rules by confidence",
  fit: (sets, itemCount) => {
    const least = Math.max(3 / sets.length, 0.0005);
    const mined = mineItemsets(sets, itemCount, { minimumSupport: Math.min(1, least), maximumSize: 2, mostItemsets: 5_000_000 });
    const from: [item: number, confidence: number][][] = Array.from({ length: itemCount }, () => []);
    for (const { antecedent, consequent, confidence } of associationRules(mined, { minimumConfidence: 0 }))
      from[antecedent[0]!]!.push([consequent, confidence]);
    const behind = backedBy(popularityOf(sets, itemCount), 1e-6);
    return (context) => {
      const best = new Float64Array(itemCount);
      for (const item of context) for (const [other, confidence] of from[item]!) best[other] = Math.max(best[other]!, confidence);
      return best.map((score, item) => score + behind[item]!);
    };
  },
};

const itemKnn: Scorer = {
  name: "item-kNN",
  fit: (sets, itemCount) => {
    const { neighbours } = itemNeighbours(sets, itemCount, { keep: 500, minimumTogether: 1 });
    const behind = backedBy(popularityOf(sets, itemCount), 1e-9);
    return (context) => {
      const scores = behind.slice();
      for (const item of context) {
        const { items, similarities } = neighbours[item]!;
        for (let i = 0; i < items.length; i++) scores[items[i]!]! += similarities[i]!;
      }
      return scores;
    };
  },
};

/** More items than this take too long to invert for every seed. */
const MOST_ITEMS = 1_500;

const ease = (lambda: number): Scorer => ({
  name: `EASE, λ ${lambda}`,
  fit: (sets, itemCount) => {
    const { rows } = fitEase(sets, itemCount, { lambda, keep: 500, mostItems: MOST_ITEMS });
    const behind = backedBy(popularityOf(sets, itemCount), 1e-9);
    return (context) => {
      const scores = behind.slice();
      for (const item of context) {
        const { items, weights } = rows[item]!;
        for (let i = 0; i < items.length; i++) scores[items[i]!]! += weights[i]!;
      }
      return scores;
    };
  },
});

const userKnn: Scorer = {
  name: "user-kNN",
  fit: (sets, itemCount) => {
    const score = userNeighbours(sets, itemCount, { neighbours: 50 });
    const behind = backedBy(popularityOf(sets, itemCount), 1e-9);
    return (context) => score(context).map((value, item) => value + behind[item]!);
  },
};

/** What Kava ranks by: all of the above, weighed by what a part of the training sets says. */
const blend: Scorer = {
  name: "Kava's blend",
  fit: (sets, itemCount) => {
    const { evidence, weights } = learnBlend({ sets, itemCount }, { seed: 1, keep: 500, mostItems: MOST_ITEMS });
    const read = readEvidence(evidence);
    return (context) => blendShares(read, weights, context);
  },
};

/** What completes a basket. */
export const BASKET_SCORERS: readonly Scorer[] = [popularity, rulesByConfidence, itemKnn, ease(200), ease(1_000), blend];
/** What a customer has not bought yet. */
export const CUSTOMER_SCORERS: readonly Scorer[] = [popularity, rulesByConfidence, itemKnn, userKnn, ease(100), ease(500), blend];
