import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalProbability } from "../normalProbability.js";
import { normalQuantile } from "../normalQuantile.js";
import { createRandom } from "../random.js";
import { greedyCost, smallestMultiplier, updatedMultiplier, type BudgetedArm } from "./budget.js";
import { decisionMixture, drawDepth, type DepthArm } from "./decisionMixture.js";
import { capReached } from "./frequencyCaps.js";
import { thompsonProbabilities } from "./thompson.js";

const money = (most: number) => fc.double({ min: 0, max: most, noNaN: true });
const armOf = (depth: number): fc.Arbitrary<DepthArm> =>
  fc.record({
    depth: fc.constant(depth),
    lower: fc.double({ min: -100, max: 100, noNaN: true }),
    belief: fc.record({ mean: fc.double({ min: -100, max: 100, noNaN: true }), deviation: money(50) }),
    teaching: fc.double({ min: -5, max: 30, noNaN: true }),
    cost: money(100),
    sending: money(2),
  });
const armsArbitrary = fc.tuple(...[5, 10, 15, 20, 25, 30, 35, 40].map(armOf));

describe("the normal distribution function", () => {
  test("is the inverse of the quantile, and 0 and 1 far out", () => {
    for (const p of [1e-9, 0.001, 0.2, 0.5, 0.9, 0.999999]) expect(Math.abs(normalProbability(normalQuantile(p)) - p)).toBeLessThan(1e-12);
    expect([normalProbability(-40), normalProbability(40), normalProbability(0)]).toEqual([0, 1, 0.5]);
    expect(normalProbability(NaN)).toBeNaN();
  });
});

describe("Thompson probabilities", () => {
  test("are known for two arms: Φ of the difference over its deviation", () => {
    for (const [mean, a, b] of [
      [0.5, 1, 1],
      [1, 2, 0.5],
      [-1, 1, 0],
    ] as const) {
      const [first] = thompsonProbabilities([
        { mean, deviation: a },
        { mean: 0, deviation: b },
      ]);
      expect(Math.abs(first! - normalProbability(mean / Math.hypot(a, b)))).toBeLessThan(0.005);
    }
  });

  test("agree with many draws", () => {
    const beliefs = [
      { mean: 0, deviation: 0 },
      { mean: 1, deviation: 2 },
      { mean: 0.5, deviation: 1 },
      { mean: -2, deviation: 4 },
    ];
    const random = createRandom(2);
    const wins = [0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) {
      const drawn = beliefs.map(({ mean, deviation }) => mean + deviation * random.normal());
      wins[drawn.indexOf(Math.max(...drawn))]!++;
    }
    thompsonProbabilities(beliefs).forEach((probability, k) => expect(Math.abs(probability - wins[k]! / 40_000)).toBeLessThan(0.012));
  });

  test("share what is known to be equal, and refuse what is no belief", () => {
    const sure = { mean: 3, deviation: 0 };
    expect(thompsonProbabilities([sure, sure, { mean: 2, deviation: 0 }])).toEqual([0.5, 0.5, 0]);
    expect(() => thompsonProbabilities([])).toThrow(/no arm/);
    expect(() => thompsonProbabilities([{ mean: 1, deviation: -1 }])).toThrow(/deviation -1/);
  });
});

