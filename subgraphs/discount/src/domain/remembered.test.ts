import fc from "fast-check";
import { expect, test } from "vitest";
import { rememberedIn, weeksBetween } from "./remembered.js";

test("a depth that was offered is remembered from the next week on, and fades with each week without one", () => {
  const counter = { week: "2026-W47", weekDepth: 20, remembered: 10 };
  expect(rememberedIn("2026-W47", counter, 0.8)).toBe(10);
  expect(rememberedIn("2026-W48", counter, 0.8)).toBeCloseTo(0.8 * 10 + 0.2 * 20, 12);
  expect(rememberedIn("2026-W50", counter, 0.8)).toBeCloseTo(12 * 0.8 ** 2, 12);
});

test("who never had a depth remembers what is kept of them: nothing, at first", () => {
  expect(rememberedIn("2026-W47", { week: null, weekDepth: null, remembered: 0 }, 0.8)).toBe(0);
});

test("weeks are counted over the ends of years, of 52 weeks and of 53", () => {
  expect(weeksBetween("2026-W52", "2027-W01")).toBe(2); // 2026 has 53 weeks
  expect(weeksBetween("2025-W52", "2026-W01")).toBe(1);
  expect(() => weeksBetween("2026-47", "2026-W48")).toThrow('"2026-47" is no ISO week');
});

test("nobody remembers more than the deepest that they were offered", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ gap: fc.integer({ min: 1, max: 20 }), depth: fc.integer({ min: 0, max: 40 }) }), { maxLength: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (weeks, memory) => {
        let counter: { week: string | null; weekDepth: number | null; remembered: number } = { week: null, weekDepth: null, remembered: 0 };
        let number = 0;
        for (const { gap, depth } of weeks) {
          number += gap;
          const week = `${2000 + Math.floor(number / 52)}-W${String(1 + (number % 52)).padStart(2, "0")}`;
          counter = { week, weekDepth: depth, remembered: rememberedIn(week, counter, memory) };
          expect(counter.remembered).toBeLessThanOrEqual(Math.max(0, ...weeks.map((each) => each.depth)) + 1e-9);
        }
      },
    ),
  );
});
