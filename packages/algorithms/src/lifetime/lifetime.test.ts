import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../random.js";
import { expectedPurchases } from "./expectedPurchases.js";
import { fitSpend } from "./fitSpend.js";
import { fitVisits } from "./fitVisits.js";
import { judgeHoldout } from "./judgeHoldout.js";
import { lifetimeValue } from "./lifetimeValue.js";
import { logBeta, logGamma } from "./logGamma.js";
import { minimise } from "./minimise.js";
import { SPEND_PRIOR, VISIT_PRIOR } from "./pooledPriors.js";
import { expectedSpend } from "./spendModel.js";
import { probabilityAlive } from "./visitModel.js";

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const parameters = fc.record({ r: positive(0.05, 30), alpha: positive(0.05, 50), a: positive(0.05, 60), b: positive(0.05, 300) });
const history = fc
  .tuple(fc.integer({ min: 0, max: 200 }), positive(0, 1), positive(0, 300))
  .map(([repeats, share, weeks]) => ({ repeats, lastWeeks: repeats === 0 ? 0 : share * weeks, weeks }));
const spend = fc.record({ p: positive(0.1, 50), q: positive(1.05, 50), gamma: positive(0.01, 1e5) });

/** Customers drawn from the model of visits. */
function drawn(random: Random, customers: number, [r, alpha, a, b]: readonly [number, number, number, number], weeks: number) {
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * random.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const z = random.normal();
      const v = (1 + z / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(random.uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const rows = Array.from({ length: customers }, () => {
    const rate = gamma(r) / alpha;
    const [first, second] = [gamma(a), gamma(b)];
    const leaving = first / (first + second);
    let [repeats, last] = [0, 0];
    for (let at = -Math.log(1 - random.uniform()) / rate; at <= weeks; at -= Math.log(1 - random.uniform()) / rate) {
      [repeats, last] = [repeats + 1, at];
      if (random.uniform() < leaving) break;
    }
    return { repeats, last };
  });
  return { repeats: rows.map((row) => row.repeats), lastWeeks: rows.map((row) => row.last), weeks: rows.map(() => weeks) };
}

describe("what is expected of a customer", () => {
  test("is finite, never falls with the horizon and is nothing for none", () => {
    fc.assert(
      fc.property(parameters, history, positive(0, 150), positive(0, 150), (model, of, one, other) => {
        const [near, far] = [Math.min(one, other), Math.max(one, other)];
        const [sooner, later] = [expectedPurchases(model, of, near), expectedPurchases(model, of, far)];
        expect(Number.isFinite(later)).toBe(true);
        expect(sooner).toBeGreaterThanOrEqual(0);
        expect(later).toBeGreaterThanOrEqual(sooner - 1e-6 * (1 + later));
        expect(expectedPurchases(model, of, 0)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  test("is at most what somebody who never leaves would buy", () => {
    fc.assert(
      fc.property(parameters, history, positive(0, 150), (model, of, horizon) => {
        const forever = ((model.r + of.repeats) / (model.alpha + of.weeks)) * horizon;
        expect(expectedPurchases(model, of, horizon)).toBeLessThanOrEqual(forever * probabilityAlive(model, of) * (1 + 1e-6) + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  test("passes through the places where the published form divides by nothing", () => {
    const of = { repeats: 0, lastWeeks: 0, weeks: 3 };
    for (const [r, a, b] of [
      [0.5, 1, 3],
      [0.5, 0.4, 0.6],
      [20, 1, 2],
    ] as const) {
      const at = (shift: number) => expectedPurchases({ r, alpha: 4, a: a + shift, b }, of, 52);
      expect(at(0)).toBeCloseTo((at(1e-4) + at(-1e-4)) / 2, 3);
    }
  });

  test("somebody who stays away for longer is less probably alive, and 1 without a repeat", () => {
    fc.assert(
      fc.property(parameters, history, positive(0, 100), (model, of, more) => {
        const now = probabilityAlive(model, of);
        expect(now).toBeGreaterThanOrEqual(0);
        expect(now).toBeLessThanOrEqual(1);
        expect(probabilityAlive(model, { ...of, weeks: of.weeks + more })).toBeLessThanOrEqual(now);
        expect(probabilityAlive(model, { repeats: 0, lastWeeks: 0, weeks: of.weeks })).toBe(1);
      }),
    );
  });

  test("the value of a purchase lies between their own mean and everybody's, nearer to their own the more they bought", () => {
    fc.assert(
      fc.property(spend, fc.integer({ min: 1, max: 500 }), positive(0.01, 1e5), (model, purchases, mean) => {
        const all = expectedSpend(model, 0, 0);
        const few = expectedSpend(model, purchases, mean);
        const many = expectedSpend(model, purchases * 10, mean);
        const slack = 1e-9 * (all + mean);
        expect(few).toBeGreaterThanOrEqual(Math.min(all, mean) - slack);
        expect(few).toBeLessThanOrEqual(Math.max(all, mean) + slack);
        expect(Math.abs(many - mean)).toBeLessThanOrEqual(Math.abs(few - mean) + slack);
      }),
    );
  });

  test("a lifetime value is margin times purchases, less the waiting", () => {
    fc.assert(
      fc.property(parameters, history, positive(1, 1e5), (model, of, margin) => {
        // a hundred purchases in no time are nobody's, and the series has lost its last digits there
        fc.pre(of.repeats <= 50 * of.weeks);
        const free = lifetimeValue(model, of, margin, { yearlyDiscount: 0 });
        const waited = lifetimeValue(model, of, margin);
        const slack = 1e-6 * margin * (1 + free.expectedPurchases);
        expect(Math.abs(free.amount - margin * free.expectedPurchases)).toBeLessThanOrEqual(slack);
        expect(waited.expectedPurchases).toBe(free.expectedPurchases);
        expect(waited.amount).toBeLessThanOrEqual(free.amount + slack);
        expect(waited.amount).toBeGreaterThanOrEqual(free.amount / 1.1 - slack);
      }),
      { numRuns: 40 },
    );
  });
});

describe("a fit", () => {
  const luck = createRandom(5, "lifetime");

  test("finds what customers were drawn from, and the same each time", () => {
    const truth = [0.7, 3, 0.5, 3] as const;
    const histories = drawn(luck, 2_000, truth, 40);
    const fit = fitVisits(histories);
    expect(fit.identified).toBe(true);
    expect(fit.parameters.r / fit.parameters.alpha).toBeCloseTo(truth[0] / truth[1], 1);
    expect(fit.parameters.a / (fit.parameters.a + fit.parameters.b)).toBeCloseTo(truth[2] / (truth[2] + truth[3]), 1);
    expect(fitVisits(histories)).toEqual(fit);
  });

  test("of a chain where nobody came back is finite and says that it is not identified; with a prior it is sound", () => {
    const nobody = { repeats: Array(50).fill(0), lastWeeks: Array(50).fill(0), weeks: Array.from({ length: 50 }, (_, i) => 1 + i) };
    const alone = fitVisits(nobody);
    expect(alone).toMatchObject({ identified: false, repeaters: 0 });
    const held = fitVisits(nobody, { prior: VISIT_PRIOR });
    expect(held).toMatchObject({ identified: true, repeaters: 0, customers: 50 });
    for (const { parameters: found } of [alone, held]) {
      const bought = expectedPurchases(found, { repeats: 0, lastWeeks: 0, weeks: 20 }, 52);
      expect(bought).toBeGreaterThanOrEqual(0);
      expect(bought).toBeLessThan(5);
    }
  });

  test("with a prior rests on it less the more customers there are", () => {
    const weights = [3, 30, 300, 2_000].map(
      (customers) => fitVisits(drawn(luck.fork(customers), customers, [0.7, 3, 0.5, 3], 40), { prior: VISIT_PRIOR }).priorWeight,
    );
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(weights[0]).toBeGreaterThan(0.5);
    expect(weights[3]).toBeLessThan(0.1);
  });

  test("of values that are all alike is finite", () => {
    const { parameters: found } = fitSpend({ purchases: Array(40).fill(3), means: Array(40).fill(5) });
    expect(expectedSpend(found, 3, 5)).toBeCloseTo(5, 1);
    expect(fitSpend({ purchases: [1], means: [5] }, { prior: SPEND_PRIOR }).priorDominates).toBe(true);
  });

  test("of whatever is no data is a RangeError that names it", () => {
    const sound = { repeats: Array(20).fill(1), lastWeeks: Array(20).fill(2), weeks: Array(20).fill(9) };
    const broken = (change: Partial<Record<keyof typeof sound, number>>) => () =>
      fitVisits({
        ...sound,
        ...Object.fromEntries(Object.entries(change).map(([key, value]) => [key, [value, ...Array(19).fill(value)]])),
      });
    expect(() => fitVisits({ repeats: [], lastWeeks: [], weeks: [] }, { prior: VISIT_PRIOR })).toThrow(
      /at least 1 customers, 0 were given/,
    );
    expect(() => fitVisits({ repeats: [1, 0, 2], lastWeeks: [1, 0, 3], weeks: [9, 9, 9] })).toThrow(/at least 10 customers, 3 were given/);
    expect(() => fitVisits({ ...sound, weeks: [9] })).toThrow(RangeError);
    expect(broken({ repeats: NaN })).toThrow(/Customer 0 has NaN repeat purchases/);
    expect(broken({ repeats: -1 })).toThrow(RangeError);
    expect(broken({ repeats: 1.5 })).toThrow(RangeError);
    expect(broken({ repeats: 0 })).toThrow(/no repeat purchase but a last one/);
    expect(broken({ weeks: NaN })).toThrow(RangeError);
    expect(broken({ weeks: Infinity })).toThrow(RangeError);
    expect(broken({ weeks: 1 })).toThrow(/bought last in week 2 of 1/);
    expect(broken({ lastWeeks: -1 })).toThrow(RangeError);
    expect(() => fitSpend({ purchases: [], means: [] }, { prior: SPEND_PRIOR })).toThrow(RangeError);
    expect(() => fitSpend({ purchases: [1, 2, 3], means: [4, 5, 6] })).toThrow(/at least 10 customers with purchases, 3/);
    expect(() => fitSpend({ purchases: [1], means: [NaN] })).toThrow(RangeError);
    expect(() => fitSpend({ purchases: [1], means: [0] })).toThrow(/leave out who has none/);
    expect(() => fitSpend({ purchases: [0], means: [1] })).toThrow(RangeError);
    expect(() => fitVisits(sound, { prior: { centre: [1, 1, 1], deviation: 1 } })).toThrow(RangeError);
    expect(() => expectedPurchases({ r: 1, alpha: 1, a: 1, b: 1 }, { repeats: 0, lastWeeks: 0, weeks: 1 }, -1)).toThrow(RangeError);
    expect(() => lifetimeValue({ r: 1, alpha: 1, a: 1, b: 1 }, { repeats: 0, lastWeeks: 0, weeks: 1 }, NaN)).toThrow(RangeError);
    expect(() => expectedSpend({ p: 1, q: 2, gamma: 1 }, 1, NaN)).toThrow(RangeError);
    expect(() => judgeHoldout([], [])).toThrow(RangeError);
    expect(() => judgeHoldout([NaN], [1])).toThrow(RangeError);
  });
});

test("ln Γ and ln B are those of factorials and of the recurrence", () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++, factorial *= n - 1) expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  expect(logBeta(2, 3)).toBeCloseTo(-Math.log(12), 13);
  fc.assert(
    fc.property(positive(1e-3, 1e5), (x) => {
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(1e-10 * (1 + Math.abs(logGamma(x))));
    }),
  );
});

test("the search finds the bottom of Rosenbrock's valley and goes round a wall", () => {
  const valley = ([x, y]: readonly number[]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2;
  expect(minimise(valley, [[-1.2, 1]]).at.map((value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 1]);
  expect(minimise(([x]) => (x! < 1 ? NaN : x! * x!), [[0], [3]]).at[0]).toBeCloseTo(1, 3);
  expect(() => minimise(() => NaN, [[0]])).toThrow(RangeError);
});
