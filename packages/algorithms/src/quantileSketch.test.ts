import fc from "fast-check";
import { expect, test } from "vitest";
import { populationShift } from "./populationShift.js";
import { quantileSketch } from "./quantileSketch.js";
import { createRandom } from "./random.js";

test("a sketch is distributed as what it was made of", () => {
  const random = createRandom(1);
  const values = Float64Array.from({ length: 20_000 }, () => Math.exp(random.normal()));
  expect(populationShift(quantileSketch(values), values)).toBeLessThan(0.05);
  expect(
    populationShift(
      quantileSketch(values),
      values.map((value) => 1.5 * value),
    ),
  ).toBeGreaterThan(0.1);
});

test("a sketch holds the least and the greatest, no more than asked for, and unknown numbers by their share", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 2, max: 30 }), (given, size) => {
      const sketch = quantileSketch(Float64Array.from(given), size);
      expect(sketch.length).toBe(Math.min(size, given.length));
      const sorted = Float64Array.from(given).sort();
      expect([sketch[0], sketch.at(-1)]).toEqual([sorted[0], sorted.at(-1)]);
    }),
  );
  const unknown = quantileSketch(Float64Array.from({ length: 1_000 }, (_, i) => (i % 4 === 0 ? NaN : i)));
  expect(unknown.filter((value) => Number.isNaN(value)).length).toBe(50);
  expect(() => quantileSketch(Float64Array.of(1), 1)).toThrow(RangeError);
});
