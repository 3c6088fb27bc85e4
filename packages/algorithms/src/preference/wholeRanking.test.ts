import { coffeeLines, cutAt, shopLines, type CustomersAtCut } from "@kava/tests/support/customersOverTime";
import { isThere } from "@kava/tests/support/sharedData";
import { describe, expect, test } from "vitest";
import { learnRanking } from "./learnRanking.js";
import { createRanker, type Ranker } from "./rankItems.js";
import { userNeighbours } from "./userNeighbours.js";
import { usualShares } from "./usualShares.js";

const without = (folder: string): string => (isThere(folder) ? "" : ` (skipped: ../shared/data/${folder} is not there)`);
/** Minutes, because the machine may be busy. */
const PATIENCE = { timeout: 240_000 };

function rankerOf(at: CustomersAtCut): Ranker {
  const { evidence, weights, habits } = learnRanking(at, { seed: 1 });
  return createRanker({ ...evidence, weights, habits, inOneBasket: () => true, margins: [], available: () => true });
}

/** Own baskets with each item, then how many customers have it: five items. */
function habitAlone({ customers, itemCount }: CustomersAtCut): (customer: number) => number[] {
  const holders = new Float64Array(itemCount);
  for (const { history } of customers) for (const { item } of history) holders[item]! += 1;
  return (customer) => {
    const scores = holders.map((count) => 1e-6 * count);
    for (const { item, baskets } of customers[customer]!.history) scores[item]! += baskets;
    return Array.from(scores.keys())
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, 5);
  };
}

/** Share of the customers who later bought one of the five. */
function hitRate({ later }: CustomersAtCut, five: (customer: number) => readonly number[]): number {
  return later.filter(({ customer, items }) => five(customer).some((item) => items.has(item))).length / later.length;
}

const fiveOf =
  (rank: Ranker, { customers }: CustomersAtCut) =>
  (customer: number): number[] =>
    rank(customers[customer]!, { limit: 5 }).map(({ item }) => item);

/** Of what each bought later, what they had never had. */
function newsOf(at: CustomersAtCut): CustomersAtCut {
  const later = at.later.flatMap(({ customer, items }) => {
    const known = new Set(at.customers[customer]!.history.map(({ item }) => item));
    const fresh = new Set([...items].filter((item) => !known.has(item)));
    return fresh.size > 0 ? [{ customer, items: fresh }] : [];
  });
  return { ...at, later };
}

/** The five of the greatest scores that are not known. */
function firstNews(scores: Float64Array, known: readonly number[]): number[] {
  const had = new Set(known);
  return Array.from(scores.keys())
    .filter((item) => !had.has(item))
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, 5);
}

describe("what a customer buys next, whether they had it or not", PATIENCE, () => {
  test.skipIf(!isThere("coffee-chain"))(
    `is found as by habit alone at moments of a month in which customers choose almost at random${without("coffee-chain")}`,
    () => {
      const lines = coffeeLines();
      const differences = ["10", "14", "18", "22"].map((day) => {
        const at = cutAt(lines, `2019-04-${day}`);
        return hitRate(at, fiveOf(rankerOf(at), at)) - hitRate(at, habitAlone(at));
      });
      // some 1,700 customers at each moment: a single difference has a standard error of 0.006
      for (const difference of differences) expect(difference).toBeGreaterThan(-0.025);
      expect(differences.reduce((a, b) => a + b, 0) / differences.length).toBeGreaterThan(-0.012);
    },
  );

  test.skipIf(!isThere("online-retail"))(
    `is found as by habit alone in an online shop, and news better than similar customers alone know them${without("online-retail")}`,
    () => {
      const at = cutAt(shopLines(), "2011-09-09");
      const rank = rankerOf(at);
      expect(hitRate(at, fiveOf(rank, at))).toBeGreaterThan(0.759);
      expect(hitRate(at, fiveOf(rank, at))).toBeGreaterThan(hitRate(at, habitAlone(at)) - 0.001);
      const news = newsOf(at);
      expect(news.later.length).toBeGreaterThan(1_800);
      const sets = at.customers.map(({ history }) => history.map(({ item }) => item));
      const similar = userNeighbours(sets, at.itemCount);
      const holders = usualShares(
        sets.map((set) => ({ history: set.map((item) => ({ item, baskets: 1 })), basketCount: 1 })),
        new Float64Array(at.itemCount),
      );
      const users = hitRate(news, (customer) => firstNews(similar(sets[customer]!, customer), sets[customer]!));
      expect(
        hitRate(news, (customer) => rank(at.customers[customer]!, { limit: 5, mostKnown: 0 }).map(({ item }) => item)),
      ).toBeGreaterThan(Math.max(0.39, users));
      expect(users).toBeGreaterThan(0.33);
      expect(hitRate(news, (customer) => firstNews(holders, sets[customer]!))).toBeLessThan(users);
    },
  );
});
