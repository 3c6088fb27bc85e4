import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareHoldout } from "./compareHoldout.js";
import { expectedPurchases } from "./expectedPurchases.js";
import { fitSpend } from "./fitSpend.js";
import { fitVisits } from "./fitVisits.js";
import { judgeHoldout } from "./judgeHoldout.js";
import { SPEND_PRIOR, VISIT_PRIOR } from "./pooledPriors.js";
import { expectedSpend } from "./spendModel.js";
import { probabilityAlive, type VisitParameters } from "./visitModel.js";

const DAY_MS = 86_400_000;
const file = new URL("../../../../../shared/data/cdnow/CDNOW_sample.txt", import.meta.url);
const present = existsSync(file);
const needs = present ? "" : " (skipped: ../shared/data/cdnow is not there)";

interface KnownAnswers {
  customers: [repeats: number, lastWeeks: number, weeks: number, meanValue: number][];
  visits: VisitParameters & { logLikelihood: number };
  spend: { p: number; q: number; gamma: number; logLikelihood: number };
  expectations: {
    parameters: VisitParameters;
    repeats: number;
    lastWeeks: number;
    weeks: number;
    horizon: number;
    expected: number;
    alive: number;
  }[];
}
const known = JSON.parse(readFileSync(new URL("./fixtures/known-answers.json", import.meta.url), "utf8")) as KnownAnswers;

/** The textbook's customers: days with a purchase, 39 weeks to fit and 39 to look at; means over repeat purchases. */
function cdnow() {
  const end = Date.UTC(1997, 8, 30);
  const customers = new Map<string, Map<number, number>>();
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const [, id, date, , amount] = line.trim().split(/\s+/);
    const at = Date.UTC(Number(date!.slice(0, 4)), Number(date!.slice(4, 6)) - 1, Number(date!.slice(6)));
    const days = customers.get(id!) ?? new Map<number, number>();
    customers.set(id!, days.set(at, (days.get(at) ?? 0) + Number(amount)));
  }
  return [...customers.values()].map((days) => {
    const moments = [...days.keys()].sort((a, b) => a - b);
    const until = moments.filter((at) => at <= end);
    const values = until.slice(1).map((at) => days.get(at)!);
    return {
      repeats: values.length,
      lastWeeks: (until.at(-1)! - until[0]!) / DAY_MS / 7,
      weeks: (end - until[0]!) / DAY_MS / 7,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      later: moments.length - until.length,
    };
  });
}
const columns = (rows: readonly { repeats: number; lastWeeks: number; weeks: number }[]) => ({
  repeats: rows.map((row) => row.repeats),
  lastWeeks: rows.map((row) => row.lastWeeks),
  weeks: rows.map((row) => row.weeks),
});
const within = (value: number, wanted: number, share: number) => expect(Math.abs(value / wanted - 1)).toBeLessThan(share);

