import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import { compareModels, type HeldOutCase } from "./compareModels.js";
import type { ResponseFeatures, ResponseModel } from "./responseModel.js";

const features = (tasteScore: number): ResponseFeatures => ({
  recencyDays: 3,
  medianGapDays: 7,
  purchaseCount: 9,
  frequencyPerWeek: 1,
  averageOrderMinor: 500,
  tasteScore,
  priceMinor: 400,
});
/** Says what a function makes of the taste score. */
const modelThatSays = (probability: (taste: number) => number): ResponseModel => ({
  description: { kind: "test", rung: 0, featureSchema: "test", trainedOn: 0, effectOfDepth: "none" },
  predict: ({ tasteScore }) => ({ probability: probability(tasteScore), quantity: 1 }),
  toJSON: () => ({ kind: "test", formatVersion: 1, featureSchema: "test" }),
});
const odds = (p: number, slope: number): number => 1 / (1 + Math.exp(-slope * Math.log(p / (1 - p))));
const cases = (count: number): HeldOutCase[] => {
  const random = createRandom(7, "cases");
  return Array.from({ length: count }, (_, i) => {
    const taste = 0.05 + 0.9 * random.uniform();
    return { customer: i % (count / 4), features: features(taste), bought: random.uniform() < taste };
  });
};

test("the model that tells the truth is better than a flat one, with a slope of one", () => {
  const { gain, calibrationSlope, loss, lossInService } = compareModels(
    modelThatSays(() => 0.5),
    modelThatSays((p) => p),
    cases(4_000),
  );
  expect(lossInService).toBeCloseTo(Math.LN2, 10);
  expect(loss).toBeLessThan(lossInService);
  expect(gain.low).toBeGreaterThan(0);
  expect(gain.mean).toBeCloseTo(lossInService - loss, 10);
  expect(calibrationSlope).toBeCloseTo(1, 0);
});

test("a model that is too sure of itself has a slope below one, one that hedges a slope above it, by as much", () => {
  const held = cases(20_000);
  const slope = (sureness: number) =>
    compareModels(
      modelThatSays((p) => p),
      modelThatSays((p) => odds(p, sureness)),
      held,
    ).calibrationSlope!;
  expect(slope(2)).toBeCloseTo(0.5, 1);
  expect(slope(0.5)).toBeCloseTo(2, 0);
});

test("a model against itself gains nothing, and one mistake of a certain model is bounded", () => {
  const same = compareModels(
    modelThatSays((p) => p),
    modelThatSays((p) => p),
    cases(400),
  );
  expect(same.gain).toEqual({ mean: 0, low: 0, high: 0 });
  const certain = compareModels(
    modelThatSays(() => 0.5),
    modelThatSays(() => 0),
    cases(400),
  );
  expect(Number.isFinite(certain.loss)).toBe(true);
});

test("where all or none bought there is no slope; no case at all is refused", () => {
  const none = cases(40).map((each) => ({ ...each, bought: false }));
  expect(
    compareModels(
      modelThatSays(() => 0.5),
      modelThatSays((p) => p),
      none,
    ).calibrationSlope,
  ).toBeNull();
  expect(() =>
    compareModels(
      modelThatSays(() => 0.5),
      modelThatSays((p) => p),
      [],
    ),
  ).toThrow("no rows");
});
