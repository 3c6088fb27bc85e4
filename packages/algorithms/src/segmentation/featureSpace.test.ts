import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import type { CustomerProfile } from "./customerProfile.js";
import { fitFeatureSpace, project, transfer } from "./featureSpace.js";

const CATEGORIES = ["coffee", "tea", "pastry", "beans"];
const ACTIVITY = 4;
const TIMING = 5;

/** Customers whose every habit varies; the number of categories does too, so that the composition's weight can be seen not to. */
function profiles(categories: readonly string[], lifetimeValue: (i: number) => number | null = () => null): CustomerProfile[] {
  return Array.from({ length: 300 }, (_, i) => {
    const random = createRandom(3, i);
    const shares = (names: readonly string[]): [string, number][] => {
      const weights = names.map(() => random.uniform() ** 3);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return names.map((name, at) => [name, weights[at]! / total]);
    };
    return {
      purchaseCount: 1 + random.integer(30),
      recencyDays: 60 * random.uniform(),
      frequencyPerWeek: 4 * random.uniform(),
      medianGapDays: 10 * random.uniform(),
      averageOrderMinor: 300 + 900 * random.uniform(),
      basketSize: 1 + 3 * random.uniform(),
      dayParts: shares(["a", "b", "c", "d"]).map(([, share]) => share),
      weekendShare: random.uniform(),
      categories: Object.fromEntries(shares(categories)),
      venues: {},
      channels: {},
      lifetimeValueMinor: lifetimeValue(i),
    };
  });
}

const variancesOf = (points: readonly number[][]): number[] =>
  points[0]!.map((_, c) => points.reduce((sum, point) => sum + point[c]! ** 2, 0) / points.length);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

test("the basket's composition weighs as one feature however many categories there are, and so does the day's timing", () => {
  for (const count of [2, 4]) {
    const everyone = profiles(CATEGORIES.slice(0, count));
    const space = fitFeatureSpace(everyone);
    const variances = variancesOf(everyone.map((profile) => project(space, profile)));
    expect(variances).toHaveLength(ACTIVITY + TIMING + count);
    expect(total(variances.slice(ACTIVITY + TIMING))).toBeCloseTo(1, 9);
    expect(total(variances.slice(ACTIVITY, ACTIVITY + TIMING))).toBeCloseTo(1, 9);
    [1, 1, 1, 0.25].forEach((weight, c) => expect(variances[c]).toBeCloseTo(weight, 9));
  }
});

test("the lifetime value is a last column of half a feature's weight, and who has none is average there", () => {
  const everyone = profiles(CATEGORIES, (i) => (i % 3 === 0 ? null : 100 * i));
  const space = fitFeatureSpace(everyone);
  const points = everyone.map((profile) => project(space, profile));
  const values = points.map((point) => point.at(-1)!);
  expect(points[0]).toHaveLength(ACTIVITY + TIMING + CATEGORIES.length + 1);
  expect(values.filter((_, i) => i % 3 === 0).every((value) => value === 0)).toBe(true);
  expect(values[299]).toBeGreaterThan(values[1]!);
  expect(variancesOf(points).at(-1)).toBeCloseTo(0.25, 9);
  expect(points.flat().every(Number.isFinite)).toBe(true);
});

test("a lifetime value that few have is no column", () => {
  const space = fitFeatureSpace(profiles(CATEGORIES, (i) => (i < 100 ? 500 : null)));
  expect(space).toMatchObject({ lifetimeValue: false });
  expect(space.means).toHaveLength(ACTIVITY + TIMING + CATEGORIES.length);
});

test("a space that was stored before there were lifetime values still places everybody, and its centroids go over to one that has them", () => {
  const { lifetimeValue: _, ...stored } = fitFeatureSpace(profiles(CATEGORIES.slice(0, 3)));
  const everyone = profiles(CATEGORIES, (i) => 100 * i);
  const newer = fitFeatureSpace(everyone);
  const old = project(stored, everyone[7]!);
  expect(old).toHaveLength(ACTIVITY + TIMING + 3);
  const moved = transfer(old, stored, newer);
  expect(moved).toHaveLength(ACTIVITY + TIMING + CATEGORIES.length + 1);
  expect(moved.at(-1)).toBe(0);
  project(newer, everyone[7]!)
    .slice(0, ACTIVITY)
    .forEach((value, c) => expect(moved[c]).toBeCloseTo(value, 9));
  expect(transfer(project(newer, everyone[7]!), newer, stored)).toHaveLength(old.length);
  const other = fitFeatureSpace(profiles(CATEGORIES.slice(1), (i) => 3 * i));
  expect(transfer(project(newer, everyone[7]!), newer, other).every(Number.isFinite)).toBe(true);
});
