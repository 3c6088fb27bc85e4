import fc from "fast-check";
import { expect, test } from "vitest";
import { fromDecimal, toDecimal } from "./money.js";

const digits = fc.integer({ min: 0, max: 4 });
// what fits both ways: twelve digits before the point, and an exact integer of minor units
const minor = digits.chain((count) => fc.tuple(fc.integer({ min: -(10 ** (11 + count)), max: 10 ** (11 + count) }), fc.constant(count)));

test("an amount comes back from its text as it was, in every currency", () => {
  fc.assert(
    fc.property(minor, ([value, count]) => {
      expect(fromDecimal(toDecimal(value, count), count)).toBe(value);
    }),
    { numRuns: 5_000 },
  );
});

test("the text has as many decimal places as the currency", () => {
  fc.assert(
    fc.property(minor, ([value, count]) => {
      expect(toDecimal(value, count)).toMatch(count === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${count}}$`));
    }),
  );
});

test("a text with fewer decimal places, or with zeros behind, means the same amount", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 6 }), fc.nat(5), (whole, zeros) => {
      expect(fromDecimal(String(whole), 2)).toBe(whole * 100);
      expect(fromDecimal(`${whole}.5${"0".repeat(zeros)}`, 2)).toBe(whole * 100 + 50);
    }),
  );
});

test.each([
  [450, 2, "4.50"],
  [5, 2, "0.05"],
  [0, 2, "0.00"],
  [-5, 2, "-0.05"],
  [450, 0, "450"],
  [1, 4, "0.0001"],
])("%d at %d digits is %s", (value, count, text) => {
  expect(toDecimal(value, count)).toBe(text);
  expect(fromDecimal(text, count)).toBe(value);
});

test.each([
  "",
  " ",
  ".",
  "4.",
  ".5",
  "4,50",
  "1e3",
  "0x10",
  "NaN",
  "Infinity",
  "--1",
  "+1",
  "4.505",
  "1 000",
  "9999999999999",
  "4.5.0",
  "٤",
])("%j is no amount at two digits", (text) => {
  expect(fromDecimal(text, 2)).toBeNull();
});

test("an amount that no exact integer holds is refused, not rounded", () => {
  expect(fromDecimal("999999999999.9999", 4)).toBe(null);
  expect(fromDecimal("-0", 2)).toBe(0);
});
