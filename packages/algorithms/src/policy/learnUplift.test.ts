import { cellTrees as cells } from "@kava/tests/support/cellTrees";
import { linearWorld, lumpyWorld, pooledWorld, upliftWorld, type UpliftWorld } from "@kava/tests/support/upliftWorld";
import { describe, expect, test } from "vitest";
import { encodeFeatures } from "../response/encodeFeatures.js";
import { PriorElasticityModel } from "../response/priorElasticityModel.js";
import type { ResponseFeatures } from "../response/responseModel.js";
import { learnUplift, type LearnUpliftOptions } from "./learnUplift.js";
import type { Boosting } from "./personalEffects.js";
import type { UpliftLog } from "./upliftLog.js";
import { loadUplift, type UpliftModel } from "./upliftModel.js";

const item = { priceMinor: 500, costMinor: 180 };

function learned(log: UpliftLog, options: Partial<LearnUpliftOptions> = {}): UpliftModel {
  const found = learnUplift(log, { seed: 1, ...options });
  if (found.kind === "tooLittle") throw new Error(found.reason);
  return found.model;
}

/** Encoded features of a customer who is so late. */
const late = (lateness: number, taste = 0): Float64Array => Float64Array.of(taste, lateness, 0.5, 6, Math.log1p(500), 0);

const base = new PriorElasticityModel({
  intercept: -1,
  coefficients: [1, 0, 0, 0, 0, 0],
  means: [0, 0, 0, 0, 0, 0],
  deviations: [1, 1, 1, 1, 1, 1],
  quantity: 1.2,
  elasticity: 2,
  trainedOn: 100,
});
const features: ResponseFeatures = {
  recencyDays: 4,
  medianGapDays: 5,
  purchaseCount: 8,
  frequencyPerWeek: 1,
  averageOrderMinor: 600,
  tasteScore: 0.3,
  priceMinor: 500,
};

const byCells: Boosting = { purchase: () => cells };

describe("an uplift model on rung 1", () => {
  const model = learned(upliftWorld(pooledWorld));

  test("finds one effect for all, within its error", () => {
    expect(model.description).toMatchObject({ kind: "uplift", rung: 1, trainedOn: 4_000, reason: expect.stringMatching(/needs 3000/) });
    expect(model.depths).toEqual([10, 20]);
    const lifts = model.lifts(features, item);
    lifts.forEach(({ depth, predicted, lower, belief }, i) => {
      expect(Math.abs(belief.mean - [-40, 60][i]!)).toBeLessThan(3 * belief.deviation);
      expect(belief.deviation).toBeLessThan(20);
      expect(lower).toBeCloseTo(belief.mean - 1.28 * belief.deviation, 9);
      expect([depth, predicted]).toEqual([[10, 20][i], belief.mean]);
    });
    expect(model.liftsAt(late(2), item)).toEqual(lifts);
  });

  test("answers at each depth by the elasticity that was measured, around what is known of full price", () => {
    const response = model.respond(base);
    expect(response.description).toMatchObject({ kind: "measuredElasticity", rung: 1, trainedOn: 4_000 });
    expect(response.description.effectOfDepth).toMatch(/measured elasticity .* one effect of 10, 20 % for all customers; from 4000 weeks/);
    expect(response.predict(features, 0).probability).toBeCloseTo(base.predict(features, 0).probability, 12);
    const odds = (depth: number) => response.predict(features, depth).probability / (1 - response.predict(features, depth).probability);
    expect(odds(20) / odds(0)).toBeCloseTo(0.8 ** -model.description.elasticity.value, 9);
    expect(response.predict(features, 30).quantity).toBe(1.2);
    expect(response.predict(features, NaN)).toEqual(response.predict(features, 0));
  });

  test("is unbiased where depths were preferred for those who buy anyway, because chances are known", () => {
    const preferring: UpliftWorld = {
      ...pooledWorld,
      rows: 8_000,
      chances: ({ x }) => (x[0]! > -1 ? [0.15, 0.15, 0.7] : [0.7, 0.15, 0.15]),
    };
    const log = upliftWorld(preferring);
    const found = learned(log).lifts(features, item)[1]!.belief;
    expect(Math.abs(found.mean - 60)).toBeLessThan(3 * found.deviation);
    const meanOf = (depth: number) => {
      const of = [...log.outcomes].filter((_, row) => log.depths[row] === depth);
      return of.reduce((sum, y) => sum + y, 0) / of.length;
    };
    expect(meanOf(20) - meanOf(0)).toBeGreaterThan(60 + 5 * found.deviation);
  });

  test("judges a depth by the weeks alone in which it had a chance", () => {
    const sometimes: UpliftWorld = {
      ...pooledWorld,
      rows: 8_000,
      chances: ({ x }) => (x[1]! > 0.6 ? [0.4, 0.3, 0.3] : [0.6, 0.4, 0]),
      effect: ({ x }, depth) => (depth === 20 ? (x[1]! > 0.6 ? 80 : -10_000) : 0),
    };
    const { belief } = learned(upliftWorld(sometimes)).lifts(features, item)[1]!;
    expect(Math.abs(belief.mean - 80)).toBeLessThan(3 * belief.deviation);
  });
});

