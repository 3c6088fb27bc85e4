import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { habitPrior, type History } from "./habitPrior.js";
import { confidentPairs } from "./confidentPairs.js";
import { fitEase } from "./ease.js";
import { itemNeighbours } from "./itemNeighbours.js";
import { usualShares } from "./usualShares.js";
import { createRanker, type RankedCustomer, type RankerEvidence } from "./rankItems.js";

const [espresso, cappuccino, croissant, tea, scone, beans] = [0, 1, 2, 3, 4, 5];
const ITEMS = 6;

/** Two kinds of customers: coffee people (cappuccino, half of the time with a croissant) and tea people (tea, often with a scone). */
const customers: number[][][] = Array.from({ length: 60 }, (_, i) =>
  Array.from({ length: 6 }, (_, visit) => {
    const second = (i + visit) % 2 === 0;
    if (i % 3 === 0) return second ? [tea, scone] : [tea];
    return second ? [cappuccino, croissant] : [visit % 3 === 0 ? espresso : cappuccino];
  }),
);

function evidence(changes: Partial<RankerEvidence> = {}): RankerEvidence {
  const baskets = customers.flat();
  const popularity = Array.from({ length: ITEMS }, (_, item) => baskets.filter((basket) => basket.includes(item)).length / baskets.length);
  const histories = customers.map((visits) => visits.flat());
  return {
    ease: fitEase(histories, ITEMS, { lambda: 5 }),
    weights: { ease: 0.2, neighbours: 0.2, rules: 0.4, popularity: 0.2 },
    neighbours: itemNeighbours(histories, ITEMS),
    rules: confidentPairs(itemNeighbours(baskets, ITEMS)),
    inOneBasket: () => true,
    popularity,
    habits: {
      usual: usualShares([], popularity),
      priorBaskets: 8,
      basketSize: 1.5,
      novelty: { rate: 0.2, strength: 20 },
      surprise: 0.02,
      trust: { known: 1, news: 1 },
    },
    margins: [100, 200, 150, 120, 130, 900],
    available: () => true,
    ...changes,
  };
}

const bought = (...pairs: [item: number, baskets: number][]): RankedCustomer => ({
  history: pairs.map(([item, baskets]) => ({ item, baskets })),
  basketCount: Math.max(...pairs.map(([, baskets]) => baskets), 0),
});

