import { upliftWorld } from "@kava/tests/support/upliftWorld";
import { describe, expect, test } from "vitest";
import { measureElasticity } from "./measuredElasticity.js";

const weeks = (seed: number, rows: number, elasticity: number, shift = 0) => {
  const log = upliftWorld({
    seed,
    rows,
    depths: [0, 10, 20, 30],
    logOdds: ({ x }, depth) => x[0]! - elasticity * Math.log(1 - depth / 100),
  });
  return { ...log, baseLogOdds: log.baseLogOdds.map((z) => z - shift), weights: new Float64Array(rows).fill(3) };
};

describe("the elasticity that a randomised log shows", () => {
  test("is found, also where the model of full price is off as a whole", () => {
    for (const [elasticity, shift] of [
      [3.5, 0],
      [1, 0.4],
      [0.2, -0.3],
    ] as const) {
      const { value, low, high } = measureElasticity(weeks(1, 20_000, elasticity, shift));
      expect(Math.abs(value - elasticity)).toBeLessThan(0.35);
      expect(low <= value && value <= high && high - low < 0.6).toBe(true);
    }
  });

  test("lies in its interval four times in five", () => {
    const holds = Array.from({ length: 60 }, (_, seed) => measureElasticity(weeks(seed, 2_000, 2))).filter(
      ({ low, high }) => low <= 2 && 2 <= high,
    );
    expect(holds.length).toBeGreaterThan(40);
    expect(holds.length).toBeLessThan(58);
  });

  test("stays with what is published where the log says little", () => {
    const { value, low, high } = measureElasticity(weeks(1, 4, 9));
    expect(Math.abs(value - 2)).toBeLessThan(1);
    expect(high - low).toBeGreaterThan(1.5);
    const nothing = measureElasticity(weeks(1, 0, 9));
    expect(nothing.value).toBe(2);
    expect(nothing.high).toBeCloseTo(2 + 1.2816, 3);
  });

  test("is never below 0", () => {
    const backwards = measureElasticity(weeks(1, 20_000, -3));
    expect([backwards.value, backwards.low]).toEqual([0, 0]);
  });

  test("is known less well where the weeks are those of few customers", () => {
    const sample = weeks(1, 3_000, 2);
    const repeated = (each: Float64Array) => Float64Array.from({ length: 12_000 }, (_, i) => each[i % 3_000]!);
    const { baseLogOdds, depths, units, customers, weights } = sample;
    const again = { baseLogOdds, depths, units, customers: Float64Array.from(customers), weights };
    const four = Object.fromEntries(Object.entries(again).map(([name, values]) => [name, repeated(values)])) as typeof again;
    const width = (of: typeof again) => measureElasticity(of).high - measureElasticity(of).low;
    expect(width(four)).toBeGreaterThan(0.9 * width(again));
    expect(width({ ...four, customers: Float64Array.from({ length: 12_000 }, (_, i) => i) })).toBeLessThan(0.6 * width(again));
  });

  test("takes finite log odds and weights above 0", () => {
    const sample = weeks(1, 10, 2);
    expect(() => measureElasticity({ ...sample, weights: new Float64Array(10) })).toThrow(/weight 0/);
    expect(() => measureElasticity({ ...sample, baseLogOdds: sample.baseLogOdds.fill(NaN) })).toThrow(/Row 0 has log odds NaN/);
  });
});
