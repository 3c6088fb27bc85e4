import { expect, test } from "vitest";
import { afterSale, noHabits } from "./habits.js";
import { fitLifetime, heldOutOf, type Buyer, type BuyerHistory } from "./fitLifetime.js";
import { isFitDue, lifetimeOf, marginOf, pooledInsteadOf, type LifetimeModel } from "./lifetime.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const A_WEEK_MS = 7 * 86_400_000;
const margin = { marginShare: 0.6, marginFrom: "costs" } as const;
const buyers = Array.from({ length: 30 }, (_, i) => {
  const purchases = 1 + (i % 6);
  const firstAt = NOW.getTime() - (10 + i) * A_WEEK_MS;
  return { purchases, firstAt, lastAt: purchases > 1 ? firstAt + 8 * A_WEEK_MS : firstAt, totalMinor: purchases * (400 + 10 * i) };
});

/** Fitted where nothing can be held out. */
const fitOn = (given: BuyerHistory[]): LifetimeModel | null =>
  fitLifetime({
    buyers: given.map((now): Buyer => ({ now, before: now, later: { purchases: 0, totalMinor: 0 } })),
    heldOut: null,
    now: NOW.getTime(),
    margin,
    inService: null,
    learnedInService: null,
  })?.model ?? null;

test("the margin is what is left of the price without tax, and the floor where no cost is known", () => {
  const inclusive = { tax: { mode: "inclusive", rate: 0.25 }, floor: 0.35 } as const;
  expect(marginOf({ paidMinor: 1_000, costMinor: 300 }, inclusive)).toEqual({ marginShare: 0.5, marginFrom: "costs" });
  expect(marginOf({ paidMinor: 1_000, costMinor: 300 }, { ...inclusive, tax: { mode: "exclusive", rate: 0.25 } }).marginShare).toBe(0.7);
  const { marginShare, marginFrom } = marginOf({ paidMinor: 0, costMinor: 0 }, inclusive);
  expect(marginFrom).toBe("floor");
  expect(marginShare).toBeCloseTo(0.28, 12);
});

test("a young chain's fit says how many it rests on and that the prior leads", () => {
  const few = fitOn(buyers.slice(0, 4));
  expect(few).toMatchObject({ customers: 4, priorDominates: true, ...margin });
  const many = fitOn(Array.from({ length: 20 }, () => buyers).flat());
  expect(many).toMatchObject({ customers: 600, priorDominates: false });
});

test("a chain where everything was given away has no fit", () => {
  expect(fitOn(buyers.map((buyer) => ({ ...buyer, totalMinor: 0 })))).toBeNull();
});

test("a purchase that a till's clock dates ahead of ours counts as one of now", () => {
  const model = fitOn(buyers)!;
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

const weeksOf = (first: number, last: number) => ({ firstAt: NOW.getTime() - first * A_WEEK_MS, lastAt: NOW.getTime() - last * A_WEEK_MS });
const heldOut = (first: number, last = 0): number | null => {
  const held = heldOutOf([weeksOf(first, last)], NOW.getTime());
  return held && (held.to - held.from) / A_WEEK_MS;
};

test("held out is the last quarter of the record, at least four weeks where as many are left, 13 at the most, and nothing of a few days", () => {
  expect(heldOut(1.5)).toBeNull();
  expect(heldOut(4)).toBeCloseTo(1, 9);
  expect(heldOut(8)).toBeCloseTo(4, 9);
  expect(heldOut(12)).toBeCloseTo(4, 9);
  expect(heldOut(40)).toBeCloseTo(10, 9);
  expect(heldOut(400)).toBeCloseTo(13, 9);
  expect(heldOutOf([], NOW.getTime())).toBeNull();
});

test("a record ends with its last purchase, and one purchase under a wrong date does not make it long", () => {
  const old = heldOutOf([weeksOf(140, 100)], NOW.getTime())!;
  expect((NOW.getTime() - old.to) / A_WEEK_MS).toBeCloseTo(100, 9);
  const stray = [weeksOf(500, 400), ...Array.from({ length: 40 }, () => weeksOf(4, 0))];
  expect((heldOutOf(stray, NOW.getTime())!.to - heldOutOf(stray, NOW.getTime())!.from) / A_WEEK_MS).toBeCloseTo(1, 9);
});

test("what is judged is what serves: it knows nothing of the held-out weeks, and newcomers of these are no part of it", () => {
  const from = NOW.getTime() - 8 * A_WEEK_MS;
  const chain = Array.from({ length: 8 }, () => buyers)
    .flat()
    .map((now, i): Buyer => {
      const before = { ...now, firstAt: now.firstAt - 8 * A_WEEK_MS, lastAt: now.lastAt - 8 * A_WEEK_MS };
      return { now, before: i % 8 === 0 ? null : before, later: { purchases: i % 3, totalMinor: (i % 3) * 450 } };
    });
  const input = {
    buyers: chain,
    heldOut: { from, to: NOW.getTime() },
    now: NOW.getTime(),
    margin,
    inService: null,
    learnedInService: null,
  };
  const steps: string[] = [];
  const fitted = fitLifetime(input, ({ step }) => steps.push(step))!;
  expect(fitted.model.customers).toBe(210);
  expect(fitted.comparison).toMatchObject({ weeks: 8, against: "prior", purchases: { customers: 210 }, value: { customers: 210 } });
  const otherwise = chain.map((buyer) => ({ ...buyer, later: { purchases: 5, totalMinor: 9_000 } }));
  expect(fitLifetime({ ...input, buyers: otherwise })!.model).toEqual(fitted.model);
  expect(fitLifetime({ ...input, inService: fitted.pooled })!.comparison).toEqual(fitted.comparison);
  const again = fitLifetime({ ...input, inService: fitted.model, learnedInService: fitted.learned })!;
  expect(again.comparison).toMatchObject({ against: "inService", purchases: { gain: { mean: 0, low: 0, high: 0 } } });
  expect(again.shiftInService!.map(({ feature }) => feature).sort()).toEqual(["meanValueMinor", "purchasesPerWeek", "weeksSinceLast"]);
  expect(steps).toEqual(["visits", "values", "judging by the latest weeks"]);
});

test("with fewer than fifty customers or purchases to judge by there is no comparison", () => {
  const few = buyers.map((now): Buyer => ({ now, before: now, later: { purchases: 9, totalMinor: 1 } }));
  const input = {
    now: NOW.getTime(),
    margin,
    inService: null,
    learnedInService: null,
    heldOut: { from: NOW.getTime() - A_WEEK_MS, to: NOW.getTime() },
  };
  expect(fitLifetime({ ...input, buyers: few })!.comparison).toBeNull();
  const idle = [...few, ...few].map((buyer): Buyer => ({ ...buyer, later: { purchases: 0, totalMinor: 0 } }));
  expect(fitLifetime({ ...input, buyers: idle })!.comparison).toBeNull();
});

test("what other chains are like serves at the chain's own price level and margin", () => {
  const own = fitOn(Array.from({ length: 20 }, () => buyers).flat())!;
  const pooled = pooledInsteadOf(own);
  expect(pooled).toMatchObject({ ...margin, customers: 0, priorDominates: true });
  expect((pooled.spend.p * pooled.spend.gamma) / (pooled.spend.q - 1)).toBeCloseTo((own.spend.p * own.spend.gamma) / (own.spend.q - 1), 6);
  expect(pooled.visits).not.toEqual(own.visits);
});
