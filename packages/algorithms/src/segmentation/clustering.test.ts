import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matrixOf } from "../matrix.js";
import { createRandom, shuffledIndices } from "../random.js";
import { adjustedRandIndex } from "./adjustedRandIndex.js";
import { assignment } from "./assignment.js";
import { bootstrapStability } from "./bootstrapStability.js";
import { chooseK } from "./chooseK.js";
import { dbscan } from "./dbscan.js";
import { fitKMeans, label } from "./kMeans.js";
import { matchSegments } from "./matchSegments.js";
import { fromAxes, principalAxes, toAxes } from "./principalAxes.js";
import { silhouette } from "./silhouette.js";

const file = new URL("../../../../../shared/data/cdnow/CDNOW_master.txt.gz", import.meta.url);
const present = existsSync(file);
const needs = present ? "" : " (skipped: ../shared/data/cdnow is not there)";

/** Normal clouds of deviation 0.5 around given centres. */
function clouds(centres: readonly (readonly number[])[], each: number, seed = 3): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: centres.length * each }, (_, i) => centres[i % centres.length]!.map((c) => c + 0.5 * random.normal()));
}
const FOUR = [
  [0, 0],
  [6, 0],
  [0, 6],
  [6, 6],
];

const cdnow = present ? cdnowRfm() : [];

/** log(1 + x), z-scored recency (days), frequency (days with a purchase), money of every customer of CDNOW. */
function cdnowRfm(): number[][] {
  const customers = new Map<string, { days: Set<string>; money: number }>();
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split("\n").slice(1)) {
    const [id, date, , amount] = line.trim().split(/\s+/);
    const customer = customers.get(id!) ?? { days: new Set<string>(), money: 0 };
    customers.set(id!, { days: customer.days.add(date!), money: customer.money + Number(amount) });
  }
  const time = (date: string) => Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6))) / 86_400_000;
  const lasts = [...customers.values()].map(({ days }) => Math.max(...[...days].map(time)));
  const end = Math.max(...lasts);
  const rows = [...customers.values()].map(({ days, money }, i) => [end - lasts[i]!, days.size, money].map(Math.log1p));
  const columns = [0, 1, 2].map((c) => {
    const mean = rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length;
    return { mean, deviation: Math.sqrt(rows.reduce((sum, row) => sum + (row[c]! - mean) ** 2, 0) / rows.length) };
  });
  return rows.map((row) => row.map((x, c) => (x - columns[c]!.mean) / columns[c]!.deviation));
}

describe("k-means", { timeout: 300_000 }, () => {
  test("finds planted clouds, the same with the same seed, better than any single start", () => {
    const points = clouds(FOUR, 50);
    const fit = fitKMeans(points, 4, { random: createRandom(1) });
    expect(
      adjustedRandIndex(
        fit.labels,
        points.map((_, i) => i % 4),
      ),
    ).toBe(1);
    expect(fitKMeans(points, 4, { random: createRandom(1) })).toEqual(fit);
    expect(fit.inertia).toBeLessThanOrEqual(fitKMeans(points, 4, { random: createRandom(2), restarts: 1 }).inertia + 1e-9);
  });

  test("works on a sample of many points and refines on all", () => {
    const points = clouds(FOUR, 500);
    const fit = fitKMeans(points, 4, { random: createRandom(1), sampleSize: 200 });
    expect(fit.labels).toHaveLength(2000);
    expect(
      adjustedRandIndex(
        fit.labels,
        points.map((_, i) => i % 4),
      ),
    ).toBe(1);
  });

  test("is sound on equal points, and refuses what cannot be clustered", () => {
    expect(
      fitKMeans(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        2,
        { random: createRandom(1) },
      ).inertia,
    ).toBe(0);
    expect(() => fitKMeans([[1]], 2, { random: createRandom(1) })).toThrow(/number of points/);
    expect(() => fitKMeans([[1], [NaN]], 1, { random: createRandom(1) })).toThrow(/Point 1/);
    expect(() => fitKMeans([[1], [1, 2]], 1, { random: createRandom(1) })).toThrow(/Point 1 has 2 columns/);
    expect(() => fitKMeans([[], []], 1, { random: createRandom(1) })).toThrow(/at least one/);
    expect(() => fitKMeans([], 1, { random: createRandom(1) })).toThrow(/number of points/);
  });

  test.skipIf(!present)(`of CDNOW's log RFM at k = 3 has silhouette 0.476 and is stable${needs}`, () => {
    const points = cdnow;
    expect(points).toHaveLength(23_570);
    const fit = fitKMeans(points, 3, { random: createRandom(1) });
    const sample = Array.from(shuffledIndices(createRandom(7), points.length, 5000), (i) => points[i]!);
    const sampled = label(sample, fit.centroids);
    expect(Math.abs(silhouette(sample, sampled.labels) - 0.476)).toBeLessThanOrEqual(0.01);
    expect(bootstrapStability(sample, sampled, { random: createRandom(5) })).toBeGreaterThanOrEqual(0.95);
  });
});

