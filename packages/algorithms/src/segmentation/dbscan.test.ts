import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matrixOf, rowOf, selectRows, type Matrix } from "../matrix.js";
import { createRandom, shuffledIndices } from "../random.js";
import { dbscan, NOISE } from "./dbscan.js";
import { GridIndex } from "./gridIndex.js";
import { kDistances, quantileOf } from "./kDistance.js";

/**
 * Made with scikit-learn 1.9.1: points rounded to three digits, then `f = DBSCAN(eps=eps, min_samples=m).fit(X)`, `labels = f.labels_`, and
 * `core` = 1 at `f.core_sample_indices_`. Seven sets: ties at exactly eps (line, lattice; six border points of the lattice are reached by two
 * clusters), duplicates, two moons, clouds in noise, far points, twelve columns.
 */
interface Fixture {
  readonly eps: number;
  readonly minSamples: number;
  readonly points: number[][];
  readonly labels: number[];
  readonly core: number[];
}
const folder = new URL("./fixtures/", import.meta.url);
const FIXTURES = readdirSync(folder).filter((name) => name.startsWith("dbscan-"));

const squared = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, c) => sum + (value - b[c]!) ** 2, 0);

/** Points on a coarse lattice (ties and duplicates abound), some of them far away. */
const lattices: fc.Arbitrary<{ points: Matrix; eps: number; minSamples: number }> = fc
  .record({ columns: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 1, max: 60 }), seed: fc.integer(), far: fc.boolean() })
  .chain(({ columns, rows, seed, far }) => {
    const random = createRandom(seed);
    const row = (i: number) => Array.from({ length: columns }, () => (random.integer(13) - 6) * (far && i === 0 ? 1e9 : 0.5));
    const points = matrixOf(Array.from({ length: rows }, (_, i) => row(i)));
    return fc.record({
      points: fc.constant(points),
      eps: fc.constantFrom(0.5, 0.75, 1, 1.5, 3),
      minSamples: fc.integer({ min: 1, max: 8 }),
    });
  });