describe("the decision's probabilities", () => {
  test("sum to 1, are never below the minimum, and never touch a depth that is not permitted", () => {
    const questions = fc.record({
      arms: armsArbitrary,
      permitted: fc.subarray([0, 5, 10, 15, 20, 25, 30, 35, 40]),
      multiplier: money(3),
      exploration: fc.double({ min: 0, max: 1, noNaN: true }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(questions, ({ seed, ...question }) => {
        const { propensities, greedy, worths } = decisionMixture(question);
        const expected = [0, ...question.permitted.filter((depth) => depth > 0)];
        expect(propensities.map(({ depth }) => depth)).toEqual(expected);
        expect(propensities.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
        const least = question.exploration / (2 * expected.length);
        for (const { probability } of propensities) expect(probability).toBeGreaterThanOrEqual(least);
        expect(propensities.find(({ depth }) => depth === greedy)!.probability).toBeGreaterThanOrEqual(1 - question.exploration);
        expect(worths.find(({ depth }) => depth === greedy)!.worth).toBe(Math.max(...worths.map(({ worth }) => worth)));
        expect(expected).toContain(drawDepth(propensities, seed, "customer"));
        expect(decisionMixture({ ...question, arms: question.arms.toReversed() })).toEqual({ propensities, greedy, worths });
      }),
      { numRuns: 200 },
    );
  });

  test("go to the greatest bound less teaching, budget and sending, and to 0 % where none is above nothing", () => {
    const arm = (depth: number, lower: number): DepthArm => ({
      depth,
      lower,
      belief: { mean: lower, deviation: 1 },
      teaching: depth / 10,
      cost: depth,
      sending: 0.5,
    });
    const arms = [arm(10, 12), arm(20, 15), arm(30, 16)];
    const permitted = [10, 20, 30];
    const at = (multiplier: number): number => decisionMixture({ arms, permitted, multiplier }).greedy;
    // 10.5, 12.5, 12.5 at λ = 0: the tie goes to less discount
    expect([at(0), at(0.3), at(2)]).toEqual([20, 10, 0]);
    const { propensities } = decisionMixture({ arms, permitted, multiplier: 0, exploration: 0 });
    expect(propensities.map(({ probability }) => probability)).toEqual([0, 0, 1, 0]);
  });

  test("are drawn as often as they say, and the same key draws the same", () => {
    const propensities = [
      { depth: 0, probability: 0.7 },
      { depth: 10, probability: 0.2 },
      { depth: 20, probability: 0.1 },
    ];
    const counts = new Map<number, number>();
    for (let customer = 0; customer < 20_000; customer++) {
      const depth = drawDepth(propensities, 1, "chain", customer, "2026-W47");
      expect(drawDepth(propensities, 1, "chain", customer, "2026-W47")).toBe(depth);
      counts.set(depth, (counts.get(depth) ?? 0) + 1);
    }
    for (const { depth, probability } of propensities) expect(Math.abs(counts.get(depth)! / 20_000 - probability)).toBeLessThan(0.012);
    expect(() => drawDepth([], 1)).toThrow(/no depth/);
  });

  test("are refused for numbers that are none", () => {
    const arm: DepthArm = { depth: 10, lower: NaN, belief: { mean: 0, deviation: 1 }, teaching: 0, cost: 1, sending: 0 };
    expect(() => decisionMixture({ arms: [arm], permitted: [10], multiplier: 0 })).toThrow(/bound NaN/);
    expect(() => decisionMixture({ arms: [], permitted: [], multiplier: -1 })).toThrow(/λ is -1/);
    expect(() => decisionMixture({ arms: [], permitted: [], multiplier: 0, exploration: 2 })).toThrow(/exploration is 2/);
    const twice = { ...arm, lower: 1 };
    expect(() => decisionMixture({ arms: [twice, twice], permitted: [10], multiplier: 0 })).toThrow(/twice/);
  });
});

describe("the budget", () => {
  const arms: fc.Arbitrary<BudgetedArm> = fc.record({ worth: fc.double({ min: -20, max: 50, noNaN: true }), cost: money(30) });
  const decisions = fc.array(fc.array(arms, { maxLength: 5 }), { maxLength: 30 });

  test("is kept, by the smallest λ that keeps it", () => {
    fc.assert(
      fc.property(decisions, money(200), (asked, budget) => {
        const costAt = (multiplier: number): number => greedyCost(asked, multiplier);
        const { multiplier, expectedCost, fits } = smallestMultiplier(costAt, budget);
        if (!fits) return;
        expect(expectedCost).toBeLessThanOrEqual(budget);
        expect(costAt(multiplier)).toBe(expectedCost);
        if (multiplier > 0) expect(costAt(multiplier - 2e-9 * Math.max(1, multiplier))).toBeGreaterThan(budget);
      }),
    );
  });

  test("costs never more when λ rises", () => {
    fc.assert(
      fc.property(decisions, money(5), money(5), (asked, a, b) => {
        expect(greedyCost(asked, Math.max(a, b))).toBeLessThanOrEqual(greedyCost(asked, Math.min(a, b)) + 1e-9);
      }),
    );
  });

  test("has a known λ: that at which the least worthy offer falls out", () => {
    // worth over cost: 3, 2, 1; the budget pays for two
    const asked = [30, 20, 10].map((worth) => [{ worth, cost: 10 }]);
    expect(smallestMultiplier((multiplier) => greedyCost(asked, multiplier), 20).multiplier).toBeCloseTo(1, 8);
    expect(smallestMultiplier((multiplier) => greedyCost(asked, multiplier), 30)).toEqual({ multiplier: 0, expectedCost: 30, fits: true });
    expect(smallestMultiplier(() => 5, 1)).toMatchObject({ fits: false, expectedCost: 5 });
    expect(() => smallestMultiplier(() => 5, NaN)).toThrow(/budget is NaN/);
  });

  test("is followed between bisections, and λ is never below 0", () => {
    expect(updatedMultiplier(1, { spend: 12, target: 10, step: 0.1 })).toBeCloseTo(1.2, 12);
    expect(updatedMultiplier(0.1, { spend: 0, target: 10, step: 0.1 })).toBe(0);
    expect(() => updatedMultiplier(1, { spend: NaN, target: 1, step: 1 })).toThrow(/spend NaN/);
    // a spend of 100 / (1 + λ) against a target of 20: λ goes to 4
    let multiplier = 0;
    for (let i = 0; i < 400; i++) multiplier = updatedMultiplier(multiplier, { spend: 100 / (1 + multiplier), target: 20, step: 0.02 });
    expect(multiplier).toBeCloseTo(4, 2);
  });
});

describe("how often", () => {
  const day = 86_400_000;
  test("a cap says when another offer would be one too many", () => {
    const caps = [
      { days: 7, most: 2 },
      { days: 28, most: 3 },
    ];
    const now = 100 * day;
    expect(capReached([], now, caps)).toBeNull();
    expect(capReached([99 * day, 94 * day], now, caps)).toBe(caps[0]);
    expect(capReached([93 * day, 99 * day], now, caps)).toBeNull();
    expect(capReached([99 * day, 90 * day, 80 * day], now, caps)).toBe(caps[1]);
    expect(capReached([101 * day, 102 * day], now, caps)).toBeNull();
    expect(capReached([], now, [{ days: 7, most: 0 }])).toEqual({ days: 7, most: 0 });
  });
});