describe.skipIf(!present)(`on the textbook's data${needs}`, () => {
  const rows = present ? cdnow() : [];

  test("visits: parameters, likelihood and the purchases of the 39 weeks after", () => {
    const { parameters, logLikelihood, customers, repeaters, identified } = fitVisits(columns(rows));
    within(parameters.r, 0.2426, 0.005);
    within(parameters.alpha, 4.4136, 0.005);
    within(parameters.a, 0.7929, 0.005);
    within(parameters.b, 2.4259, 0.005);
    expect(Math.abs(logLikelihood - -9582.43)).toBeLessThan(0.05);
    expect({ customers, repeaters, identified }).toEqual({ customers: 2_357, repeaters: 946, identified: true });
    const judged = judgeHoldout(
      rows.map((row) => expectedPurchases(parameters, row, 39)),
      rows.map((row) => row.later),
    );
    expect(Math.round(judged.predicted)).toBe(1_653);
    expect(judged.actual).toBe(1_882);
    expect(judged.meanAbsoluteError).toBeCloseTo(0.785, 3);
    expect(judged.bias).toBeCloseTo(-0.121, 3);
  });

  test("judged on those weeks the fit tells customers apart as it should, though it expects 12 % too few, and wins over the pooled prior", () => {
    const [r, alpha, a, b] = VISIT_PRIOR.centre;
    const expected = (parameters: VisitParameters) => Float64Array.from(rows, (row) => expectedPurchases(parameters, row, 39));
    const { gain, bias, calibrationSlope } = compareHoldout(
      expected({ r: r!, alpha: alpha!, a: a!, b: b! }),
      expected(fitVisits(columns(rows)).parameters),
      Float64Array.from(rows, (row) => row.later),
    );
    expect(bias).toBeCloseTo(-0.121, 3);
    expect(calibrationSlope).toBeCloseTo(0.914, 2);
    expect(gain.low).toBeGreaterThan(0);
  });

  test("values: parameters on the repeat customers", () => {
    const buyers = rows.filter((row) => row.repeats > 0 && row.mean > 0);
    const { parameters, customers } = fitSpend({ purchases: buyers.map((row) => row.repeats), means: buyers.map((row) => row.mean) });
    expect(customers).toBe(946);
    within(parameters.p, 6.25, 0.005);
    within(parameters.q, 3.744, 0.005);
    within(parameters.gamma, 15.444, 0.005);
  });

  test("the prior is hardly felt among two thousand customers, and leads among twenty", () => {
    const all = fitVisits(columns(rows), { prior: VISIT_PRIOR });
    within(all.parameters.r, 0.2426, 0.02);
    within(all.parameters.a / (all.parameters.a + all.parameters.b), 0.7929 / (0.7929 + 2.4259), 0.03);
    expect(all.priorDominates).toBe(false);
    expect(all.priorWeight).toBeLessThan(0.05);
    const few = fitVisits(columns(rows.slice(0, 8)), { prior: VISIT_PRIOR });
    expect(few).toMatchObject({ priorDominates: true, customers: 8 });
  });
});

describe("on 300 customers that were drawn from the models", () => {
  const [repeats, lastWeeks, weeks, means] = [0, 1, 2, 3].map((column) => known.customers.map((row) => row[column]!));

  test("visits have the parameters and the likelihood that another program found", () => {
    const fit = fitVisits({ repeats: repeats!, lastWeeks: lastWeeks!, weeks: weeks! });
    for (const name of ["r", "alpha", "a", "b"] as const) within(fit.parameters[name], known.visits[name], 0.001);
    expect(fit.logLikelihood).toBeCloseTo(known.visits.logLikelihood, 5);
  });

  test("values have them, too, in whatever unit they are", () => {
    const purchases = repeats!.map((count) => count + 1);
    const fit = fitSpend({ purchases, means: means! });
    for (const name of ["p", "q", "gamma"] as const) within(fit.parameters[name], known.spend[name], 0.001);
    expect(fit.logLikelihood).toBeCloseTo(known.spend.logLikelihood, 5);
    const cents = fitSpend({ purchases, means: means!.map((value) => value * 100) }, { prior: SPEND_PRIOR });
    const euros = fitSpend({ purchases, means: means! }, { prior: SPEND_PRIOR });
    within(cents.parameters.gamma, 100 * euros.parameters.gamma, 1e-6);
  });
});

test("expectations are those of the integral over everybody's leaving, also where the published form divides by nothing", () => {
  for (const { parameters, repeats, lastWeeks, weeks, horizon, expected, alive } of known.expectations) {
    within(expectedPurchases(parameters, { repeats, lastWeeks, weeks }, horizon), expected, 1e-3);
    expect(probabilityAlive(parameters, { repeats, lastWeeks, weeks })).toBeCloseTo(alive, 10);
  }
});

test("the textbook's first customer buys 1.23 times in 39 weeks, for 24.66 each", () => {
  const history = { repeats: 2, lastWeeks: 30 + 3 / 7, weeks: 38 + 6 / 7 };
  expect(expectedPurchases({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, history, 39)).toBeCloseTo(1.226, 2);
  expect(expectedSpend({ p: 6.25, q: 3.74, gamma: 15.44 }, 2, 22.35)).toBeCloseTo(24.66, 1);
});
