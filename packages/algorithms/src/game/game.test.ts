import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commitToPolicy, playPolicy } from "./commitToPolicy.js";
import { remember, utility } from "./demand.js";
import type { Demand, GameTerms } from "./gameTerms.js";
import { teachingCost } from "./teachingCost.js";
import { meanDepth } from "./thresholdPolicy.js";
import { rollOut, solveWithoutWaiting } from "./withoutWaiting.js";

const terms: GameTerms = {
  price: 5.71,
  cost: 2.13554,
  floor: 0.35,
  depths: [0, 5, 10, 15, 20, 25, 30, 35, 40],
  leaderDiscount: 0.98,
  memory: 0.8,
};
const demandOf = (base: number, depthEffect: number, gain: number, loss: number): Demand => ({ base, depthEffect, gain, loss });
/** As a share of the known answer. */
const errorOf = (value: number, known: number): number => Math.abs(value - known) / (known === 0 ? 1 : Math.abs(known));

describe("the committed policy", () => {
  const known = [
    {
      demand: demandOf(-1, 1, 2, 4),
      answers: [
        [48.07, 0],
        [48.07, 0],
        [48.07, 0],
      ],
    },
    {
      demand: demandOf(-1.5, 6, 0, 0),
      answers: [
        [53.67, 25],
        [47.43, 25],
        [38.45, 20],
      ],
    },
    {
      demand: demandOf(-1.5, 4, 1, 2),
      answers: [
        [41.12, 25],
        [38.07, 20],
        [34.05, 10],
      ],
    },
    {
      demand: demandOf(-1.5, 3, 6, 12),
      answers: [
        [38.23, 20],
        [36, 15],
        [33.45, 10],
      ],
    },
  ] as const;
  test.each(known.flatMap(({ demand, answers }) => answers.map(([value, depth], i) => ({ demand, value, depth, patience: i * 0.4 }))))(
    "is worth $value at a mean depth of $depth % for $demand and patience $patience",
    ({ demand, patience, value, depth }) => {
      const commitment = commitToPolicy({ terms, demand, patience });
      expect(errorOf(commitment.value, value)).toBeLessThanOrEqual(0.01);
      expect(errorOf(commitment.meanDepth, depth)).toBeLessThanOrEqual(0.01);
    },
  );

  /**
   * Patient customers may get deeper introductory offers before the shallower rest: 0.1 points over 400 epochs. The law is found, not proven: outside
   * these ranges (few buy at list price, strong gains) pulses of discounts may be best for the impatient only; hence the seed.
   */
  const INTRODUCTION = 0.1;

  test("never has a greater mean depth when customers are more patient, introductory offers aside", () => {
    const worlds = fc.record({
      base: fc.double({ min: -1.75, max: 0, noNaN: true }),
      depthEffect: fc.double({ min: 0, max: 8, noNaN: true }),
      gain: fc.double({ min: 0, max: 6, noNaN: true }),
      aversion: fc.double({ min: 1, max: 2.5, noNaN: true }),
      memory: fc.double({ min: 0.6, max: 0.9, noNaN: true }),
      costShare: fc.double({ min: 0.2, max: 0.5, noNaN: true }),
    });
    fc.assert(
      fc.property(worlds, ({ base, depthEffect, gain, aversion, memory, costShare }) => {
        const small = { ...terms, cost: terms.price * costShare, memory, depths: [0, 10, 20, 30, 40], gridPoints: 41 };
        const demand = demandOf(base, depthEffect, gain, gain * aversion);
        const depths = [0, 0.4, 0.8].map((patience) => commitToPolicy({ terms: small, demand, patience }).meanDepth);
        depths.forEach((depth, i) => expect(depth).toBeLessThanOrEqual((depths[i - 1] ?? Infinity) + INTRODUCTION));
      }),
      { numRuns: 40, seed: 5 },
    );
  });
});

describe("customers who remember but do not wait", () => {
  test.each([
    { loss: 12, never: 27.77, equilibrium: 33.93 },
    { loss: 24, never: 26.09, equilibrium: 33.88 },
  ])(
    "from 30 % remembered and a loss of $loss, never discounting is worth $never and the optimum $equilibrium",
    ({ loss, never, equilibrium }) => {
      const demand = demandOf(-1.5, 3, 6, loss);
      const worthNever = rollOut(terms, demand, () => 0, 30);
      expect(errorOf(worthNever, never)).toBeLessThanOrEqual(0.01);
      expect(errorOf(rollOut(terms, demand, solveWithoutWaiting(terms, demand), 30), equilibrium)).toBeLessThanOrEqual(0.01);
    },
  );

  test("are worth the same on the grid as epoch by epoch", () => {
    const demand = demandOf(-1.5, 3, 6, 12);
    for (const depth of [0, 15, 40]) {
      const policy = { high: depth, low: depth, threshold: 100 };
      const { values } = playPolicy({ terms, demand, patience: 0 }, policy)!;
      expect(Math.abs(values[0]! - rollOut(terms, demand, () => depth, 0, 3_000))).toBeLessThan(0.02);
    }
  });
});