describe("DBSCAN", () => {
  test.each(FIXTURES)("labels the points of %s as scikit-learn does", (name) => {
    const { points, labels, core, eps, minSamples }: Fixture = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    const fit = dbscan(matrixOf(points), { eps, minSamples });
    expect([...fit.labels]).toEqual(labels);
    expect([...fit.core]).toEqual(core);
    expect(fit.clusters).toBe(Math.max(...labels) + 1);
  });

  test("all its fixtures are there", () => {
    expect(FIXTURES).toHaveLength(7);
  });

  test("is what its definition says: core points within reach share a cluster, border points are with the first that reaches them", () => {
    fc.assert(
      fc.property(lattices, ({ points, eps, minSamples }) => {
        const { labels, core, clusters } = dbscan(points, { eps, minSamples });
        const all = Array.from({ length: points.rows }, (_, i) => i);
        let found = 0;
        for (const i of all) {
          const near = all.filter((j) => squared(rowOf(points, i), rowOf(points, j)) <= eps * eps);
          expect(core[i]).toBe(near.length >= minSamples ? 1 : 0);
          const reaching = near.filter((j) => core[j] === 1).map((j) => labels[j]!);
          if (core[i] === 1) expect(new Set(reaching)).toEqual(new Set([labels[i]!]));
          else expect(labels[i]).toBe(reaching.length === 0 ? NOISE : Math.min(...reaching));
          if (core[i] === 1 && labels[i] === found) found++; // numbered in the order of their first core points
          expect(core[i] === 1 ? labels[i]! : 0).toBeLessThan(Math.max(1, found));
        }
        expect(found).toBe(clusters);
      }),
      { numRuns: 300 },
    );
  });

  test("finds the same core points, clusters of core points and noise in whatever order the points come", () => {
    fc.assert(
      fc.property(lattices, fc.integer(), ({ points, eps, minSamples }, seed) => {
        const order = shuffledIndices(createRandom(seed), points.rows);
        const fit = dbscan(points, { eps, minSamples });
        const other = dbscan(selectRows(points, order), { eps, minSamples });
        const names = new Map<number, number>();
        order.forEach((i, at) => {
          expect(other.core[at]).toBe(fit.core[i]);
          expect(other.labels[at] === NOISE).toBe(fit.labels[i] === NOISE);
          if (fit.core[i] === 0) return;
          const name = names.get(fit.labels[i]!) ?? other.labels[at]!;
          names.set(fit.labels[i]!, name);
          expect(other.labels[at]).toBe(name);
        });
        expect(new Set(names.values()).size).toBe(fit.clusters);
      }),
      { numRuns: 200 },
    );
  });

  test("takes 20,000 points in clouds and noise, points of two hundred columns, and points all alike", () => {
    const random = createRandom(5);
    const many = matrixOf(
      Array.from({ length: 20_000 }, (_, i) =>
        [i % 4, i % 3, i % 2].map((c) => (i % 50 === 0 ? 20 * random.uniform() - 8 : 4 * c + 0.4 * random.normal())),
      ),
    );
    const fit = dbscan(many, { eps: 0.4, minSamples: 10 });
    expect(fit.clusters).toBe(12);
    expect(fit.labels.filter((label) => label === NOISE).length / 20_000).toBeLessThan(0.03);
    const wide = matrixOf(
      Array.from({ length: 300 }, (_, i) => Array.from({ length: 200 }, (_, c) => (i % 3) * 5 + 0.1 * random.normal() + c)),
    );
    expect(dbscan(wide, { eps: 4 }).clusters).toBe(3);
    const alike = matrixOf(Array.from({ length: 3000 }, () => [1, 2, 3]));
    expect(dbscan(alike, { eps: 1e-9 })).toMatchObject({ clusters: 1 });
  });

  test("of three points, one or none is sound", () => {
    const three = matrixOf([[0], [1], [10]]);
    expect([...dbscan(three, { eps: 1, minSamples: 2 }).labels]).toEqual([0, 0, NOISE]);
    expect([...dbscan(three, { eps: 1, minSamples: 1 }).labels]).toEqual([0, 0, 1]);
    expect([...dbscan(three, { eps: 1 }).labels]).toEqual([NOISE, NOISE, NOISE]);
    expect([...dbscan(matrixOf([[7, 7]]), { eps: 1, minSamples: 1 }).labels]).toEqual([0]);
    expect(dbscan(matrixOf([]), { eps: 1 })).toMatchObject({ clusters: 0 });
  });

  test("finds neighbours across whatever scales the columns have", () => {
    for (const scale of [1e-12, 1, 1e12]) {
      const random = createRandom(8);
      const points = matrixOf(
        Array.from({ length: 200 }, () => [scale * random.uniform() + 1e6 * scale, scale * random.uniform() - 1e9, random.uniform()]),
      );
      const radius = 0.3 * Math.max(1, scale);
      const found = new Int32Array(points.rows);
      for (let i = 0; i < points.rows; i++) {
        const near = Array.from({ length: points.rows }, (_, j) => j).filter(
          (j) => squared(rowOf(points, i), rowOf(points, j)) <= radius * radius,
        );
        expect([near.length, near.length + 1].map((least) => new GridIndex(points, radius).hasNeighbours(i, least))).toEqual([true, false]);
        expect([...found.subarray(0, new GridIndex(points, radius).takeNeighbours(i, found))].sort((a, b) => a - b)).toEqual(near);
      }
    }
  });

  test("refuses what cannot be measured, and says what to do", () => {
    const points = matrixOf([
      [0, 1],
      [2, 3],
    ]);
    for (const eps of [0, -1, NaN, Infinity]) expect(() => dbscan(points, { eps })).toThrow(/eps that is finite and above 0/);
    for (const minSamples of [0, 2.5, NaN]) expect(() => dbscan(points, { eps: 1, minSamples })).toThrow(/whole number of at least 1/);
    expect(() =>
      dbscan(
        matrixOf([
          [0, 1],
          [2, NaN],
        ]),
        { eps: 1 },
      ),
    ).toThrow("Point 1 has NaN in column 1");
    expect(() => dbscan(matrixOf([[0, -Infinity]]), { eps: 1 })).toThrow("Point 0 has -Infinity in column 1");
    expect(() => dbscan(matrixOf([[1e200]]), { eps: 1 })).toThrow(/scale the feature first/);
    expect(() => dbscan(matrixOf([[], []]), { eps: 1 })).toThrow(/at least one feature/);
  });
});

describe("the distance to the k-th neighbour", () => {
  test("is that of a full search, ascending", () => {
    fc.assert(
      fc.property(lattices, fc.integer({ min: 1, max: 12 }), ({ points }, neighbours) => {
        const all = Array.from({ length: points.rows }, (_, i) => i);
        const expected = all.map((i) => {
          const others = all.filter((j) => j !== i).map((j) => Math.sqrt(squared(rowOf(points, i), rowOf(points, j))));
          return others.sort((a, b) => a - b)[Math.min(neighbours, others.length) - 1] ?? 0;
        });
        expect([...kDistances(points, { neighbours, random: createRandom(1) })]).toEqual(expected.sort((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });

  test("is measured at a sample, and has quantiles", () => {
    const points = matrixOf(Array.from({ length: 500 }, (_, i) => [i]));
    expect(kDistances(points, { neighbours: 1, sampleSize: 50, random: createRandom(1) })).toEqual(new Float64Array(50).fill(1));
    expect(quantileOf([1, 2, 3, 4], 0.5)).toBe(3);
    expect(quantileOf([1, 2, 3, 4], 1)).toBe(4);
    expect(() => quantileOf([], 0.5)).toThrow(/no quantile/);
    expect(() => kDistances(points, { neighbours: 0, random: createRandom(1) })).toThrow(/whole k/);
    expect(() => kDistances(matrixOf([[NaN]]), { random: createRandom(1) })).toThrow(/Point 0/);
  });
});
