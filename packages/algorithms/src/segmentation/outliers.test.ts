import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matrixOf, rowOf, selectRows, type Matrix } from "../matrix.js";
import { createRandom } from "../random.js";
import { dbscan, NOISE } from "./dbscan.js";
import { GridIndex } from "./gridIndex.js";
import { findOutliers, reachedBy } from "./outliers.js";

const squared = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, c) => sum + (value - b[c]!) ** 2, 0);

/** Points on a coarse lattice (ties at exactly eps and duplicates abound), some of them far away, and points that are not among them. */
const lattices: fc.Arbitrary<{ points: Matrix; strangers: Matrix; eps: number; minSamples: number }> = fc
  .record({ columns: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 1, max: 60 }), seed: fc.integer(), far: fc.boolean() })
  .chain(({ columns, rows, seed, far }) => {
    const random = createRandom(seed);
    const row = (i: number, side: number) =>
      Array.from({ length: columns }, () => (random.integer(side) - (side >> 1)) * (far && i === 0 ? 1e9 : 0.5));
    return fc.record({
      points: fc.constant(matrixOf(Array.from({ length: rows }, (_, i) => row(i, 13)))),
      strangers: fc.constant(matrixOf(Array.from({ length: 20 }, (_, i) => row(i + 1, 31)))),
      eps: fc.constantFrom(0.5, 0.75, 1, 1.5, 3),
      minSamples: fc.integer({ min: 1, max: 8 }),
    });
  });

/** A crowd in clouds, a tight ring of a few, and some who are far from everybody. */
const crowd = (seed: number, rows: number): Matrix => {
  const random = createRandom(seed);
  const columns = 6;
  const normal = (mean: number, spread: number) => Array.from({ length: columns }, () => mean + spread * random.normal());
  return matrixOf(Array.from({ length: rows }, (_, i) => (i % 50 === 7 ? normal(0, 9) : normal(5 * (i % 3), 1))));
};

describe("who is told apart by core points", () => {
  test("is exactly DBSCAN's noise, of the points that the cores were found among", () => {
    fc.assert(
      fc.property(lattices, ({ points, eps, minSamples }) => {
        const { labels, core } = dbscan(points, { eps, minSamples });
        const cores = selectRows(
          points,
          Array.from(core.keys()).filter((i) => core[i] === 1),
        );
        fc.pre(cores.rows > 0);
        const isUsual = reachedBy({ cores, eps });
        labels.forEach((label, i) => expect(isUsual(rowOf(points, i))).toBe(label !== NOISE));
      }),
    );
  });

  test("of others it is whoever is further than eps from every core point", () => {
    fc.assert(
      fc.property(lattices, ({ points, strangers, eps }) => {
        const index = new GridIndex(points, eps);
        for (let i = 0; i < strangers.rows; i++) {
          const nearest = Math.min(...Array.from({ length: points.rows }, (_, j) => squared(rowOf(points, j), rowOf(strangers, i))));
          expect(index.isReached(rowOf(strangers, i))).toBe(nearest <= eps * eps);
        }
      }),
    );
  });

  test("is the same among those who were looked at, and much the same when others are looked at instead", () => {
    const points = crowd(1, 2_000);
    const found = findOutliers(points, { random: createRandom(1) });
    expect(found.indices.length).toBeGreaterThan(10);
    const isUsual = reachedBy(found);
    expect(Array.from({ length: points.rows }, (_, i) => i).filter((i) => !isUsual(rowOf(points, i)))).toEqual(found.indices);
    const others = crowd(2, 2_000);
    const own = new Set(findOutliers(others, { random: createRandom(1) }).indices);
    const differ = Array.from({ length: others.rows }, (_, i) => i).filter((i) => own.has(i) === isUsual(rowOf(others, i)));
    expect(differ.length).toBeLessThan(0.005 * others.rows);
  });

  test("is nobody where there was nobody to learn from", () => {
    const { cores, eps, indices } = findOutliers(crowd(1, 10), { random: createRandom(1) });
    expect(indices).toEqual([]);
    expect(reachedBy({ cores, eps })(new Float64Array(6).fill(1e9))).toBe(true);
  });
});