describe("the price of teaching", () => {
  const commitment = commitToPolicy({ terms, demand: demandOf(-1.5, 3, 6, 12), patience: 0.8 });
  const costOf = (remembered: number, depth: number, priceMinor = 571): number =>
    teachingCost(commitment, { remembered, depth, priceMinor, quantity: 1 });

  test("is nothing at 0 %, grows with the depth and with the price, and is small money beside it", () => {
    expect(costOf(10, 0)).toBe(0);
    const costs = [5, 10, 20, 30, 40].map((depth) => costOf(10, depth));
    costs.forEach((cost, i) => expect(cost).toBeGreaterThan(costs[i - 1] ?? 0));
    expect(costs.at(-1)).toBeLessThan(571 / 2);
    expect(costOf(10, 20, 1142)).toBeCloseTo(2 * costOf(10, 20), 9);
  });

  test("is what the values say: δ times what the remembered depth takes from the future", () => {
    const at = (remembered: number): number => commitment.values[Math.round(remembered * 4)]!;
    // from 10 % remembered: 8 % after an epoch without an offer, 12 % after one of 20 %
    expect(costOf(10, 20)).toBeCloseTo(((0.98 * (at(8) - at(12))) / 5.71) * 571, 6);
  });

  test("is nothing for customers without memory or patience", () => {
    const indifferent = commitToPolicy({ terms, demand: demandOf(-1.5, 6, 0, 0), patience: 0 });
    for (const remembered of [0, 20, 90])
      expect(teachingCost(indifferent, { remembered, depth: 20, priceMinor: 500, quantity: 2 })).toBeCloseTo(0, 6);
  });

  test("is refused for numbers that are none", () => {
    expect(() => costOf(NaN, 20)).toThrow(/no teaching cost/);
    expect(() => costOf(10, 120)).toThrow(/120 %/);
  });
});

describe("the model of the customer", () => {
  test("counts a gain above what is remembered and a loss below it", () => {
    const demand = demandOf(-1, 2, 3, 5);
    expect(utility(demand, 20, 10)).toBeCloseTo(-1 + 0.4 + 0.3, 12);
    expect(utility(demand, 10, 20)).toBeCloseTo(-1 + 0.2 - 0.5, 12);
  });

  test("forgets slowly, and a policy's mean depth follows from it", () => {
    expect(remember(0.8, 10, 20)).toBeCloseTo(12, 12);
    // remembers 0, then 8, then 6.4 …: high once, then low until 5 or less is left
    expect(meanDepth({ high: 40, low: 0, threshold: 5 }, 0.8, 0, 4)).toBe(10);
  });

  test("never buys more when they know that every visit is discounted more tomorrow", () => {
    const demand = demandOf(-1.5, 4, 1, 2);
    const policy = { high: 20, low: 20, threshold: 100 };
    const [hurried, patient] = [0, 0.8].map((patience) => playPolicy({ terms, demand, patience }, policy)!.follower.probability);
    hurried!.forEach((probability, i) => expect(patient![i]).toBeLessThan(probability));
    const never = playPolicy({ terms, demand, patience: 0.8 }, { high: 0, low: 0, threshold: 100 })!.follower.probability;
    expect(never[0]).toBeCloseTo(1 / (1 + Math.exp(1.5)), 8);
  });
});

test("a shop that hardly discounts the future and a customer who hardly does so have an answer too", () => {
  const patient = {
    terms: { ...terms, leaderDiscount: 0.999, depths: [0, 20], gridPoints: 41 },
    demand: demandOf(-1.5, 3, 6, 12),
    patience: 0.99,
  };
  expect(commitToPolicy(patient).value).toBeGreaterThan(600);
});

test("the game refuses terms outside their ranges and says which", () => {
  const demand = demandOf(-1.5, 4, 1, 2);
  const play = (changed: Partial<GameTerms>, patience = 0.4, remembered = 0): (() => unknown) => {
    return () => commitToPolicy({ terms: { ...terms, ...changed }, demand, patience, remembered });
  };
  expect(play({ price: 0 })).toThrow(/game's price is 0 and must be above 0/);
  expect(play({ cost: NaN })).toThrow(/cost is NaN/);
  expect(play({ leaderDiscount: 1 })).toThrow(/leaderDiscount is 1/);
  expect(play({ memory: 1.2 })).toThrow(/memory is 1.2/);
  expect(play({ depths: [5, 10] })).toThrow(/depths is \[5, 10\]/);
  expect(play({ depths: [0, 20, 10] })).toThrow(/rising/);
  expect(play({ gridPoints: 2 })).toThrow(/gridPoints/);
  expect(play({}, 1)).toThrow(/patience is 1/);
  expect(play({}, 0.4, 50)).toThrow(/remembered depth is 50/);
  expect(() => commitToPolicy({ terms, demand: demandOf(NaN, 1, 1, 1), patience: 0 })).toThrow(/base is NaN/);
});

test("depths under the floor are never played, and an item that bears none is sold at list", () => {
  const demand = demandOf(-1.5, 6, 0, 0);
  expect(commitToPolicy({ terms: { ...terms, cost: terms.price * 0.55 }, demand, patience: 0 }).policy.high).toBeLessThanOrEqual(15);
  expect(commitToPolicy({ terms: { ...terms, cost: terms.price * 0.9 }, demand, patience: 0 })).toMatchObject({ meanDepth: 0 });
});
