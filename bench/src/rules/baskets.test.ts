import { expect, test } from "vitest";
import { makeBaskets } from "./baskets.js";

test("generated baskets have the shape of the groceries: 169 items, some 4 to a basket, none twice, the most frequent in about a quarter", () => {
  const { baskets, itemCount } = makeBaskets(4_000);
  const items = baskets.flat();
  expect(itemCount).toBe(169);
  expect(items.every((item) => item >= 0 && item < itemCount)).toBe(true);
  expect(baskets.every((basket) => basket.length > 0 && new Set(basket).size === basket.length)).toBe(true);
  expect(items.length / baskets.length).toBeGreaterThan(3.5);
  expect(items.length / baskets.length).toBeLessThan(5.5);
  const counts = Array.from({ length: itemCount }, (_, item) => items.filter((each) => each === item).length);
  expect(Math.max(...counts) / baskets.length).toBeGreaterThan(0.15);
  expect(Math.max(...counts) / baskets.length).toBeLessThan(0.4);
  expect(makeBaskets(4_000).baskets).toEqual(baskets);
});