describe("the ranking of items for a customer", () => {
  test("starts with the own favourite, then what goes with it, each with its reason", () => {
    const ranked = createRanker(evidence())(bought([cappuccino, 9]), { limit: 3 });
    expect(ranked[0]).toMatchObject({ item: cappuccino, because: { code: "yourFavourite" } });
    expect(ranked[1]).toMatchObject({ item: croissant, because: { code: "oftenBoughtWith", item: cappuccino } });
    expect(ranked[0]!.score).toBeGreaterThan(ranked[1]!.score);
  });

  test("names the evidence that won: all of the history, an item of it, or what is in one basket with it", () => {
    const only = (weights: Partial<RankerEvidence["weights"]>) => ({ ease: 0, neighbours: 0, rules: 0, popularity: 0.2, ...weights });
    const reasonFor = (weights: Partial<RankerEvidence["weights"]>, inOneBasket = () => true) =>
      createRanker(evidence({ weights: only(weights), inOneBasket }))(bought([tea, 2]), { limit: ITEMS }).find(({ item }) => item === scone)
        ?.because;
    expect(reasonFor({ ease: 0.8 })).toEqual({ code: "oftenBoughtWith", item: tea });
    expect(reasonFor({ ease: 0.8 }, () => false)).toEqual({ code: "likedAlongside", item: tea });
    expect(reasonFor({ neighbours: 0.8 }, () => false)).toEqual({ code: "likedAlongside", item: tea });
    expect(reasonFor({ rules: 0.8 })).toEqual({ code: "oftenBoughtWith", item: tea });
    expect(reasonFor({ rules: 0.8 }, () => false)).toEqual({ code: "likedAlongside", item: tea });
    expect(reasonFor({ popularity: 1 })).toEqual({ code: "popular" });
  });

  test("names no item when several of the history speak for it, none of them for half", () => {
    const [five, sixth] = [[0, 1, 2, 3, 4], 5];
    const sets = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? [...five, sixth] : five.filter((item) => item !== i % 5)));
    const likewise = evidence({
      ease: fitEase(sets, ITEMS, { lambda: 5 }),
      weights: { ease: 0.9, neighbours: 0, rules: 0, popularity: 0.1 },
    });
    const ranked = createRanker(likewise)(bought([0, 1], [1, 1], [2, 1], [3, 1], [4, 1]), { limit: ITEMS });
    expect(ranked.find(({ item }) => item === sixth)?.because).toEqual({ code: "customersLikeYou" });
  });

  test("raises what customers of the same taste have, and lowers what the others have", () => {
    const rank = createRanker(evidence());
    const of = (item: number, customer: RankedCustomer) => rank(customer, { limit: ITEMS }).find((ranked) => ranked.item === item)!.score;
    const stranger = { history: [], basketCount: 0 };
    expect(of(scone, bought([tea, 2]))).toBeGreaterThan(of(scone, stranger));
    expect(of(croissant, bought([tea, 2]))).toBeLessThan(of(croissant, stranger));
  });

  test("gives a stranger what is popular, or what they declared to like", () => {
    const stranger = { history: [], basketCount: 0 };
    const rank = createRanker(evidence());
    expect(rank(stranger, { limit: 1 })).toMatchObject([{ item: cappuccino, because: { code: "popular" } }]);
    expect(rank({ ...stranger, tastes: new Set([tea]) }, { limit: 1 })).toMatchObject([{ item: tea, because: { code: "matchesTaste" } }]);
  });

  test("lets the margin decide between equals only", () => {
    const flat = evidence({
      rules: confidentPairs(itemNeighbours([], ITEMS)),
      ease: fitEase([], ITEMS, { lambda: 1 }),
      popularity: [0.2, 0.2, 0.2, 0.2, 0.2, 0.1],
      neighbours: itemNeighbours([], ITEMS),
      margins: [100, 200, NaN, 120, 130, 900],
    });
    const ranked = createRanker(flat)({ history: [], basketCount: 0 }, { limit: ITEMS });
    expect(ranked.map(({ item }) => item)).toEqual([cappuccino, scone, tea, espresso, croissant, beans]);
  });

  test("never shows what is not available, and as few known items as asked", () => {
    const rank = createRanker(evidence({ available: (item) => item !== croissant }));
    const ranked = rank(bought([cappuccino, 9], [espresso, 3]), { limit: ITEMS, mostKnown: 1 });
    expect(ranked.map(({ item }) => item)).not.toContain(croissant);
    expect(ranked.filter(({ item }) => item === cappuccino || item === espresso)).toHaveLength(1);
  });

  test("has scores from 0 to 1, best first, each item once, for any evidence", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const histories = fc.array(
      fc.record({
        history: fc.uniqueArray(fc.record({ item: fc.nat(ITEMS - 1), baskets: fc.integer({ min: 1, max: 30 }) }), {
          selector: (e) => e.item,
        }),
        basketCount: fc.integer({ min: 30, max: 60 }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(
        histories,
        fc.array(share, { minLength: ITEMS, maxLength: ITEMS }),
        fc.array(fc.array(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 30 }),
        (people, popularity, baskets) => {
          const rules = confidentPairs(itemNeighbours(baskets, ITEMS, { minimumTogether: 1 }));
          const sets = people.map((person) => person.history.map((entry) => entry.item));
          const rank = createRanker(
            evidence({
              popularity,
              rules,
              ease: fitEase(sets, ITEMS, { lambda: 10 }),
              neighbours: itemNeighbours(sets, ITEMS),
              habits: { ...evidence().habits, usual: popularity, priorBaskets: habitPrior(people, popularity) },
            }),
          );
          for (const person of people) {
            const ranked = rank(person, { limit: ITEMS });
            expect(new Set(ranked.map(({ item }) => item)).size).toBe(ITEMS);
            ranked.forEach(({ score }, i) => {
              expect(score).toBeGreaterThanOrEqual(0);
              expect(score).toBeLessThanOrEqual(i === 0 ? 1 : ranked[i - 1]!.score);
            });
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("the weight of the population's habits", () => {
  const person = (item: number): History => ({ history: [{ item, baskets: 10 }], basketCount: 10 });
  test("is least where everybody has a habit of their own", () => {
    expect(habitPrior([0, 1, 2, 3, 4].map(person), [0.2, 0.2, 0.2, 0.2, 0.2])).toBe(2);
  });
  test("is greatest where nobody differs from the rest, or nobody came twice", () => {
    const alike: History = { history: [0, 1, 2, 3, 4].map((item) => ({ item, baskets: 2 })), basketCount: 10 };
    expect(habitPrior([alike, alike], [0.2, 0.2, 0.2, 0.2, 0.2])).toBe(60);
    expect(habitPrior([{ history: [{ item: 0, baskets: 1 }], basketCount: 1 }], [1])).toBe(60);
    expect(habitPrior([], [])).toBe(60);
  });
});
