import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearLearner } from "../learning/linearLearner.js";
import type { Matrix } from "../matrix.js";
import { createRandom } from "../random.js";
import { armByArm } from "../uplift/offerLearner.js";
import { crossFittedScores } from "./crossFittedScores.js";
import { depthLifts, liftFor } from "./depthLifts.js";
import { isotonicMeans } from "./isotonicMeans.js";
import { rungOf } from "./ladder.js";
import { binOf, liftBins } from "./liftBins.js";

/** A randomised log of none, 10 % and 20 %, whose effects are 0, x and 2 x + 1, with two rows a customer. */
function randomisedLog(rows: number) {
  const random = createRandom(4);
  const x = Float64Array.from({ length: rows }, () => random.normal());
  const arms = Int32Array.from({ length: rows }, () => random.integer(3));
  const outcomes = Float64Array.from(arms, (arm, i) => 5 + 3 * x[i]! + [0, x[i]!, 2 * x[i]! + 1][arm]! + random.normal());
  const features: Matrix = { rows, columns: 1, values: x };
  return { x, trial: { features, arms, armCount: 3, outcomes, clusters: Float64Array.from(arms, (_, i) => i >> 1) } };
}

describe("cross-fitted scores and lower bounds", () => {
  const { x, trial } = randomisedLog(8_000);
  const nuisance = armByArm(linearLearner());
  const crossFitted = crossFittedScores(trial, { nuisance, seed: 1 });

  test("average to the outcome of giving everybody an arm", () => {
    [5, 5, 6].forEach((known, arm) => {
      const mean = trial.outcomes.reduce((sum, _, row) => sum + crossFitted.scores.values[row * 3 + arm]!, 0) / 8_000;
      expect(Math.abs(mean - known)).toBeLessThan(0.15);
    });
  });

  test("are the same for the same seed", () => {
    expect(crossFittedScores(trial, { nuisance, seed: 1 })).toEqual(crossFitted);
  });

  test("find the effect in every bin, and the bound is 1.28 errors below it", () => {
    const [ten, twenty] = depthLifts(crossFitted, { depths: [0, 10, 20], clusters: trial.clusters });
    expect(ten!.bins.length).toBeGreaterThan(10);
    for (const at of [-1.5, 0, 1.5]) {
      const { lower, belief } = liftFor(ten!, at);
      expect(Math.abs(belief.mean - at)).toBeLessThan(0.5);
      expect(lower).toBeCloseTo(belief.mean - 1.28 * belief.deviation, 12);
      expect(Math.abs(liftFor(twenty!, 2 * at + 1).belief.mean - (2 * at + 1))).toBeLessThan(0.7);
    }
    const means = ten!.bins.map((bin) => bin.mean);
    expect(means).toEqual(means.toSorted((a, b) => a - b));
    expect(ten!.bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(8_000);
  });

  test("are one pooled effect on rung 1", () => {
    const lifts = depthLifts(crossFitted, { depths: [0, 10, 20], clusters: trial.clusters, effects: "pooled" });
    expect(lifts.map(({ bins }) => bins.length)).toEqual([1, 1]);
    expect(Math.abs(liftFor(lifts[1]!, x[0]!).belief.mean - 1)).toBeLessThan(0.2);
  });

  test("are told for some depths, customers sorted by the effect of another", () => {
    const measured = [{ depth: 10, sortedBy: 20, most: 3 }];
    const [ten, ...others] = depthLifts(crossFitted, { depths: [0, 10, 20], clusters: trial.clusters, measured });
    expect(others).toEqual([]);
    expect(ten!.bins.length).toBe(3);
    expect(ten!.bins[2]!.mean).toBeGreaterThan(ten!.bins[0]!.mean + 1);
  });

  test("leave rows out in which a depth had no chance", () => {
    const values = crossFitted.scores.values.map((score, cell) => (cell % 3 === 2 && cell < 3 * 3_000 ? NaN : score));
    const lifts = depthLifts(
      { ...crossFitted, scores: { ...crossFitted.scores, values } },
      { depths: [0, 10, 20], clusters: trial.clusters },
    );
    expect(lifts.map(({ bins }) => bins.reduce((sum, { rows }) => sum + rows, 0))).toEqual([8_000, 5_000]);
  });

  test("refuse depths that do not fit the arms", () => {
    expect(() => depthLifts(crossFitted, { depths: [0, 10], clusters: trial.clusters })).toThrow(/do not fit 3 arms/);
    const measured = [{ depth: 15, sortedBy: 15 }];
    expect(() => depthLifts(crossFitted, { depths: [0, 10, 20], clusters: trial.clusters, measured })).toThrow(/15 is none of the offers/);
  });
});

describe("bins of predicted effect", () => {
  const sample = (rows: number) => ({
    predicted: Float64Array.from({ length: rows }, (_, i) => i),
    effects: Float64Array.from({ length: rows }, (_, i) => Math.floor(i / 100)),
    clusters: Array.from({ length: rows }, (_, i) => i),
  });

  test("are at most 20, never of fewer than 200 rows", () => {
    for (const [rows, bins] of [
      [10_000, 20],
      [1_000, 5],
      [399, 1],
      [3, 1],
    ] as const) {
      const found = liftBins(sample(rows));
      expect(found).toHaveLength(bins);
      for (const { rows: size } of found) expect(size).toBeGreaterThanOrEqual(Math.min(rows, 200));
      expect(found.map(({ from }) => from === null)).toEqual(found.map((_, i) => i === 0));
    }
  });

  test("are pooled until the effect rises with the prediction", () => {
    const { predicted, effects, clusters } = sample(2_000);
    const falling = liftBins({ predicted, effects: effects.map((value) => -value), clusters });
    expect(falling).toHaveLength(1);
    expect(falling[0]!.mean).toBeCloseTo(-9.5, 12);
  });

  test("have a larger error where rows of one customer go together", () => {
    const { predicted } = sample(400);
    const effects = Float64Array.from({ length: 400 }, (_, i) => (i % 20 < 10 ? 1 : 0));
    const alone = liftBins({ predicted: predicted.fill(0), effects, clusters: Array.from({ length: 400 }, (_, i) => i) });
    const together = liftBins({ predicted, effects, clusters: Array.from({ length: 400 }, (_, i) => Math.floor(i / 10)) });
    expect(alone[0]!.standardError).toBeCloseTo(Math.sqrt(0.25 / 399), 9);
    expect(together[0]!.standardError).toBeCloseTo(Math.sqrt(0.25 / 39), 9);
    expect(together[0]!.lower).toBeLessThan(alone[0]!.lower);
  });

  test("never part equal predictions, and hold any prediction", () => {
    const bins = liftBins({ ...sample(1_000), predicted: Float64Array.from({ length: 1_000 }, (_, i) => (i < 500 ? 1 : 2)) });
    expect(bins.map(({ rows, from }) => [rows, from])).toEqual([
      [500, null],
      [500, 2],
    ]);
    expect(binOf(bins, -1e9)).toBe(bins[0]);
    expect(binOf(bins, 1e9)).toBe(bins[1]);
    expect(() => binOf(bins, NaN)).toThrow(/NaN/);
  });

  test("are refused for one customer, no rows, and numbers that are none", () => {
    expect(() => liftBins({ ...sample(5), clusters: [1, 1, 1, 1, 1] })).toThrow(/one customer only/);
    expect(() => liftBins(sample(0))).toThrow(RangeError);
    expect(() => liftBins({ ...sample(2), predicted: Float64Array.of(1, NaN) })).toThrow(/row 1 is NaN/);
    expect(() => liftBins({ ...sample(2), effects: Float64Array.of(1) })).toThrow(/1 effects/);
  });
});

describe("isotonic regression", () => {
  test("pools neighbours that fall", () => {
    expect(isotonicMeans([1, 3, 2, 4, 4, 0], [1, 1, 1, 1, 1, 2])).toEqual([
      { from: 0, count: 1, value: 1 },
      { from: 1, count: 5, value: 13 / 6 },
    ]);
    expect(isotonicMeans([], [])).toEqual([]);
    expect(() => isotonicMeans([1], [0])).toThrow(/weight 0/);
  });

  test("rises strictly from block to block, keeps the weighted mean, and leaves what rises alone", () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(points, (pairs) => {
        const values = pairs.map(([value]) => value);
        const weights = pairs.map(([, weight]) => weight);
        const blocks = isotonicMeans(values, weights);
        blocks.forEach((block, i) => expect(block.value).toBeGreaterThan(blocks[i - 1]?.value ?? -Infinity));
        const weightOf = (from: number, count: number): number => weights.slice(from, from + count).reduce((a, b) => a + b, 0);
        const pooled = blocks.reduce((sum, { from, count, value }) => sum + value * weightOf(from, count), 0);
        expect(pooled).toBeCloseTo(
          pairs.reduce((sum, [value, weight]) => sum + value * weight, 0),
          6,
        );
        const rising = [...new Set(values)].sort((a, b) => a - b);
        expect(
          isotonicMeans(
            rising,
            rising.map(() => 1),
          ).map(({ value }) => value),
        ).toEqual(rising);
      }),
    );
  });
});