describe("an uplift model on rung 2", () => {
  const model = learned(upliftWorld(linearWorld));

  test("tells whom a depth costs more than it brings", () => {
    expect(model.description).toMatchObject({ rung: 2, reason: expect.stringMatching(/not been compared/) });
    expect(model.description.effectOfDepth).toMatch(/own effect of 10, 20 % by linear models/);
    for (const lateness of [0, 0.2, 0.5, 1.2, 1.6, 2.2])
      for (const { lower, belief } of model.liftsAt(late(lateness), item)) {
        expect(lower > 0).toBe(lateness > 1);
        expect(belief.mean > 0).toBe(lateness > 0.8);
      }
    const [, twenty] = model.liftsAt(late(1.6), item);
    expect(Math.abs(twenty!.predicted - 320)).toBeLessThan(40);
  });

  test("is not pulled down by a new depth that few were given, and pools it once some were", () => {
    const widened = (share: number): UpliftLog =>
      upliftWorld({
        ...linearWorld,
        depths: [0, 10, 20, 25],
        chances: () => [(1 - share) / 3, (1 - share) / 3, (1 - share) / 3, share],
        effect: (week, depth) => (depth === 25 ? 70 : linearWorld.effect!(week, depth)),
      });
    const rare = learned(widened(0.01));
    expect([rare.description.rung, rare.depths]).toEqual([2, [10, 20]]);
    expect(rare.description.customersPerArm.map(({ depth }) => depth)).toEqual([0, 10, 20, 25]);
    const some = learned(widened(0.05));
    expect([some.description.rung, some.depths]).toEqual([2, [10, 20, 25]]);
    expect(some.parts.lifts.map(({ personal }) => personal)).toEqual([true, true, false]);
    const { belief } = some.lifts(features, item)[2]!;
    expect(Math.abs(belief.mean - 70)).toBeLessThan(3 * belief.deviation);
  });

  test("tells customers of a less known depth apart by a better known one, in groups that each have enough", () => {
    const world: UpliftWorld = { ...linearWorld, rows: 20_000, depths: [0, 10, 20], chances: () => [0.45, 0.1, 0.45] };
    const model = learned(upliftWorld(world));
    expect(model.description.customersPerArm[1]!.customers).toBeLessThan(2_000);
    const [ten, twenty] = model.parts.lifts;
    expect(ten).toMatchObject({ personal: true, sortedBy: 20 });
    expect(ten!.bins.length).toBeLessThanOrEqual(3);
    expect(twenty!.bins.length).toBeGreaterThan(3);
    expect(model.description.effectOfDepth).toMatch(/own effect of 20 % by linear models, 10 % by groups of like effect of 20 %/);
    expect(model.liftsAt(late(0.1), item)[0]!.lower).toBeLessThan(0);
    expect(model.liftsAt(late(2.2), item)[0]!.lower).toBeGreaterThan(0);
    expect(loadUplift(JSON.parse(JSON.stringify(model))).liftsAt(late(2), item)).toEqual(model.liftsAt(late(2), item));
  });

  test("stays where boosting is worth less, or breaks down, and says so", () => {
    const mean: Boosting = {
      purchase: () => ({
        ...cells,
        fit: (m, _, o) =>
          cells.fit(
            m,
            Float64Array.from({ length: m.rows }, (_, i) => i % 2),
            o,
          ),
      }),
    };
    expect(learned(upliftWorld(linearWorld), { boosted: mean }).description).toMatchObject({
      rung: 2,
      reason: expect.stringMatching(/is not above the linear one's/),
    });
    const broken: Boosting = {
      purchase: () => {
        throw new Error("no memory");
      },
    };
    expect(learned(upliftWorld(linearWorld), { boosted: broken }).description).toMatchObject({
      rung: 2,
      reason: expect.stringMatching(/could not be learned.*no memory/),
    });
    const unsold = upliftWorld({ ...linearWorld, logOdds: () => -100 });
    expect(learned(unsold, { boosted: byCells }).description).toMatchObject({ rung: 2, reason: expect.stringMatching(/Nobody .* bought/) });
  });
});

describe("an uplift model on rung 3", () => {
  const steps: string[] = [];
  const log = upliftWorld(lumpyWorld);
  const model = learned(log, { boosted: byCells, onStep: (step, done, total) => steps.push(`${step} ${done}/${total}`) });

  test("is chosen where trees see whom straight lines do not", () => {
    expect(model.description).toMatchObject({ rung: 3, reason: expect.stringMatching(/is above the linear one's/) });
    for (const { lower } of model.liftsAt(late(0.8), item)) expect(lower).toBeGreaterThan(0);
    for (const lateness of [0.2, 1.6]) for (const { lower } of model.liftsAt(late(lateness), item)) expect(lower).toBeLessThan(0);
    expect(steps).toEqual([
      "scores 1/9",
      ...[2, 3, 4, 5, 6].map((done) => `choice of the learner ${done}/9`),
      "boosted trees 7/9",
      "effects of the depths 8/9",
      "elasticity 9/9",
    ]);
  });

  test("answers at each depth by its trees: never less at a deeper one, between depths on a line, outside as at the nearest", () => {
    const response = model.respond(base);
    expect(response.description).toMatchObject({ kind: "boostedDepth", rung: 3 });
    const at = (depth: number) => response.predict({ ...features, recencyDays: 6 }, depth).probability;
    expect(encodeFeatures({ ...features, recencyDays: 6 })[1]).toBeCloseTo(0.788, 2);
    const logistic = (z: number) => 1 / (1 + Math.exp(-z));
    for (const depth of [0, 10, 20]) expect(Math.abs(at(depth) - logistic(-3 + 0.25 * depth))).toBeLessThan(0.05);
    expect(at(15)).toBeCloseTo((at(10) + at(20)) / 2, 12);
    expect([at(-5), at(NaN), at(70)]).toEqual([at(0), at(0), at(20)]);
    for (let depth = 0; depth < 30; depth += 0.5) expect(at(depth + 0.5)).toBeGreaterThanOrEqual(at(depth));
    expect(response.predict(features, 20).quantity).toBeCloseTo(1.5, 1);
  });

  test("has nothing to say of an item without a price", () => {
    expect(() => model.lifts(features, { priceMinor: NaN, costMinor: 1 })).toThrow(/price NaN/);
  });

  test("is the same for the same log and seed", () => {
    expect(JSON.stringify(learned(log, { boosted: byCells }))).toBe(JSON.stringify(model));
  });
});
