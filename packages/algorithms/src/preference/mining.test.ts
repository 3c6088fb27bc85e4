import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { associationRules } from "./associationRules.js";
import { itemNeighbours } from "./itemNeighbours.js";
import { mineItemsets } from "./mineItemsets.js";

const file = new URL("../../../../../shared/data/groceries/groceries.basket", import.meta.url);
const present = existsSync(file);
const needs = present ? "" : " (skipped: ../shared/data/groceries is not there)";

function groceries(): { baskets: number[][]; names: string[] } {
  const names = new Map<string, number>();
  const baskets = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(",").map((name) => names.get(name) ?? (names.set(name, names.size), names.size - 1)));
  return { baskets, names: [...names.keys()] };
}

const smallBaskets = fc.array(fc.array(fc.nat(7), { maxLength: 6 }), { minLength: 1, maxLength: 80 });

describe("itemsets", () => {
  test("are exactly those that counting every subset finds", () => {
    fc.assert(
      fc.property(smallBaskets, fc.integer({ min: 1, max: 60 }), (baskets, percent) => {
        const least = Math.ceil((percent / 100) * baskets.length - 1e-9);
        const expected = new Map<string, number>();
        for (let mask = 1; mask < 256; mask++) {
          const items = [0, 1, 2, 3, 4, 5, 6, 7].filter((item) => mask & (1 << item));
          const count = baskets.filter((basket) => items.every((item) => basket.includes(item))).length;
          if (count >= Math.max(1, least)) expected.set(items.join(), count);
        }
        const { itemsets } = mineItemsets(baskets, 8, { minimumSupport: percent / 100 });
        expect(new Map(itemsets.map((set) => [set.items.join(), set.count]))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("stop at the size and the number that is asked for", () => {
    const baskets = Array.from({ length: 40 }, () => [0, 1, 2, 3, 4, 5]);
    expect(mineItemsets(baskets, 6, { minimumSupport: 0.5, maximumSize: 2 }).itemsets).toHaveLength(21);
    expect(() => mineItemsets(baskets, 6, { minimumSupport: 0.5, mostItemsets: 20 })).toThrow(/raise the minimum support/);
    expect(mineItemsets([], 6, { minimumSupport: 0.5 }).itemsets).toEqual([]);
    expect(() => mineItemsets([[6]], 6, { minimumSupport: 0.5 })).toThrow(/Basket 0 holds item 6/);
    expect(() => mineItemsets([[1]], 6, { minimumSupport: 0 })).toThrow(/support/);
  });

  test.skipIf(!present)(`of groceries at support 0.001 are 13,492${needs}`, () => {
    const { baskets, names } = groceries();
    expect(baskets).toHaveLength(9835);
    expect(names).toHaveLength(169);
    expect(mineItemsets(baskets, names.length, { minimumSupport: 0.001 }).itemsets).toHaveLength(13_492);
  });
});

describe("rules", () => {
  test("carry support, confidence, lift and leverage", () => {
    const mined = mineItemsets([[0, 1], [0, 1], [0], [2], [1, 2]], 3, { minimumSupport: 0.2 });
    const rule = associationRules(mined, { minimumConfidence: 0 }).find((r) => r.consequent === 1 && r.antecedent.join() === "0");
    expect(rule).toMatchObject({ count: 2, support: 0.4, confidence: 2 / 3 });
    expect(rule?.lift).toBeCloseTo(2 / 3 / 0.6, 12);
    expect(rule?.leverage).toBeCloseTo(0.4 - 0.6 * 0.6, 12);
  });

  test("refuse itemsets that were cut", () => {
    const mined = mineItemsets(
      [
        [0, 1],
        [0, 1],
      ],
      2,
      { minimumSupport: 0.5 },
    );
    const cut = { ...mined, itemsets: mined.itemsets.filter((set) => set.items.length > 1) };
    expect(() => associationRules(cut, { minimumConfidence: 0.5 })).toThrow(/missing/);
  });

  test.skipIf(!present)(`of groceries are 410 at 0.001 / 0.8, liquor and wine to beer first, and 463 at 0.006 / 0.25${needs}`, () => {
    const { baskets, names } = groceries();
    const rules = associationRules(mineItemsets(baskets, names.length, { minimumSupport: 0.001 }), { minimumConfidence: 0.8 });
    expect(rules).toHaveLength(410);
    expect(rules[0]!.antecedent.map((item) => names[item]).sort()).toEqual(["liquor", "red/blush wine"]);
    expect(names[rules[0]!.consequent]).toBe("bottled beer");
    expect(rules[0]!.lift).toBeCloseTo(11.235, 3);
    expect(associationRules(mineItemsets(baskets, names.length, { minimumSupport: 0.006 }), { minimumConfidence: 0.25 })).toHaveLength(463);
  });
});

describe("neighbours", () => {
  test("are the cosine of who has the items", () => {
    fc.assert(
      fc.property(smallBaskets, (sets) => {
        const { neighbours, counts } = itemNeighbours(sets, 8, { minimumTogether: 1 });
        for (let item = 0; item < 8; item++) {
          const holders = sets.filter((set) => set.includes(item));
          expect(counts[item]).toBe(holders.length);
          const expected = [0, 1, 2, 3, 4, 5, 6, 7]
            .filter((other) => other !== item && holders.some((set) => set.includes(other)))
            .map((other) => [
              other,
              holders.filter((set) => set.includes(other)).length /
                Math.sqrt(holders.length * sets.filter((set) => set.includes(other)).length),
            ]);
          const { items, similarities } = neighbours[item]!;
          expect(new Map(Array.from(items, (other, i) => [other, similarities[i]]))).toEqual(new Map(expected as [number, number][]));
          expect([...similarities]).toEqual([...similarities].sort((a, b) => b - a));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("refuse an item that is not numbered", () => {
    expect(() => itemNeighbours([[0, 9]], 3)).toThrow(/Set 0 holds item 9/);
  });
});
