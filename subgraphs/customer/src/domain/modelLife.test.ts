import type { HoldoutComparison } from "@kava/algorithms/lifetime/compareHoldout";
import type { SegmentsComparison } from "@kava/algorithms/segmentation/judgeSegments";
import { describe, expect, test } from "vitest";
import { learnedFrom, shiftsSince, verdictOnLifetime, verdictOnSegments, type LifetimeComparison } from "./modelLife.js";

const part = (more: Partial<HoldoutComparison> = {}): HoldoutComparison => ({
  customers: 500,
  predicted: 880,
  actual: 1_000,
  bias: -0.12,
  biasInService: -0.12,
  loss: 0.98,
  lossInService: 1,
  gain: { mean: 0.02, low: 0.01, high: 0.03 },
  calibrationSlope: 0.95,
  calibrationSlopeInService: 0.95,
  ...more,
});
const lifetime = (more: Partial<HoldoutComparison> = {}, against: LifetimeComparison["against"] = "inService"): LifetimeComparison => ({
  weeks: 13,
  against,
  purchases: part(),
  value: part(more),
});
const judged = { judged: true };

describe("lifetime parameters", () => {
  test("go into service when they are no worse and calibrated, however many too few they expect of all alike", () => {
    expect(verdictOnLifetime(lifetime(), judged)).toEqual({ promoted: true, reasons: [] });
    expect(verdictOnLifetime(lifetime({ gain: { mean: 0, low: -0.0099, high: 0.0099 }, bias: -0.4 }), judged).promoted).toBe(true);
  });

  test("are refused when they may be worse by more than a hundredth of the loss in service", () => {
    const { promoted, reasons } = verdictOnLifetime(lifetime({ gain: { mean: 0, low: -0.011, high: 0.011 } }), judged);
    expect(promoted).toBe(false);
    expect(reasons).toEqual([
      expect.stringMatching(/^value: it may be worse than the model in service: .* -0.0110 to 0.0110 on a loss of 1.00$/),
    ]);
  });

  test.each([0.69, 1.31, null])("are refused with a calibration slope of %s, unless what serves is outside as well", (calibrationSlope) => {
    expect(verdictOnLifetime(lifetime({ calibrationSlope }), judged)).toMatchObject({
      promoted: false,
      reasons: [expect.stringContaining("slope")],
    });
    const both = verdictOnLifetime(lifetime({ calibrationSlope, calibrationSlopeInService: 1.5 }), judged);
    expect(both).toMatchObject({ promoted: true, reasons: [expect.stringContaining("that of the model in service is not either (1.50)")] });
  });

  test("are refused at half or double the level of what happened, unless what serves is as far off", () => {
    expect(verdictOnLifetime(lifetime({ bias: 1.1 }), judged).reasons).toEqual(["value: its level is 2.10, not from 0.5 to 2"]);
    expect(verdictOnLifetime(lifetime({ bias: -0.6, biasInService: -0.7 }), judged).promoted).toBe(true);
  });

  test("serve at first unless they are surely worse than what other chains are like", () => {
    expect(verdictOnLifetime(lifetime({ gain: { mean: -0.1, low: -0.3, high: 0 } }, "prior"), null).promoted).toBe(true);
    expect(verdictOnLifetime(lifetime({ gain: { mean: -0.1, low: -0.3, high: -0.02 } }, "prior"), null).reasons).toEqual([
      expect.stringContaining("it is worse than the pooled prior"),
    ]);
  });

  test("that cannot be judged serve where nothing does, or nothing that was judged", () => {
    for (const before of [null, { judged: false }])
      expect(verdictOnLifetime(null, before)).toEqual({ promoted: true, reasons: [expect.stringContaining("what other chains are like")] });
    expect(verdictOnLifetime(null, judged)).toEqual({ promoted: false, reasons: [expect.stringContaining("was judged")] });
  });
});

describe("segments", () => {
  const found: SegmentsComparison = {
    customers: 300,
    segments: 4,
    stability: 0.93,
    stabilityInService: 0.9,
    silhouette: 0.41,
    silhouetteInService: 0.42,
    gain: { mean: -0.01, low: -0.03, high: 0.01 },
    agreement: 0.9,
  };

  test("go into service unless customers are clearly worse told apart by them", () => {
    expect(verdictOnSegments(found)).toEqual({ promoted: true, reasons: [] });
    expect(verdictOnSegments({ ...found, gain: { mean: -0.05, low: -0.08, high: -0.021 } }).reasons).toEqual([
      "customers are clearly worse told apart: silhouette 0.41, in service 0.42",
    ]);
  });

  test("that a resample would not give again replace only ones that are no better", () => {
    expect(verdictOnSegments({ ...found, stability: 0.84 })).toEqual({
      promoted: false,
      reasons: ["a resample gives other segments: bootstrap ARI 0.84, under 0.85"],
    });
    expect(verdictOnSegments({ ...found, stability: 0.84, stabilityInService: 0.7 })).toMatchObject({ promoted: true, reasons: [/0.84/] });
  });

  test("serve at first whatever they are, and say so", () => {
    const first = { ...found, stability: 0.5, stabilityInService: null, silhouetteInService: null, gain: null, agreement: null };
    expect(verdictOnSegments(first)).toEqual({ promoted: true, reasons: [expect.stringContaining("bootstrap ARI 0.50")] });
  });
});

test("what a model learned from is kept as a few numbers, and tells what has moved since, the most first", () => {
  const column = (shift: number) => Float64Array.from({ length: 3_000 }, (_, i) => (i % 5 === 4 ? NaN : shift + (i % 997)));
  const learned = learnedFrom({ a: column(0), b: column(0), gone: column(0) });
  expect(JSON.stringify(learned).length).toBeLessThan(6_000);
  const shifts = shiftsSince(JSON.parse(JSON.stringify(learned)), { a: column(0), b: column(600), fresh: column(0) });
  expect(shifts.map(({ feature }) => feature)).toEqual(["b", "a"]);
  expect(shifts[0]!.index).toBeGreaterThan(0.25);
  expect(shifts[1]!.index).toBeLessThan(0.1);
});
