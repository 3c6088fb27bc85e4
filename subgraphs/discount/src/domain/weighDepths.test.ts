import fc from "fast-check";
import { UpliftModel } from "@kava/algorithms/policy/upliftModel";
import { expect, test } from "vitest";
import { candidate, input, inputs } from "../testing/decisionInputs.js";
import { decideOffer, replay } from "./decideOffer.js";
import type { DecisionInput } from "./decision.js";
import { priorModel } from "./fitModel.js";
import { learnGames } from "./learnGames.js";
import { DEPTHS } from "./policy.js";
import { served } from "./servedModel.js";

/** A model of one effect of each depth for all, minor units: mean and standard error. */
const modelOf = (effects: Readonly<Record<number, [mean: number, error: number]>>) =>
  new UpliftModel({
    rung: 1,
    reason: "enough for one effect",
    trainedOn: 2_000,
    customersPerArm: [{ depth: 0, customers: 700 }, ...Object.keys(effects).map((depth) => ({ depth: Number(depth), customers: 600 }))],
    elasticity: { value: 2.5, low: 2, high: 3 },
    lifts: Object.entries(effects).map(([depth, [mean, standardError]]) => ({
      depth: Number(depth),
      personal: false,
      bins: [{ from: null, mean, standardError, lower: mean - 1.28 * standardError, rows: 1_300 }],
    })),
    effects: null,
  });
/** What nobody has ever measured: every parameter from its prior. */
const GAMES = learnGames([], { floor: 0.35, ceiling: 40, tax: { mode: "none", rate: 0 } });
const serve = (effects: Parameters<typeof modelOf>[0]) =>
  served("prior-1", priorModel().model, { version: "uplift-1", model: modelOf(effects), games: GAMES });
const asked = (given: Partial<DecisionInput> = {}) => input({ upliftVersion: "uplift-1", customerId: "someone", ...given });
const greedyOf = (given: DecisionInput, model: ReturnType<typeof serve>): number => {
  const { propensities } = decideOffer(given, model);
  return propensities.reduce((best, each) => (each.probability > best.probability ? each : best)).depth;
};

test("the depth with the greatest worth is chosen: bound less teaching, less what it takes of a short budget", () => {
  const model = serve({ 5: [20, 2], 10: [40, 4], 15: [42, 20] });
  const { weighing } = decideOffer(asked(), model);
  expect(weighing!.depths.map(({ depth }) => depth)).toEqual([5, 10, 15, 20]);
  expect(greedyOf(asked(), model)).toBe(10);
  expect(greedyOf(asked({ multiplier: 50 }), model)).toBe(0);
});

test("where no depth is surely worth more than none, none is given but for exploring", () => {
  const model = serve({ 5: [1, 2], 10: [2, 3] });
  expect(greedyOf(asked(), model)).toBe(0);
  const { propensities } = decideOffer(asked(), model);
  expect(propensities[0]!.probability).toBeGreaterThan(0.9);
});

test("who expects a discount is taught more by a deeper one: teaching costs more than nothing and grows with the depth", () => {
  const { weighing } = decideOffer(asked({ remembered: 5 }), serve({ 5: [20, 2], 10: [40, 4], 15: [42, 5] }));
  const teaching = weighing!.depths.map((each) => each.teaching);
  expect(teaching[0]).toBeGreaterThan(0);
  expect(teaching).toEqual(teaching.toSorted((a, b) => a - b));
});

test("what was felt inside the window of the outcome is not paid for twice: the longer the window, the less teaching is left", () => {
  const model = serve({ 10: [40, 4] });
  const at = (medianGapDays: number) =>
    decideOffer(asked({ customer: { ...input().customer, medianGapDays } }), model).weighing!.depths[0]!.teaching;
  expect(at(30)).toBeLessThan(at(6));
});

const effects = fc
  .uniqueArray(fc.constantFrom(...DEPTHS), { minLength: 1, maxLength: 6 })
  .chain((depths) =>
    fc.tuple(
      ...depths.map((depth) =>
        fc.tuple(fc.constant(depth), fc.tuple(fc.integer({ min: -200, max: 200 }), fc.integer({ min: 0, max: 60 }))),
      ),
    ),
  )
  .map((entries) => Object.fromEntries(entries) as Record<number, [number, number]>);
const burdens = fc.record({ remembered: fc.integer({ min: 0, max: 40 }), multiplier: fc.double({ min: 0, max: 10, noNaN: true }) });

test("whatever was measured, what is offered holds its floor and its ceiling, and is one of the depths that had a chance", () => {
  fc.assert(
    fc.property(inputs, effects, burdens, (given, found, burden) => {
      const model = serve(found);
      const { decided, propensities } = decideOffer({ ...given, ...burden, upliftVersion: "uplift-1" }, model);
      expect(propensities.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 9);
      if (decided.kind === "none") return;
      const { floor, ceiling, tax } = given.facts;
      const item = given.candidates.find((each) => each.itemId === decided.itemId)!;
      const net = tax.mode === "inclusive" ? decided.priceMinor / 1.2 : decided.priceMinor;
      expect(net * (1 - floor) - item.costMinor!).toBeGreaterThan(-1e-6);
      expect(decided.depth).toBeLessThanOrEqual(given.sticky?.depth ?? ceiling);
      if (!given.sticky) expect(propensities.find(({ depth }) => depth === decided.depth)!.probability).toBeGreaterThan(0);
    }),
    { numRuns: 1_000 },
  );
});

test("every permitted depth has its share of exploring, and the price of the budget never makes the greedy one deeper", () => {
  fc.assert(
    fc.property(effects, burdens, (found, { remembered, multiplier }) => {
      const model = serve(found);
      const { propensities } = decideOffer(asked({ remembered, multiplier }), model);
      for (const { probability } of propensities) expect(probability).toBeGreaterThanOrEqual(0.1 / (2 * propensities.length) - 1e-12);
      expect(greedyOf(asked({ remembered, multiplier: multiplier + 1 }), model)).toBeLessThanOrEqual(
        greedyOf(asked({ remembered, multiplier }), model),
      );
    }),
    { numRuns: 500 },
  );
});

test("a decision by what was measured replays to the same result, also after a journey through JSON", () => {
  fc.assert(
    fc.property(inputs, effects, burdens, (given, found, burden) => {
      const model = serve(found);
      const whole = { ...given, ...burden, upliftVersion: "uplift-1" };
      const kept = JSON.parse(JSON.stringify({ version: 1, input: whole, output: decideOffer(whole, model) })) as Parameters<
        typeof replay
      >[0];
      expect(replay(kept, model)).toEqual(kept.output);
    }),
    { numRuns: 300 },
  );
});

test("an item is chosen by what an offer on it changes and leaves, whatever the week's depth is", () => {
  const dear = candidate({ itemId: "dear", priceMinor: 2_000, costMinor: 400 });
  const { weighing } = decideOffer(asked({ candidates: [candidate(), dear] }), serve({ 5: [20, 2], 10: [40, 4] }));
  expect(weighing!.itemId).toBe("dear");
});
