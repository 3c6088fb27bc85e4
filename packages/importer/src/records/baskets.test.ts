import fc from "fast-check";
import { expect, test } from "vitest";
import { Baskets } from "./baskets.js";

const line = fc.record({
  key: fc.integer({ min: 0, max: 30 }),
  item: fc.integer({ min: 0, max: 9 }),
  quantity: fc.integer({ min: 1, max: 5 }),
});

test("lines that stand apart come together, in their order, and baskets in order of time", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), (lines) => {
      const baskets = new Baskets();
      lines.forEach(({ key, item, quantity }, i) =>
        baskets.add(
          { key: `r${key}`, wall: 1_000 - key, customer: -1, venue: 0 },
          { item, quantity, unitPriceMinor: 100, paidMinor: 100 * quantity, line: i + 2 },
        ),
      );
      const expected = Map.groupBy(
        lines.map((each, i) => ({ ...each, line: i + 2 })),
        ({ key }) => key,
      );
      const got = [...baskets.inOrder()];
      expect(got.map(({ key }) => key)).toEqual([...expected.keys()].sort((a, b) => b - a).map((key) => `r${key}`));
      for (const basket of got)
        expect(basket.lines.map((each) => each.line)).toEqual(expected.get(Number(basket.key.slice(1)))!.map((each) => each.line));
      expect(baskets.lines).toBe(lines.length);
    }),
  );
});

test("a basket is the customer's whom any of its lines names", () => {
  const baskets = new Baskets();
  const sold = { item: 0, quantity: 1, unitPriceMinor: 100, paidMinor: 100, line: 2 };
  baskets.add({ key: "a", wall: 5, customer: -1, venue: -1 }, sold);
  baskets.add({ key: "a", wall: 9, customer: 4, venue: 2 }, sold);
  expect([...baskets.inOrder()]).toMatchObject([{ key: "a", wall: 5, customer: 4, venue: 2 }]);
});
