import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { hash32, hash64 } from "./hash.js";
import { normalQuantile } from "./normalQuantile.js";
import { createRandom, normalAt, shuffledIndices, uniformAt, uniformIntAt } from "./random.js";

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const draws = (count: number, draw: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => draw(i));

describe("keyed draws", () => {
  test("the same seed and key give the same value in any order of asking", () => {
    fc.assert(
      fc.property(fc.double(), fc.array(fc.oneof(fc.string(), fc.integer(), fc.double())), (seed, key) => {
        const first = uniformAt(seed, ...key);
        uniformAt(seed, "something else");
        return uniformAt(seed, ...key) === first && first >= 0 && first < 1;
      }),
    );
  });

  test("the values are frozen: a change would move every simulated world", () => {
    expect(hash64(0, [])).toMatchInlineSnapshot(`
      [
        3534214349,
        686131104,
      ]
    `);
    expect(hash32(7, "kava", 3)).toMatchInlineSnapshot(`3101981167`);
    expect(uniformAt(42, "customer", 17, "visit")).toMatchInlineSnapshot(`0.6974467098525997`);
    expect(normalAt(42, "customer", 17, "visit")).toMatchInlineSnapshot(`0.5170710406136217`);
  });

  test("the borders, the order and the type of the parts count", () => {
    const values = [
      uniformAt(1, "ab", "c"),
      uniformAt(1, "a", "bc"),
      uniformAt(1, "abc"),
      uniformAt(1, "c", "ab"),
      uniformAt(1, 1, 2),
      uniformAt(1, 2, 1),
      uniformAt(1, "1", 2),
      uniformAt(2, "ab", "c"),
      uniformAt(1),
      uniformAt(1, ""),
      uniformAt(1, 0),
      uniformAt(1, 0.5),
    ];
    expect(new Set(values).size).toBe(values.length);
  });

  test("neighbouring keys give independent uniform values in every dimension of the key", () => {
    const axes = [
      draws(100_000, (i) => uniformAt(1, i, "visit")),
      draws(100_000, (i) => uniformAt(i, 3, "visit")),
      draws(100_000, (i) => uniformAt(1, i % 300, Math.floor(i / 300), "visit")),
      draws(100_000, (i) => uniformAt(1, `customer-${i}`)),
    ];
    for (const values of axes) {
      const cells = new Uint32Array(100);
      const pairs = new Uint32Array(100);
      values.forEach((value, i) => {
        cells[Math.floor(value * 100)]!++;
        if (i > 0) pairs[Math.floor(value * 10) * 10 + Math.floor(values[i - 1]! * 10)]!++;
      });
      for (const counts of [cells, pairs]) {
        const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
        expect(chiSquare).toBeLessThan(160); // 99 degrees of freedom: P(> 160) is about 1e-4
      }
    }
  });

  test("normal draws have mean 0, deviation 1 and normal tails", () => {
    const values = draws(200_000, (i) => normalAt(5, i, "taste"));
    expect(mean(values)).toBeCloseTo(0, 2);
    expect(mean(values.map((value) => value * value))).toBeCloseTo(1, 1);
    expect(values.filter((value) => value > 1.959964).length / values.length).toBeCloseTo(0.025, 2);
    expect(mean(values.map((value) => value ** 4))).toBeCloseTo(3, 0);
  });

  test("integers cover the whole range and refuse a bound that is none", () => {
    const seen = new Set(draws(1000, (i) => uniformIntAt(3, 7, i)));
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(() => uniformIntAt(3, 0, "x")).toThrow(/bound/);
  });
});

test("the normal quantile agrees with published values", () => {
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 14);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 13);
  expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798409, 12);
  expect(normalQuantile(2)).toBeNaN();
});

describe("the sequential generator", () => {
  test("repeats itself from the same seed and differs between seeds", () => {
    const sequence = (seed: number): number[] => {
      const random = createRandom(seed);
      return draws(50, () => random.uniform());
    };
    expect(sequence(1)).toEqual(sequence(1));
    expect(sequence(1)).not.toEqual(sequence(2));
  });

  test("a fork neither advances its parent nor depends on how far the parent is", () => {
    const parent = createRandom(1);
    const early = parent.fork("restart", 3).uniform();
    const next = createRandom(1).uniform();
    expect(parent.uniform()).toBe(next);
    expect(parent.fork("restart", 3).uniform()).toBe(early);
    expect(parent.fork("restart", 4).uniform()).not.toBe(early);
  });

  test("shuffled indices are a permutation, and a sample has no repetition", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.integer(), (length, take, seed) => {
        const sample = [...shuffledIndices(createRandom(seed), length, take)];
        return sample.length === Math.min(length, take) && new Set(sample).size === sample.length && sample.every((i) => i < length);
      }),
    );
  });
});