test.skipIf(!present).each([
  // scikit-learn 1.9.1, DBSCAN(eps, min_samples=10)
  { eps: 0.28, noise: 667, sizes: [11_985, 3269, 1388, 2166, 4001, 68, 21, 5] },
  { eps: 0.4, noise: 221, sizes: [11_985, 7270, 4016, 68, 10] },
])(`DBSCAN finds scikit-learn's clusters among 23,570 customers of CDNOW at eps $eps${needs}`, ({ eps, noise, sizes }) => {
  const { labels, clusters } = dbscan(matrixOf(cdnow), { eps, minSamples: 10 });
  expect(labels.filter((cluster) => cluster < 0)).toHaveLength(noise);
  expect(Array.from({ length: clusters }, (_, cluster) => labels.filter((each) => each === cluster).length)).toEqual(sizes);
});

describe("the number of clusters", () => {
  test("is that of planted clouds, by gap, and stable", () => {
    expect(chooseK(clouds(FOUR, 100), { random: createRandom(1) })).toMatchObject({ k: 4, by: "gap", stabilities: [{ k: 4, ari: 1 }] });
  });

  test("stays that of the model in service while it is stable, and gives way when a group is new", () => {
    const pairs = clouds(
      [
        [0, 0],
        [1.9, 0],
        [8, 0],
        [9.9, 0],
      ],
      100,
    );
    expect(chooseK(pairs, { random: createRandom(1) })).toMatchObject({ k: 2, by: "gap" });
    expect(chooseK(pairs, { random: createRandom(1), previous: 4 })).toMatchObject({ k: 4, by: "previous" });
    expect(chooseK(pairs, { random: createRandom(1), previous: 7 })).toMatchObject({ k: 2, by: "gap" });
    expect(chooseK(clouds(FOUR, 100), { random: createRandom(1), previous: 2 })).toMatchObject({ k: 4, by: "gap" });
    expect(chooseK(clouds(FOUR, 100), { random: createRandom(1), previous: 1 })).toMatchObject({ k: 4, by: "gap" });
  });

  test("falls back from an unstable k to a stable one, or says that none is", () => {
    const random = createRandom(9);
    const noise = Array.from({ length: 300 }, () => [random.normal(), random.normal(), random.normal(), random.normal(), random.normal()]);
    const choice = chooseK(noise, { random: createRandom(2) });
    const chosen = choice.stabilities.find(({ k }) => k === choice.k)!;
    expect(["largestStable", "mostStable"]).toContain(choice.by);
    expect(choice.by === "mostStable" ? Math.max(...choice.stabilities.map(({ ari }) => ari)) : 1).toBeGreaterThanOrEqual(
      choice.by === "mostStable" ? chosen.ari : 0.85,
    );
  });

  test("is sound with duplicated points, a constant column or as many columns as points, and refuses numbers that are none", () => {
    const random = createRandom(6);
    const points = Array.from({ length: 100 }, () => [random.normal(), 3, random.normal()]);
    const duplicated = Array.from({ length: 400 }, (_, i) => points[i % 12]!);
    const wide = Array.from({ length: 50 }, (_, i) => Array.from({ length: 50 }, () => (i % 2) + 0.1 * random.normal()));
    for (const some of [points, duplicated]) {
      const { k, gaps } = chooseK(some, { random: createRandom(1), previous: 3 });
      expect(k).toBeGreaterThanOrEqual(2);
      expect(gaps.flatMap(({ gap, error }) => [gap, error]).every(Number.isFinite)).toBe(true);
    }
    expect(chooseK(wide, { random: createRandom(1) }).k).toBe(2);
    for (const wrong of [NaN, Infinity, -Infinity])
      expect(() => chooseK([...points, [1, wrong, 1]], { random: createRandom(1) })).toThrow(/Point 100/);
  });

  test("is one where there is too little to group", () => {
    expect(chooseK(clouds(FOUR, 5), { random: createRandom(1) })).toMatchObject({ k: 1, by: "tooFew" });
    expect(
      chooseK(
        Array.from({ length: 500 }, (_, i) => [i % 3]),
        { random: createRandom(1) },
      ).k,
    ).toBe(1);
  });
});