describe("the ladder of evidence", () => {
  const values = { linearValue: 10, boostedValue: 11 };
  test.each([
    { customersPerArm: [], rung: 0, why: /0 customers/ },
    { customersPerArm: [90_000], rung: 0, why: /most frequent depth to 0/ },
    { customersPerArm: [90_000, 499, 12], rung: 0, why: /most frequent depth to 499; a pooled effect needs 500/ },
    { customersPerArm: [499, 90_000], rung: 0, why: /no offer to 499/ },
    { customersPerArm: [500, 2_999], rung: 1, why: /a personal effect needs 3000/ },
    { customersPerArm: [3_000, 3_000], rung: 3, why: /11, is above/ },
  ])("is on rung $rung with $customersPerArm customers per arm", ({ customersPerArm, rung, why }) => {
    const found = rungOf({ customersPerArm, ...values });
    expect(found.rung).toBe(rung);
    expect(found.reason).toMatch(why);
  });

  test("is not left because a new depth has few customers", () => {
    expect(rungOf({ customersPerArm: [4_000, 4_000, 20, 700], ...values }).rung).toBe(3);
    expect(rungOf({ customersPerArm: [600, 20, 700], ...values }).rung).toBe(1);
  });

  test("takes the boosted learners only where they are worth more", () => {
    const customersPerArm = [4_000, 4_000];
    expect(rungOf({ customersPerArm, linearValue: 10, boostedValue: 10 }).rung).toBe(2);
    expect(rungOf({ customersPerArm, linearValue: 10, boostedValue: null })).toMatchObject({
      rung: 2,
      reason: expect.stringMatching(/not been compared/),
    });
    expect(() => rungOf({ customersPerArm: [1.5, 3], ...values })).toThrow(/1.5/);
  });
});
