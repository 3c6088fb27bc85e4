import fc from "fast-check";
import type { UpliftComparison } from "@kava/algorithms/policy/judgeUplift";
import { normalAt } from "@kava/algorithms/random";
import { expect, test } from "vitest";
import { losesAgainstHoldout, verdictOnUplift } from "./promotion.js";

const found: UpliftComparison = {
  rows: 4_000,
  customers: 3_000,
  value: 1_020,
  valueInService: 1_000,
  gain: { mean: 20, low: 5, high: 35 },
  valueOfNone: 980,
  gainOverNone: { mean: 40, standardError: 15 },
  calibrationSlope: 1,
  shift: [],
};

test("an uplift model goes into service unless it may earn less than what is there, surely earns less than no offers, or is badly calibrated", () => {
  expect(verdictOnUplift(found)).toEqual({ promoted: true, reasons: [] });
  expect(verdictOnUplift({ ...found, gain: { mean: -2, low: -9.9, high: 6 } }).promoted).toBe(true);
  expect(verdictOnUplift({ ...found, gain: { mean: -2, low: -10.1, high: 6 } }).reasons).toEqual([
    "it may earn less than what is in service: its gain is at least -10.1 of 1000.0 a customer-week",
  ]);
  expect(verdictOnUplift({ ...found, gainOverNone: { mean: -200, standardError: 20 } }).reasons).toEqual([
    expect.stringMatching(/^it earns less than no offers/),
  ]);
  for (const calibrationSlope of [0.69, 1.31, null])
    expect(verdictOnUplift({ ...found, calibrationSlope }).reasons).toEqual([expect.stringContaining("calibration slope")]);
  expect(verdictOnUplift(null).reasons).toEqual([expect.stringContaining("too few weeks")]);
});

test("where nobody bought, a verdict is still one", () => {
  const nothing = {
    value: 0,
    valueInService: 0,
    valueOfNone: 0,
    gain: { mean: 0, low: 0, high: 0 },
    gainOverNone: { mean: 0, standardError: 0 },
  };
  expect(verdictOnUplift({ ...found, ...nothing }).promoted).toBe(true);
});

test("offers lose against the holdout only when it is sure: not by a difference within its noise, and not when the holdout earned nothing", () => {
  const measured = { customers: 9_500, held: 500, holdoutMargin: 1_000, difference: -60, standardError: 10 };
  expect(losesAgainstHoldout(measured)).toBe(true);
  expect(losesAgainstHoldout({ ...measured, difference: -9 })).toBe(false);
  expect(losesAgainstHoldout({ ...measured, standardError: 40 })).toBe(false);
  expect(losesAgainstHoldout({ ...measured, holdoutMargin: 0, difference: 0 })).toBe(false);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }), (difference, standardError) => {
      expect(losesAgainstHoldout({ ...measured, difference, standardError })).toBe(false);
    }),
  );
});

test("looked at every day for half a year, offers that change nothing are withdrawn in hardly any chain", () => {
  const losing = Array.from({ length: 400 }, (_, chain) => {
    let sum = 0;
    return Array.from({ length: 180 }, (__, day) => {
      sum += 300 * normalAt(5, "difference", chain, day); // of a day's margins
      return losesAgainstHoldout({
        customers: 9_500,
        held: 500,
        holdoutMargin: 1_000,
        difference: sum / (day + 1),
        standardError: 300 / Math.sqrt(day + 1),
      });
    }).includes(true);
  });
  expect(losing.filter(Boolean).length / losing.length).toBeLessThan(0.05);
});
