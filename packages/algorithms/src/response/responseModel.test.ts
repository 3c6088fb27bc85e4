import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { fitPriorElasticity, type ResponseExample } from "./fitPriorElasticity.js";
import { inHoldout } from "./inHoldout.js";
import { loadModel, ModelMismatch } from "./loadModel.js";
import type { ResponseFeatures } from "./responseModel.js";

const regular: ResponseFeatures = {
  recencyDays: 3,
  medianGapDays: 4,
  purchaseCount: 30,
  frequencyPerWeek: 1.7,
  averageOrderMinor: 620,
  tasteScore: 0.3,
  priceMinor: 450,
};
const facts = (least: number, most: number) => fc.double({ min: least, max: most, noNaN: true });
const anyFeatures: fc.Arbitrary<ResponseFeatures> = fc.record({
  recencyDays: fc.option(facts(0, 1000)),
  medianGapDays: fc.option(facts(0, 400)),
  purchaseCount: fc.nat(500),
  frequencyPerWeek: facts(0, 40),
  averageOrderMinor: fc.option(facts(0, 1e6)),
  tasteScore: facts(0, 1),
  priceMinor: fc.nat(1_000_000),
});

/** Buyers with a taste for the item buy more often; the late ones less. */
function history(rows: number): ResponseExample[] {
  const random = createRandom(5);
  return Array.from({ length: rows }, () => {
    const features = {
      ...regular,
      tasteScore: 0.02 + 0.6 * random.uniform(),
      recencyDays: 20 * random.uniform(),
      priceMinor: 200 + random.integer(500),
    };
    const chance = features.tasteScore * (features.recencyDays > 10 ? 0.4 : 0.8);
    return { features, bought: random.uniform() < chance, quantity: random.uniform() < 0.2 ? 2 : 1 };
  });
}

describe("the rung-0 response", () => {
  const model = fitPriorElasticity(history(4000));

  test("says in its description that the effect of the depth is a prior", () => {
    expect(model.description).toMatchObject({
      rung: 0,
      kind: "priorElasticity",
      trainedOn: 4000,
      effectOfDepth: expect.stringContaining("no claim of uplift"),
    });
  });

  test("learns the base probability from history", () => {
    const p = (changes: Partial<ResponseFeatures>) => model.predict({ ...regular, ...changes }, 0).probability;
    expect(p({ tasteScore: 0.5 })).toBeGreaterThan(p({ tasteScore: 0.1 }));
    expect(p({ recencyDays: 3 })).toBeGreaterThan(p({ recencyDays: 18 }));
    expect(Math.abs(p({ tasteScore: 0.3, recencyDays: 5 }) - 0.24)).toBeLessThan(0.05);
    const mean = history(4000).reduce((sum, { features }) => sum + model.predict(features, 0).probability, 0) / 4000;
    expect(mean).toBeCloseTo(history(4000).filter(({ bought }) => bought).length / 4000, 2);
    expect(model.predict(regular, 0).quantity).toBeCloseTo(1.2, 1);
  });

  test("never falls when the depth rises, and stays a probability, for any features and depths", () => {
    fc.assert(
      fc.property(anyFeatures, facts(0, 100), facts(0, 100), (features, one, other) => {
        const shallow = model.predict(features, Math.min(one, other));
        const deep = model.predict(features, Math.max(one, other));
        return (
          shallow.probability >= 0 &&
          deep.probability <= 1 &&
          shallow.probability <= deep.probability &&
          shallow.quantity <= deep.quantity &&
          shallow.quantity >= 1
        );
      }),
      { numRuns: 5_000 },
    );
  });

  test("reads what is missing or broken as average instead of failing", () => {
    const missing = { ...regular, recencyDays: null, medianGapDays: null, averageOrderMinor: NaN };
    expect(model.predict(missing, NaN).probability).toBeCloseTo(model.predict(missing, 0).probability, 12);
    expect(model.predict(missing, 0).probability).toBeGreaterThan(0);
  });

  test("without any history believes the taste score", () => {
    const empty = fitPriorElasticity([]);
    expect(empty.predict(regular, 0).probability).toBeCloseTo(0.3, 9);
    expect(empty.predict({ ...regular, tasteScore: 0 }, 0).probability).toBeCloseTo(0.002, 9);
    expect(empty.predict(regular, 20)).toEqual({ probability: expect.closeTo(0.401, 3), quantity: 1 });
  });

  test("is sound when every row is the same, everybody bought, or nobody did", () => {
    for (const bought of [true, false]) {
      const { probability } = fitPriorElasticity(Array.from({ length: 50 }, () => ({ features: regular, bought }))).predict(regular, 0);
      expect(probability).toBeGreaterThan(bought ? 0.8 : 0);
      expect(probability).toBeLessThan(bought ? 1 : 0.2);
    }
  });

  test("names the example and the feature that is no number", () => {
    const examples = [...history(3), { features: { ...regular, frequencyPerWeek: NaN }, bought: true }];
    expect(() => fitPriorElasticity(examples)).toThrow(/frequencyPerWeek of example 3/);
  });

  test("draws the same sample of a long history from the same seed", () => {
    const sampled = (seed: number) => fitPriorElasticity(history(3000), { mostRows: 500, random: createRandom(seed) });
    expect(sampled(1).toJSON()).toEqual(sampled(1).toJSON());
    expect(sampled(1).toJSON()).not.toEqual(sampled(2).toJSON());
    expect(sampled(1).description.trainedOn).toBe(500);
  });
});

describe("a stored model", () => {
  const stored = JSON.parse(JSON.stringify(fitPriorElasticity(history(500)))) as Record<string, unknown>;

  test("predicts the same after it was read back", () => {
    const model = fitPriorElasticity(history(500));
    fc.assert(
      fc.property(anyFeatures, facts(0, 100), (features, depth) => {
        expect(loadModel(stored).predict(features, depth)).toEqual(model.predict(features, depth));
      }),
    );
  });

  test.each<[string, unknown]>([
    ["another kind", { ...stored, kind: "boosted" }],
    ["another format", { ...stored, formatVersion: 99 }],
    ["other features", { ...stored, featureSchema: "response/0:recency" }],
    ["a coefficient too few", { ...stored, parameters: { ...(stored.parameters as object), coefficients: [1] } }],
    ["no parameters", { ...stored, parameters: null }],
    ["no object", "model"],
  ])("of %s is refused", (_, wrong) => {
    expect(() => loadModel(wrong)).toThrow(ModelMismatch);
  });
});

describe("the holdout", () => {
  const customers = Array.from({ length: 20_000 }, (_, i) => `customer-${i}`);

  test("is a fixed twentieth of the customers, another one for each tenant", () => {
    const held = customers.filter((id) => inHoldout("tenant-a", id));
    expect(held.length / customers.length).toBeCloseTo(0.05, 2);
    expect(held.filter((id) => inHoldout("tenant-b", id)).length / held.length).toBeLessThan(0.1);
    expect(inHoldout("tenant-a", held[0]!)).toBe(true);
  });

  test("grows with its share without letting anybody go", () => {
    expect(customers.every((id) => !inHoldout("t", id, 0.05) || inHoldout("t", id, 0.1))).toBe(true);
    expect(customers.some((id) => inHoldout("t", id, 0))).toBe(false);
    expect(customers.every((id) => inHoldout("t", id, 1))).toBe(true);
  });
});
