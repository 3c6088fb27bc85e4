import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../random.js";
import { compareHoldout } from "./compareHoldout.js";

/** How often something of this mean happens by Poisson's law: Knuth's product of uniforms. */
function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let product = random.uniform(); product > Math.exp(-mean); product *= random.uniform()) count++;
  return count;
}
const customers = 4_000;
const random = createRandom(1);
const means = Float64Array.from({ length: customers }, () => Math.exp(0.8 * random.normal()) / 2);
const actual = means.map((mean) => poisson(random, mean));

describe("predictions on time that they have not seen", () => {
  test("that are right win over ones that tell customers worse apart, and have slope 1", () => {
    const blunt = means.map((mean) => Math.sqrt(mean) * 0.7);
    const found = compareHoldout(blunt, means, actual);
    expect(found.gain.low).toBeGreaterThan(0);
    expect(found.gain.mean).toBeCloseTo(found.lossInService - found.loss, 12);
    expect(found.calibrationSlope).toBeCloseTo(1, 1);
    expect(found.calibrationSlopeInService).toBeCloseTo(2, 0);
    expect(compareHoldout(means, blunt, actual).calibrationSlope).toBe(found.calibrationSlopeInService);
    expect(compareHoldout(means, blunt, actual).gain.high).toBeLessThan(0);
  });

  test("that expect too few of everybody are told so, but lose nothing: a season, or Poisson's regular visits, is no fault of how customers are told apart", () => {
    const tooFew = means.map((mean) => 0.6 * mean);
    const found = compareHoldout(means, tooFew, actual);
    expect(found.gain.mean).toBeCloseTo(0, 12);
    expect(found.bias).toBeCloseTo(-0.4, 1);
    expect(found.biasInService).toBeCloseTo(0, 1);
    expect(found.calibrationSlope).toBeCloseTo(found.calibrationSlopeInService!, 9);
  });

  test("cannot win by expecting nothing of anybody, or the same of all, though most did nothing", () => {
    const most = actual.map((count, i) => (i % 3 === 0 ? count : 0));
    const third = means.map((mean) => mean / 3);
    expect(compareHoldout(third, new Float64Array(customers), most).gain.high).toBeLessThan(0);
    expect(compareHoldout(third, new Float64Array(customers).fill(0.2), most)).toMatchObject({ calibrationSlope: null });
  });

  test("of money are judged the same in every currency", () => {
    const euros = compareHoldout(
      means,
      means.map((mean) => mean ** 1.2),
      actual,
    );
    const cents = compareHoldout(
      means.map((mean) => 100 * mean),
      means.map((mean) => 100 * mean ** 1.2),
      actual.map((count) => 100 * count),
    );
    expect(cents.gain.low / cents.lossInService).toBeCloseTo(euros.gain.low / euros.lossInService, 9);
    expect(cents.calibrationSlope).toBeCloseTo(euros.calibrationSlope!, 9);
  });

  test("give finite numbers, or no slope, whatever was predicted and done", () => {
    const rows = fc.array(fc.tuple(fc.double({ min: 0, max: 1e4 }), fc.double({ min: 0, max: 1e4 }), fc.integer({ min: 0, max: 50 })), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, (given) => {
        const column = (at: 0 | 1 | 2) => Float64Array.from(given, (row) => (Number.isFinite(row[at]) ? row[at] : 0));
        const { loss, lossInService, gain, calibrationSlope: slope } = compareHoldout(column(0), column(1), column(2));
        for (const value of [loss, lossInService, gain.low, gain.high, slope ?? 0]) expect(Number.isFinite(value)).toBe(true);
        expect(loss).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("that are none are refused", () => {
    const one = Float64Array.of(1);
    expect(() => compareHoldout(one, Float64Array.of(1, 2), one)).toThrow(RangeError);
    expect(() => compareHoldout(one, one, Float64Array.of(-1))).toThrow(/nothing/);
    expect(() => compareHoldout(one, Float64Array.of(NaN), one)).toThrow(RangeError);
  });
});
