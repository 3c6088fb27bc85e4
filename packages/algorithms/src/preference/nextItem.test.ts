import { nextItemSplits, type DataName, type Split } from "@kava/tests/support/nextItemSplits";
import { isThere } from "@kava/tests/support/sharedData";
import { describe, expect, test } from "vitest";
import { blendShares } from "./blend.js";
import { rankOf } from "./chooseBlend.js";
import { cooccurrence } from "./cooccurrence.js";
import { fitEase, type EaseModel } from "./ease.js";
import { readEvidence } from "./evidence.js";
import { learnBlend } from "./learnBlend.js";

type Score = (history: readonly number[]) => Float64Array;
interface Figures {
  hitRate: number;
  ndcg: number;
}

const without = (folder: string): string => (isThere(folder) ? "" : ` (skipped: ../shared/data/${folder} is not there)`);

function scoresOf(ease: EaseModel, itemCount: number): Score {
  return (history) => {
    const scores = new Float64Array(itemCount);
    for (const item of history) ease.rows[item]!.items.forEach((other, i) => (scores[other]! += ease.rows[item]!.weights[i]!));
    return scores;
  };
}

/** Rankings that are compared: the blend, and each kind of evidence alone. Rules rank by their greatest confidence, then popularity. */
function rankings({ train, itemCount }: Split): Record<string, Score> {
  const { evidence, weights } = learnBlend({ sets: train, itemCount }, { seed: 1 });
  const read = readEvidence(evidence);
  const together = cooccurrence(train, itemCount);
  const held = (item: number): number => together[item * itemCount + item]!;
  const least = Math.max(3, 0.0005 * train.length);
  const popularity = Float64Array.from({ length: itemCount }, (_, item) => held(item) / train.length);
  return {
    blend: (history) => blendShares(read, weights, history),
    ease: scoresOf(fitEase(train, itemCount, { lambda: 200, keep: itemCount }), itemCount),
    itemKnn: (history) => read(history).neighbours.shares,
    rules: (history) =>
      popularity.map((share, item) => {
        const pairs = history.filter((other) => together[other * itemCount + item]! >= least);
        return 1e-6 * share + Math.max(0, ...pairs.map((other) => together[other * itemCount + item]! / held(other)));
      }),
    popularity: () => popularity,
  };
}

function figuresOf(splits: readonly Split[]): Record<string, Figures> {
  const sums: Record<string, Figures> = {};
  for (const split of splits) {
    for (const [name, score] of Object.entries(rankings(split))) {
      const figures = (sums[name] ??= { hitRate: 0, ndcg: 0 });
      for (const { history, hidden } of split.questions) {
        const scores = Float64Array.from(score(history));
        for (const item of history) scores[item] = -Infinity;
        const rank = rankOf(scores, hidden);
        if (rank >= 5) continue;
        figures.hitRate += 1 / split.questions.length / splits.length;
        figures.ndcg += 1 / Math.log2(rank + 2) / split.questions.length / splits.length;
      }
    }
  }
  return sums;
}

const KNOWN: Record<DataName, { ease: Figures; rules: number; popularity: number }> = {
  groceries: { ease: { hitRate: 0.286, ndcg: 0.197 }, rules: 0.274, popularity: 0.262 },
  "coffee-chain": { ease: { hitRate: 0.427, ndcg: 0.266 }, rules: 0.338, popularity: 0.058 },
};

/** Minutes, because the machine may be busy. */
const PATIENCE = { timeout: 240_000 };

describe("the item that is missing from a basket", PATIENCE, () => {
  for (const name of ["groceries", "coffee-chain"] as const) {
    test.skipIf(!isThere(name))(`of ${name} is found by the blend as by EASE, and better than by any other alone${without(name)}`, () => {
      const { blend, ease, itemKnn, rules, popularity } = figuresOf(nextItemSplits(name, "random")) as Record<string, Figures>;
      expect(ease!.hitRate).toBeCloseTo(KNOWN[name].ease.hitRate, 3);
      expect(ease!.ndcg).toBeCloseTo(KNOWN[name].ease.ndcg, 3);
      expect(rules!.hitRate).toBeCloseTo(KNOWN[name].rules, 3);
      expect(popularity!.hitRate).toBeCloseTo(KNOWN[name].popularity, 3);
      expect(blend!.hitRate).toBeGreaterThan(ease!.hitRate - 0.003);
      for (const other of [itemKnn, rules, popularity]) expect(blend!.hitRate).toBeGreaterThan(other!.hitRate);
    });
  }

  test.skipIf(!isThere("coffee-chain"))(`of later baskets is found better than by any but EASE${without("coffee-chain")}`, () => {
    const { blend, ease, itemKnn, rules, popularity } = figuresOf(nextItemSplits("coffee-chain", "time").slice(0, 1)) as Record<
      string,
      Figures
    >;
    expect(blend!.hitRate).toBeGreaterThan(ease!.hitRate - 0.01);
    for (const other of [itemKnn, rules, popularity]) expect(blend!.hitRate).toBeGreaterThan(other!.hitRate);
  });
});
