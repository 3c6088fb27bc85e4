import { describe, expect, test } from "vitest";
import { createRandom } from "../random.js";
import type { CustomerProfile } from "./customerProfile.js";
import { fitSegments } from "./fitSegments.js";
import { judgeSegments } from "./judgeSegments.js";
import type { SegmentModel } from "./segmentModel.js";

const money = { currency: "EUR", minorDigits: 2 };

/** Three groups: often and little, seldom and much, and those who left. */
function customersOf(seed: number, each: number): CustomerProfile[] {
  const random = createRandom(seed);
  const around = (middle: number) => middle * Math.exp(0.15 * random.normal());
  return Array.from({ length: 3 * each }, (_, i): CustomerProfile => {
    const [recency, frequency, order, hour, category] = (
      [
        [2, 4, 400, 0, "Coffee"],
        [6, 0.8, 2_500, 2, "Cake"],
        [120, 0.3, 900, 3, "Beans"],
      ] as const
    )[i % 3]!;
    const usual = 0.75 + 0.2 * random.uniform();
    return {
      purchaseCount: Math.round(around(40)),
      recencyDays: around(recency),
      frequencyPerWeek: around(frequency),
      medianGapDays: around(7 / frequency),
      averageOrderMinor: around(order),
      basketSize: around(1 + (i % 3)),
      dayParts: [0, 1, 2, 3].map((part) => (part === hour ? usual : (1 - usual) / 3)),
      weekendShare: 0.2,
      categories: Object.fromEntries(["Coffee", "Cake", "Beans"].map((name) => [name, name === category ? usual : (1 - usual) / 2])),
      venues: {},
      channels: {},
    };
  });
}

const { model } = fitSegments(customersOf(1, 60), { money });
const later = customersOf(2, 40);
/** A partition that halves one group and takes the two others for one. */
const [one, two, three] = model.segments;
const blurred: SegmentModel = {
  ...model,
  segments: [
    { ...one!, centroid: one!.centroid.map((value, c) => value + (c === 0 ? 0.05 : 0)) },
    { ...two!, centroid: one!.centroid.map((value, c) => value - (c === 0 ? 0.05 : 0)) },
    { ...three!, centroid: two!.centroid.map((value, c) => (value + three!.centroid[c]!) / 2) },
  ],
};

describe("segments on customers whom they were not made of", () => {
  test("that are trained again are as good as before, and the same", () => {
    const again = fitSegments(customersOf(3, 60), { money, previous: model });
    const found = judgeSegments(model, again.model, later);
    expect(found).toMatchObject({ customers: later.length, segments: 3 });
    expect(found.agreement).toBeGreaterThan(0.95);
    expect(found.stability).toBeGreaterThan(0.85);
    expect(Math.abs(found.gain!.mean)).toBeLessThan(0.02);
    expect(found.gain!.mean).toBeCloseTo(found.silhouette - found.silhouetteInService!, 12);
  });

  test("are clearly worse where they cut through the groups, and clearly better the other way round", () => {
    const worse = judgeSegments(model, blurred, later);
    expect(worse.gain!.high).toBeLessThan(-0.05);
    expect(judgeSegments(blurred, model, later).gain!.low).toBeGreaterThan(0.05);
  });

  test("have nothing to be compared with at first, and cannot be judged by nobody", () => {
    expect(judgeSegments(null, model, later)).toMatchObject({ silhouetteInService: null, gain: null, agreement: null });
    expect(() => judgeSegments(null, model, [])).toThrow(RangeError);
  });
});

test("a training says what it does, step by step, and no step goes back", () => {
  const told: string[] = [];
  fitSegments(customersOf(4, 60), {
    money,
    onStep: (step, done, total) => {
      expect(done).toBeLessThan(total);
      told.push(step);
    },
  });
  expect([...new Set(told)]).toEqual(["visits", "who fits no segment", "how many segments", "how stable they are", "segments"]);
  expect(told.filter((step) => step === "how many segments")).toHaveLength(7);
});
