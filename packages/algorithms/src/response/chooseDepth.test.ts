import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseDepth, type DepthQuestion } from "./chooseDepth.js";
import { fitPriorElasticity } from "./fitPriorElasticity.js";
import type { ModelDescription, ResponseFeatures, ResponseModel } from "./responseModel.js";

const description: ModelDescription = { kind: "test", rung: 0, featureSchema: "test", trainedOn: 0, effectOfDepth: "given" };
const modelOf = (probability: (depth: number) => number): ResponseModel => ({
  description,
  predict: (_, depth) => ({ probability: probability(depth), quantity: 1 }),
  toJSON: () => ({ kind: "test", formatVersion: 1, featureSchema: "test" }),
});
const features: ResponseFeatures = {
  recencyDays: 9,
  medianGapDays: 4,
  purchaseCount: 12,
  frequencyPerWeek: 1,
  averageOrderMinor: 500,
  tasteScore: 0.1,
  priceMinor: 500,
};
const question: DepthQuestion = {
  model: modelOf((depth) => 0.1 + depth / 100),
  features,
  depths: [30, 10, 20, 5, 40, 60],
  line: { listPrice: 500, cost: 150, floor: 0.35, ceiling: 40, tax: { mode: "none" }, currency: { code: "EUR", minorDigits: 2 } },
};

describe("the depth of an offer", () => {
  test("has the greatest expected margin of all candidates", () => {
    const decision = chooseDepth(question);
    // (0.1 + d) (500 (1 − d) − 150): 35 at 0, 60 at 10 %, 75 at 20 %, 80 at 30 %, 75 at 40 %
    expect(decision).toMatchObject({ reason: "bestMargin", chosen: { depth: 30, price: { unitPrice: 350 } } });
    expect(decision.candidates.map((c) => [c.depth, Math.round(c.expectedMargin ?? NaN)])).toEqual([
      [0, 35],
      [5, 49],
      [10, 60],
      [20, 75],
      [30, 80],
      [40, 75],
    ]);
  });

  test("is none when a discount wins nobody, and ties go to less discount", () => {
    expect(chooseDepth({ ...question, model: modelOf(() => 0.3) })).toMatchObject({ reason: "noneBetter", chosen: { depth: 0 } });
    const indifferent = modelOf((depth) => 35 / (350 - 5 * depth));
    expect(chooseDepth({ ...question, model: indifferent }).chosen?.depth).toBe(0);
  });

  test("is none for who would buy at full price anyway, and the table still says what was compared", () => {
    const decision = chooseDepth({ ...question, model: modelOf((depth) => Math.min(1, 0.51 + depth / 20)) });
    expect(decision).toMatchObject({ reason: "wouldBuyAnyway", chosen: { depth: 0 } });
    expect(decision.candidates).toHaveLength(6);
  });

  test("never goes below the floor: a deeper wish is corrected once, and says what bound it", () => {
    const { candidates } = chooseDepth({ ...question, line: { ...question.line, cost: 250 } });
    expect(candidates.at(-1)).toMatchObject({ wanted: 30, bound: "floor", price: { unitPrice: 385 } });
    expect(candidates).toHaveLength(5);
  });

  test("is refused with the margin check's reason", () => {
    expect(chooseDepth({ ...question, line: { ...question.line, cost: null } })).toMatchObject({
      reason: "costUnknown",
      chosen: { depth: 0, expectedMargin: null },
    });
    expect(chooseDepth({ ...question, line: { ...question.line, cost: 400 } })).toMatchObject({
      reason: "listBelowFloor",
      chosen: { depth: 0, price: { unitPrice: 500 } },
    });
    expect(chooseDepth({ ...question, line: { ...question.line, listPrice: NaN } })).toMatchObject({
      reason: "invalidInput",
      chosen: null,
      candidates: [],
    });
  });

  test("takes the margin net of a tax that is inside the price", () => {
    const taxed = chooseDepth({ ...question, line: { ...question.line, tax: { mode: "inclusive", rate: 0.25 } } });
    expect(taxed.candidates[0]?.expectedMargin).toBeCloseTo(0.1 * (400 - 150), 9);
  });

  test("is the same for the same question, whatever the order of the depths, and never less than full price earns", () => {
    const model = fitPriorElasticity([]);
    const questions = fc.record({
      listPrice: fc.integer({ min: 1, max: 3000 }),
      cost: fc.integer({ min: 0, max: 2000 }),
      taste: fc.double({ min: 0, max: 1, noNaN: true }),
      depths: fc.array(fc.integer({ min: -5, max: 120 }), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(questions, ({ listPrice, cost, taste, depths }) => {
        const asked: DepthQuestion = {
          model,
          features: { ...features, tasteScore: taste, priceMinor: listPrice },
          depths,
          line: { ...question.line, listPrice, cost },
        };
        const decision = chooseDepth(asked);
        expect(chooseDepth({ ...asked, depths: [...depths].reverse() })).toEqual(decision);
        const { chosen } = decision;
        if (chosen === null || chosen.depth === 0) return;
        expect(chosen.price.unitPrice * 0.65).toBeGreaterThanOrEqual(cost - 1e-9);
        expect(chosen.expectedMargin).toBeGreaterThan(decision.candidates[0]!.expectedMargin!);
        expect(chosen.depth).toBeLessThanOrEqual(40);
      }),
      { numRuns: 3_000 },
    );
  });
});
