import fc from "fast-check";
import { expect, test } from "vitest";
import { boughtItems } from "./boughtItems.js";

const lines = fc.array(
  fc.record({ itemId: fc.constantFrom("a", "b", "c"), quantity: fc.integer({ min: 1, max: 9 }), paidMinor: fc.nat(10_000) }),
  { maxLength: 12 },
);

test("each item stands once, and neither units nor money are lost", () => {
  fc.assert(
    fc.property(lines, (given) => {
      const { itemIds, quantities, paidMinor } = boughtItems(given);
      expect(itemIds).toEqual([...new Set(given.map((line) => line.itemId))]);
      itemIds.forEach((itemId, i) => {
        const own = given.filter((line) => line.itemId === itemId);
        expect(quantities[i]).toBe(own.reduce((sum, line) => sum + line.quantity, 0));
        expect(paidMinor[i]).toBe(own.reduce((sum, line) => sum + line.paidMinor, 0));
      });
    }),
  );
});
