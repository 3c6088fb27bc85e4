import { expect, test } from "vitest";
import { afterSale, noHabits } from "./habits.js";
import { fitLifetime, isFitDue, lifetimeOf, marginOf } from "./lifetime.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const A_WEEK_MS = 7 * 86_400_000;
const margin = { marginShare: 0.6, marginFrom: "costs" } as const;
const buyers = Array.from({ length: 30 }, (_, i) => {
  const purchases = 1 + (i % 6);
  const firstAt = NOW.getTime() - (10 + i) * A_WEEK_MS;
  return { purchases, firstAt, lastAt: purchases > 1 ? firstAt + 8 * A_WEEK_MS : firstAt, totalMinor: purchases * (400 + 10 * i) };
});

test("the margin is what is left of the price without tax, and the floor where no cost is known", () => {
  const inclusive = { tax: { mode: "inclusive", rate: 0.25 }, floor: 0.35 } as const;
  expect(marginOf({ paidMinor: 1_000, costMinor: 300 }, inclusive)).toEqual({ marginShare: 0.5, marginFrom: "costs" });
  expect(marginOf({ paidMinor: 1_000, costMinor: 300 }, { ...inclusive, tax: { mode: "exclusive", rate: 0.25 } }).marginShare).toBe(0.7);
  const { marginShare, marginFrom } = marginOf({ paidMinor: 0, costMinor: 0 }, inclusive);
  expect(marginFrom).toBe("floor");
  expect(marginShare).toBeCloseTo(0.28, 12);
});

test("a young chain's fit says how many it rests on and that the prior leads", () => {
  const few = fitLifetime({ buyers: buyers.slice(0, 4), now: NOW.getTime(), margin });
  expect(few).toMatchObject({ customers: 4, priorDominates: true, ...margin });
  const many = fitLifetime({ buyers: Array.from({ length: 20 }, () => buyers).flat(), now: NOW.getTime(), margin });
  expect(many).toMatchObject({ customers: 600, priorDominates: false });
});

test("a chain where everything was given away has no fit", () => {
  expect(fitLifetime({ buyers: buyers.map((buyer) => ({ ...buyer, totalMinor: 0 })), now: NOW.getTime(), margin })).toBeNull();
});

test("a purchase that a till's clock dates ahead of ours counts as one of now", () => {
  const model = fitLifetime({ buyers, now: NOW.getTime(), margin })!;
  const sale = { at: new Date(NOW.getTime() + 60_000), venueId: null, lines: [{ category: "Espresso", quantity: 1, paidMinor: 400 }] };
  const habits = afterSale(noHabits(), sale, "UTC");
  expect(lifetimeOf(model, habits, NOW)).toMatchObject({ probabilityAlive: 1 });
  expect(lifetimeOf(model, noHabits(), NOW)).toBeNull();
});

test("a fit is due at the tenth buyer and then daily", () => {
  const day = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
  expect(isFitDue({ fittedAt: null, buyers: 9 }, NOW)).toBe(false);
  expect(isFitDue({ fittedAt: null, buyers: 10 }, NOW)).toBe(true);
  expect(isFitDue({ fittedAt: NOW, buyers: 10 }, day(0.5))).toBe(false);
  expect(isFitDue({ fittedAt: NOW, buyers: 10 }, day(1))).toBe(true);
});
