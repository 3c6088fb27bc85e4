import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { populationShift } from "./populationShift.js";
import { createRandom } from "./random.js";

const normal = (seed: number, rows: number, mean = 0) => {
  const random = createRandom(seed);
  return Float64Array.from({ length: rows }, () => mean + random.normal());
};

describe("the shift of a population", () => {
  test("is nothing within one population and grows with the distance", () => {
    expect(populationShift(normal(1, 5000), normal(2, 5000))).toBeLessThan(0.02);
    // two normal distributions of variance 1 differ by the square of the distance; bins lose a little of it
    expect(populationShift(normal(1, 5000), normal(2, 5000, 0.5))).toBeCloseTo(0.25, 1);
    expect(populationShift(normal(1, 5000), normal(2, 5000, 2))).toBeGreaterThan(2);
  });

  test("is that of the shares where there are two values", () => {
    const share = (ones: number) => Float64Array.from({ length: 10_000 }, (_, i) => (i < ones ? 1 : 0));
    expect(populationShift(share(1000), share(3000))).toBeCloseTo(0.2 * Math.log(3) + 0.2 * Math.log(0.9 / 0.7), 2);
  });

  test("counts what is not known as a value of its own", () => {
    const some = Float64Array.from({ length: 1000 }, (_, i) => (i < 500 ? NaN : 7));
    expect(populationShift(some, some)).toBe(0);
    expect(populationShift(some, new Float64Array(1000).fill(7))).toBeGreaterThan(0.25);
    expect(populationShift(new Float64Array(9).fill(NaN), new Float64Array(9).fill(NaN))).toBe(0);
    expect(populationShift(new Float64Array(900).fill(NaN), new Float64Array(900).fill(1))).toBeGreaterThan(0.25);
  });

  test("sees a constant move in either direction", () => {
    const constant = new Float64Array(500).fill(3);
    expect(populationShift(constant, constant)).toBe(0);
    expect(
      populationShift(
        constant,
        constant.map(() => 2),
      ),
    ).toBeGreaterThan(1);
    expect(
      populationShift(
        constant,
        constant.map(() => 4),
      ),
    ).toBeGreaterThan(1);
  });

  test("is finite and not below 0 for any numbers, infinite ones among them", () => {
    const numbers = fc.array(fc.double(), { minLength: 1, maxLength: 50 }).map((values) => Float64Array.from(values));
    fc.assert(
      fc.property(numbers, numbers, (learned, now) => {
        const shift = populationShift(learned, now);
        expect(Number.isFinite(shift) && shift >= 0).toBe(true);
      }),
    );
    expect(() => populationShift(new Float64Array(0), normal(1, 3))).toThrow(/two samples/);
    expect(() => populationShift(normal(1, 3), normal(1, 3), 1)).toThrow(/two bins/);
  });
});
