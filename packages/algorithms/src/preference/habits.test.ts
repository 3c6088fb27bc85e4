import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { History } from "./habitPrior.js";
import { divideAt } from "./laterBaskets.js";
import { learnRanking } from "./learnRanking.js";
import { fitNovelty, noveltyOf, PRIOR_NOVELTY } from "./novelty.js";
import { createRanker } from "./rankItems.js";
import { fitSurprise } from "./surprise.js";
import { usualShares } from "./usualShares.js";

const ITEMS = 6;
type Owned = { customer: number; items: number[] };

/** The histories that these baskets make, of so many customers. */
function historiesOf(baskets: readonly Owned[], count: number): History[] {
  return Array.from({ length: count }, (_, at) => {
    const own = baskets.filter(({ customer }) => customer === at);
    const items = [...new Set(own.flatMap((basket) => basket.items))];
    const had = (item: number): number => own.filter((basket) => basket.items.includes(item)).length;
    return { history: items.map((item) => ({ item, baskets: had(item) })), basketCount: own.length };
  });
}

const someBaskets = fc.array(
  fc.record({ customer: fc.integer({ min: -1, max: 4 }), items: fc.array(fc.nat(ITEMS - 1), { maxLength: 4 }) }),
  {
    maxLength: 40,
  },
);
const sorted = ({ history, basketCount }: History) => ({
  history: [...history].sort((a, b) => a.item - b.item),
  basketCount: history.length === 0 ? 0 : basketCount,
});

describe("histories without what came later", () => {
  test("are those that the earlier baskets alone make", () => {
    fc.assert(
      fc.property(someBaskets, fc.nat(40), (baskets, cut) => {
        const { histories, next } = divideAt(historiesOf(baskets, 5), baskets.slice(cut));
        expect(histories.map(sorted)).toEqual(historiesOf(baskets.slice(0, cut), 5).map(sorted));
        for (const { customer, items } of next) expect(baskets.slice(cut).find((later) => later.customer === customer)!.items).toBe(items);
      }),
    );
  });
});

describe("how often something new is tried", () => {
  const loyal: History["history"] = [{ item: 0, baskets: 40 }];
  const curious: History["history"] = Array.from({ length: 40 }, (_, item) => ({ item, baskets: 1 }));

  test("is certain for who has nothing, and otherwise between what the customer does and what all do", () => {
    expect(noveltyOf([], PRIOR_NOVELTY)).toBe(1);
    expect(noveltyOf(loyal, { rate: 0.5, strength: 40 })).toBe(0.25);
    expect(noveltyOf(curious, { rate: 0.5, strength: 40 })).toBe(0.75);
  });

  test("is weighed little by the chain's rate where customers go on as they did, and much where they do not", () => {
    const alike = Array.from({ length: 100 }, (_, i) =>
      i % 2 === 0 ? { history: loyal, items: 4, fresh: 0 } : { history: curious, items: 4, fresh: 4 },
    );
    expect(fitNovelty(alike).strength).toBeLessThan(10);
    const unlike = alike.map((each, i) => ({ ...each, fresh: i % 4 < 2 ? 2 : each.items - 2 }));
    const { strength, rate } = fitNovelty(unlike);
    expect(strength).toBeGreaterThan(100);
    expect(rate).toBeCloseTo(0.5, 1);
    expect(fitNovelty([])).toEqual(PRIOR_NOVELTY);
  });
});

describe("the share of news that may be anything", () => {
  const shares = Float32Array.of(0.7, 0.2, 0.1, 0);
  const cases = (came: number[]) => Array.from({ length: 400 }, (_, i) => ({ shares, unknown: 4, came: [came[i % came.length]!] }));

  test("is little where what was expected comes, and much where anything does", () => {
    expect(fitSurprise([])).toBeCloseTo(0.05, 9);
    expect(fitSurprise(cases([0, 0, 0, 0, 0, 0, 0, 1, 1, 2]))).toBeLessThan(0.05);
    expect(fitSurprise(cases([0, 1, 2, 3]))).toBeGreaterThan(0.7);
  });
});

describe("the usual customer", () => {
  test("is the mean of customers, not of baskets", () => {
    const daily = { history: [{ item: 0, baskets: 90 }], basketCount: 90 };
    const once = { history: [{ item: 1, baskets: 1 }], basketCount: 1 };
    expect([...usualShares([daily, once], [0.9, 0.1])]).toEqual([0.5, 0.5]);
    expect([...usualShares([], [0.9, 0.1])]).toEqual([0.9, 0.1]);
  });
});

describe("what is learned of a chain", () => {
  test("puts favourites first where nobody tries anything new, and news where everybody always does", () => {
    const faithful = Array.from({ length: 600 }, (_, at) => ({ customer: at % 60, items: [at % 4] }));
    const restless = Array.from({ length: 600 }, (_, at) => ({ customer: at % 60, items: [(at + Math.floor(at / 60)) % 12] }));
    const shareOfNews = (baskets: Owned[], itemCount: number): number => {
      const customers = historiesOf(baskets, 60);
      const { evidence, weights, habits } = learnRanking({ customers, baskets, itemCount }, { seed: 1 });
      const rank = createRanker({ ...evidence, weights, habits, inOneBasket: () => true, margins: [], available: () => true });
      const firsts = customers.map((customer) => rank(customer, { limit: 1 })[0]!.item);
      return firsts.filter((item, at) => !customers[at]!.history.some((entry) => entry.item === item)).length / customers.length;
    };
    expect(shareOfNews(faithful, 4)).toBe(0);
    expect(shareOfNews(restless, 12)).toBeGreaterThan(0.9);
  });

  test("is sound for nothing, one customer, one item, three baskets and repeated items, and the same every time", () => {
    fc.assert(
      fc.property(someBaskets, fc.nat(5), (baskets, seed) => {
        const input = { customers: historiesOf(baskets, 5), baskets, itemCount: ITEMS };
        const { evidence, weights, habits } = learnRanking(input, { seed });
        expect(habits.trust.news * (1 - habits.surprise)).toBeLessThanOrEqual(habits.trust.known + 1e-9);
        expect(habits.surprise).toBeLessThan(1);
        expect(habits.trust.news).toBeGreaterThan(0);
        const rank = createRanker({ ...evidence, weights, habits, inOneBasket: () => true, margins: [], available: () => true });
        for (const customer of [...input.customers, { history: [], basketCount: 0 }]) {
          const ranked = rank(customer, { limit: ITEMS });
          expect(ranked).toHaveLength(ITEMS);
          expect(ranked.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
        }
        expect(learnRanking(input, { seed })).toEqual(learnRanking(input, { seed }));
      }),
      { numRuns: 60 },
    );
    for (const itemCount of [0, 1]) expect(() => learnRanking({ customers: [], baskets: [], itemCount }, { seed: 1 })).not.toThrow();
    expect(() => learnRanking({ customers: [], baskets: [{ customer: 0, items: [1] }], itemCount: 1 }, { seed: 1 })).toThrow(
      /holds item 1/,
    );
  });
});