describe("the adjusted Rand index", () => {
  test("is 1 for the same partition under other names and 0 on average for unrelated ones", () => {
    expect(adjustedRandIndex([0, 0, 1, 1], [5, 5, 2, 2])).toBe(1);
    expect(adjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5, 12);
    expect(adjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2])).toBeCloseTo(0.24242, 5); // scikit-learn
    const random = createRandom(4);
    const labels = () => Array.from({ length: 3000 }, () => random.integer(4));
    expect(Math.abs(adjustedRandIndex(labels(), labels()))).toBeLessThan(0.01);
    expect(() => adjustedRandIndex([1], [])).toThrow(/same points/);
  });
});

test("principal axes follow a line of points, are orthonormal, and lose nothing", () => {
  const random = createRandom(3);
  const points = Array.from({ length: 400 }, () => {
    const t = 3 * random.normal();
    return [t + 0.1 * random.normal(), 2 * t + 0.1 * random.normal(), 0.1 * random.normal()];
  });
  const found = principalAxes(points);
  const variances = found.axes.map((_, i) => points.reduce((sum, point) => sum + toAxes(found, point)[i]! ** 2, 0) / points.length);
  const main = found.axes[variances.indexOf(Math.max(...variances))]!;
  expect(Math.abs(main[1]! / main[0]! - 2)).toBeLessThan(0.02);
  found.axes.forEach((a, i) =>
    found.axes.forEach((b, j) => expect(a.reduce((sum, value, c) => sum + value * b[c]!, 0)).toBeCloseTo(i === j ? 1 : 0, 9)),
  );
  fromAxes(found, toAxes(found, points[7]!)).forEach((value, c) => expect(value).toBeCloseTo(points[7]![c]!, 9));
});

test("the silhouette of two pairs is as worked out by hand, and 0 for one cluster", () => {
  // a = 1; b = 10.5 and 9.5 for each pair
  expect(silhouette([[0], [1], [10], [11]], [0, 0, 1, 1])).toBeCloseTo((2 * (9.5 / 10.5) + 2 * (8.5 / 9.5)) / 4, 12);
  expect(silhouette([[0], [1]], [0, 0])).toBe(0);
  expect(() => silhouette([[0], [1]], [0])).toThrow(/label each once/);
  expect(() => silhouette([[0], [NaN]], [0, 1])).toThrow(/Point 1/);
});

test("the assignment is the cheapest of all permutations", () => {
  const permutations = (n: number): number[][] =>
    n === 0 ? [[]] : permutations(n - 1).flatMap((p) => Array.from({ length: n }, (_, i) => [...p.slice(0, i), n - 1, ...p.slice(i)]));
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 5 })
        .chain((n) =>
          fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
        ),
      (costs) => {
        const cost = (columns: readonly number[]) => columns.reduce((sum, column, row) => sum + costs[row]![column]!, 0);
        const found = assignment(costs);
        expect(new Set(found).size).toBe(costs.length);
        expect(cost(found)).toBe(Math.min(...permutations(costs.length).map(cost)));
      },
    ),
    { numRuns: 500 },
  );
  expect(assignment([[5, 1, 3]])).toEqual([1]);
  expect(() => assignment([[1], [2]])).toThrow(/turn the matrix/);
  for (const wrong of [NaN, Infinity]) expect(() => assignment([[1, wrong]])).toThrow(/great cost/);
});

test("clusters continue the nearest old ones, and one that is far from all is new", () => {
  const old = [
    [0, 0],
    [6, 0],
    [0, 6],
  ];
  const clusters = [
    [0.2, 5.9],
    [20, 20],
    [0.1, 0.1],
  ].map((centroid) => ({ centroid, radius: 1 }));
  expect(matchSegments(old, clusters)).toEqual([2, null, 0]);
  expect(matchSegments([], clusters)).toEqual([null, null, null]);
  expect(matchSegments(old, [])).toEqual([]);
});
