import { uniformAt } from "@kava/algorithms/random";
import { loadUplift } from "@kava/algorithms/policy/upliftModel";
import { expect, test } from "vitest";
import type { Outcome } from "../domain/outcome.js";
import { decideOffer } from "../domain/decideOffer.js";
import { priorModel } from "../domain/fitModel.js";
import { featuresOf } from "../domain/judgeCandidate.js";
import { served } from "../domain/servedModel.js";
import { candidate, input } from "../testing/decisionInputs.js";
import { fitUpliftApart } from "./fitUpliftApart.js";

const FACTS = { currency: "EUR", minorDigits: 2, floor: 0.35, ceiling: 40, tax: { mode: "none", rate: 0 } } as const;
const DEPTHS = [0, 10, 20];
const ITEM = { taste: 0.25, priceMinor: 400, costMinor: 100, boughtCount: 1 };
const knownOf = (recencyDays: number, segment = "a") => ({
  purchaseCount: 5,
  recencyDays,
  frequencyPerWeek: 0.8,
  averageOrderMinor: 420,
  medianGapDays: 7,
  segment: { id: segment, name: segment.toUpperCase() },
});
/** Only those a little late can be brought back: a band, of which no straight line knows. */
const isLate = (recencyDays: number): boolean => recencyDays > 8 && recencyDays < 20;
const buys = (recencyDays: number, depth: number): number => {
  const odds = (1 / 3) * (1 - depth / 100) ** -(isLate(recencyDays) ? 10 : 0);
  return odds / (1 + odds);
};

const outcomes = (customers: number): Outcome[] =>
  Array.from({ length: customers }, (_, i) => {
    const recencyDays = 30 * uniformAt(3, "recency", i);
    const depth = DEPTHS[Math.floor(3 * uniformAt(3, "depth", i))]!;
    const bought = uniformAt(3, "buys", i) < buys(recencyDays, depth);
    return {
      customerId: `customer ${i}`,
      week: `2026-W${String(10 + Math.floor((20 * i) / customers)).padStart(2, "0")}`,
      decidedAt: new Date(Date.UTC(2026, 2, 2) + (140 * 86_400_000 * i) / customers),
      itemId: "item-0",
      depth,
      propensities: DEPTHS.map((each) => ({ depth: each, probability: 1 / 3 })),
      customer: knownOf(recencyDays, i % 2 === 0 ? "a" : "b"),
      item: ITEM,
      marginMinor: bought ? 400 * (1 - depth / 100) - 100 : 0,
      purchases: bought ? 1 : 0,
      units: bought ? 1 : 0,
      whole: true,
    };
  });

test("with thousands of customers a depth each has an effect of their own, by trees where it is no straight line; offers then go to whom they change", async () => {
  const steps: string[] = [];
  const fitted = await fitUpliftApart(
    { outcomes: outcomes(13_000), facts: FACTS, response: null, inService: null, weeklyBudgetMinor: 1e9 },
    ({ step }) => steps.push(step),
  );
  if (fitted.kind === "tooLittle") throw new Error(fitted.reason);
  const model = loadUplift(JSON.parse(JSON.stringify(fitted.model)));
  expect(model.description.rung).toBe(3);
  expect(model.depths).toEqual([10, 20]);
  expect(fitted.comparison!.gain.low).toBeGreaterThan(0);
  expect(fitted.multiplier).toBe(0);
  expect(new Set(steps).size).toBeGreaterThan(3);
  const lowerAt = (recencyDays: number) => model.lifts(featuresOf(knownOf(recencyDays), ITEM), ITEM)[0]!.lower;
  expect(lowerAt(14)).toBeGreaterThan(0);
  expect(lowerAt(2)).toBeLessThan(0);
  expect(lowerAt(28)).toBeLessThan(0);
  expect(fitted.games.map((game) => game.segmentId)).toEqual([null, "a", "b"]);

  const serve = served("prior-1", priorModel().model, { version: "uplift-1", model, games: fitted.games });
  const greedy = (recencyDays: number) =>
    decideOffer(
      input({ candidates: [candidate({ taste: 0.25 })], customer: knownOf(recencyDays), upliftVersion: "uplift-1" }),
      serve,
    ).propensities.reduce((best, each) => (each.probability > best.probability ? each : best)).depth;
  expect(greedy(14)).toBeGreaterThan(0);
  expect(greedy(2)).toBe(0);
}, 60_000);

test("where discounts may cost little, their price is such that those of the last seven days would have kept to it", async () => {
  const fit = (weeklyBudgetMinor: number) =>
    fitUpliftApart({ outcomes: outcomes(3_000), facts: FACTS, response: null, inService: null, weeklyBudgetMinor }, () => {});
  const [ample, short] = [await fit(1e9), await fit(50)];
  if (ample.kind === "tooLittle" || short.kind === "tooLittle") throw new Error("too little");
  expect(ample.multiplier).toBe(0);
  expect(short.multiplier).toBeGreaterThan(0);
});

test("the last seven days are priced, also where they are of two weeks: a week that has only begun would seem to cost little", async () => {
  // a budget that the fifteen of the last Monday would keep to, and ten times as many would not
  const log = outcomes(3_000).map((outcome, i, all) =>
    i < all.length - 15 ? { ...outcome, week: "2026-W29" } : { ...outcome, week: "2026-W30" },
  );
  const fitted = await fitUpliftApart({ outcomes: log, facts: FACTS, response: null, inService: null, weeklyBudgetMinor: 800 }, () => {});
  if (fitted.kind === "tooLittle") throw new Error(fitted.reason);
  expect(fitted.multiplier).toBeGreaterThan(0);
});

test("too little is said with its counts; it is no error", async () => {
  const fitted = await fitUpliftApart(
    { outcomes: outcomes(300), facts: FACTS, response: null, inService: null, weeklyBudgetMinor: 1e9 },
    () => {},
  );
  expect(fitted).toMatchObject({ kind: "tooLittle", reason: expect.stringMatching(/500/) });
  const none = await fitUpliftApart({ outcomes: [], facts: FACTS, response: null, inService: null, weeklyBudgetMinor: 0 }, () => {});
  expect(none.kind).toBe("tooLittle");
});
