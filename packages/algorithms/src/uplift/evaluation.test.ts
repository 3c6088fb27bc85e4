import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { clusteredMean, pairedDifference } from "./clusteredMean.js";
import { type Curve, qiniCurve, upliftCurve } from "./gainCurves.js";
import { drScores, ipsScores, policyValues } from "./policyValue.js";
import { rocAuc } from "./rocAuc.js";
import { areaUnderUplift, gainOverRandom, qiniAuc, upliftAt, upliftAuc } from "./upliftScores.js";

interface Known {
  name: string;
  outcomes: number[];
  treated: number[];
  scores: number[];
  upliftCurve: { x: number[]; y: number[] };
  qiniCurve: { x: number[]; y: number[] };
  qiniRaw: number;
  auucRaw: number;
  upliftAt30: number;
  upliftAt10: number;
  ips: number;
  qiniAuc?: number;
  upliftAuc?: number;
  rocAuc: number;
}
const known = JSON.parse(readFileSync(new URL("fixtures/knownAnswers.json", import.meta.url), "utf8")) as { cases: Known[] };

const trialOf = ({ outcomes, treated }: Pick<Known, "outcomes" | "treated">) => ({
  outcomes: Float64Array.from(outcomes),
  treated: Uint8Array.from(treated),
});

/** Points to seven digits; no −0. */
function rounded({ x, y }: Curve | Known["qiniCurve"]): number[][] {
  return [[...x], [...y].map((value) => Math.round(value * 1e7) / 1e7 + 0)];
}

describe.each(known.cases)("on the trial $name, with the answers of scikit-uplift 0.5.1", (answers) => {
  const trial = trialOf(answers);
  const scores = Float64Array.from(answers.scores);

  test("both curves go through the same points", () => {
    expect(rounded(upliftCurve(trial, scores))).toEqual(rounded(answers.upliftCurve));
    expect(rounded(qiniCurve(trial, scores))).toEqual(rounded(answers.qiniCurve));
  });

  test("areas and uplift among the best are the same", () => {
    expect(gainOverRandom(trial, scores)).toBeCloseTo(answers.qiniRaw, 10);
    expect(areaUnderUplift(trial, scores)).toBeCloseTo(answers.auucRaw, 10);
    expect(upliftAt(trial, scores, 0.3)).toBeCloseTo(answers.upliftAt30, 10);
    expect(upliftAt(trial, scores, 0.1)).toBeCloseTo(answers.upliftAt10, 10);
  });

  test("normalised areas are the same where scikit-uplift takes the outcome", () => {
    if (answers.qiniAuc !== undefined) expect(qiniAuc(trial, scores)).toBeCloseTo(answers.qiniAuc, 10);
    if (answers.upliftAuc !== undefined) expect(upliftAuc(trial, scores)).toBeCloseTo(answers.upliftAuc, 10);
    else expect(() => upliftAuc(trial, scores)).toThrow(/0 and 1 only/);
  });

  test("AUC and the value by inverse propensity are the same", () => {
    const labels = answers.outcomes.map((y) => (y > 0 ? 1 : 0));
    expect(rocAuc(labels, scores)).toBeCloseTo(answers.rocAuc, 10);
    const share = answers.treated.reduce((sum, t) => sum + t, 0) / answers.treated.length;
    const log = { arms: Int32Array.from(answers.treated), outcomes: trial.outcomes, propensities: [1 - share, share] };
    const policy = Int32Array.from(answers.scores, (u) => (u > 0 ? 1 : 0));
    expect(clusteredMean(policyValues(ipsScores(log), policy)).mean).toBeCloseTo(answers.ips, 10);
  });
});

describe("ranking by uplift", () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: -5, max: 5 })), {
    minLength: 4,
    maxLength: 60,
  });

  test("neither the order of rows nor a rising transformation of the score moves a curve", () => {
    fc.assert(
      fc.property(rows, fc.integer(), (cases, seed) => {
        fc.pre(new Set(cases.map(([, t]) => t)).size === 2);
        const random = createRandom(seed);
        const mixed = cases.map((row) => ({ row, at: random.uniform() })).sort((a, b) => a.at - b.at);
        const curveOf = (list: typeof cases, change: (u: number) => number) =>
          upliftCurve(
            trialOf({ outcomes: list.map(([y]) => y), treated: list.map(([, t]) => t) }),
            Float64Array.from(list, ([, , u]) => change(u)),
          );
        const moved = curveOf(
          mixed.map(({ row }) => row),
          (u) => Math.exp(u),
        );
        expect(rounded(moved)).toEqual(rounded(curveOf(cases, (u) => u)));
      }),
      { seed: 1 },
    );
  });

  test("a constant score gains what random does, and the perfect order has a Qini coefficient of 1", () => {
    const trial = trialOf(known.cases[0]!);
    expect(qiniAuc(trial, new Float64Array(trial.outcomes.length))).toBeCloseTo(0, 12);
    expect(
      qiniAuc(
        trial,
        trial.outcomes.map((y, i) => (trial.treated[i] ? y : -y)),
      ),
    ).toBe(1);
  });

  test("says what is wrong with a trial that cannot be evaluated", () => {
    const of = (outcomes: number[], treated: number[], scores: number[]) => () =>
      qiniAuc(trialOf({ outcomes, treated }), Float64Array.from(scores));
    expect(of([], [], [])).toThrow(/without rows/);
    expect(of([1, 0, 1], [1, 1, 1], [1, 2, 3])).toThrow(/All 3 rows were treated/);
    expect(of([1, 0, 1], [0, 0, 0], [1, 2, 3])).toThrow(/None of 3 rows was treated/);
    expect(of([1, NaN, 1], [0, 1, 0], [1, 2, 3])).toThrow(/Outcome of row 1 is NaN/);
    expect(of([1, 0, 1], [0, 1, 2], [1, 2, 3])).toThrow(/Row 2 is marked 2/);
    expect(of([1, 0, 1], [0, 1, 0], [1, NaN, 3])).toThrow(/Score of row 1 is NaN/);
    expect(of([1, 0, 1], [0, 1, 0], [1, 3])).toThrow(/2 scores for 3 rows/);
    expect(of([1, 1, 1], [0, 1, 0], [1, 2, 3])).toThrow(/nothing to rank/);
    expect(of([0, 0, 0], [0, 1, 0], [1, 2, 3])).toThrow(/nothing to rank/);
    expect(() => upliftAt(trialOf({ outcomes: [1, 0, 1], treated: [0, 1, 0] }), Float64Array.of(3, 2, 1), 0.3)).toThrow(
      /take a larger share/,
    );
  });

  test("AUC counts ties one half and needs both classes", () => {
    expect(rocAuc([0, 1, 0, 1], Float64Array.of(1, 1, 1, 1))).toBe(0.5);
    expect(rocAuc([0, 1], Float64Array.of(0, 1))).toBe(1);
    expect(() => rocAuc([1, 1], Float64Array.of(0, 1))).toThrow(/rows of both/);
  });
});

describe("means of customers", () => {
  test("rows of one customer count together: doubling every row leaves the standard error as it was", () => {
    const random = createRandom(4);
    const once = Float64Array.from({ length: 200 }, () => random.normal());
    const twice = Float64Array.from([...once, ...once]);
    const clusters = Array.from(twice, (_, i) => i % 200);
    expect(clusteredMean(twice, { clusters }).standardError).toBeCloseTo(clusteredMean(once).standardError, 12);
    expect(clusteredMean(twice).standardError).toBeLessThan(clusteredMean(once).standardError / 1.4);
  });

  test("95 % intervals of clustered rows cover the truth about as often as they say", () => {
    let covered = 0;
    for (let world = 0; world < 400; world++) {
      const random = createRandom(7, world);
      const clusters = Array.from({ length: 300 }, (_, i) => Math.floor(i / 3));
      const own = Array.from({ length: 100 }, () => random.normal());
      const { low, high } = clusteredMean(
        Float64Array.from(clusters, (c) => own[c]! + random.normal()),
        { clusters },
      );
      if (low <= 0 && 0 <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(367);
    expect(covered).toBeLessThanOrEqual(392);
  });

  test("a paired difference knows more than two means where luck is shared, and a lone customer says nothing of others", () => {
    const random = createRandom(9);
    const luck = Float64Array.from({ length: 100 }, () => 10 * random.normal());
    const better = luck.map((x) => x + 1 + 0.1 * random.normal());
    const { mean, low, high } = pairedDifference(better, luck);
    expect(mean).toBeCloseTo(1, 1);
    expect(high - low).toBeLessThan(0.1);
    expect(clusteredMean(Float64Array.of(1, 2, 3), { clusters: [5, 5, 5] }).standardError).toBe(Infinity);
    expect(() => clusteredMean(Float64Array.of())).toThrow(/no rows/);
    expect(() => clusteredMean(Float64Array.of(1, NaN))).toThrow(/row 1 is NaN/);
    expect(() => clusteredMean(Float64Array.of(1), { clusters: [1, 2] })).toThrow(/2 clusters for 1 rows/);
  });
});

describe("the value of a policy from a log", () => {
  /** Three arms given with chances that depend on x; arm 2 is worth x more, arm 1 half a unit. */
  function world(seed: number, rows = 4000) {
    const random = createRandom(seed);
    const x = Float64Array.from({ length: rows }, () => 2 * random.uniform() - 1);
    const chances = Float64Array.from(
      { length: rows * 3 },
      (_, cell) => [0.5, 0.25, 0.25][(cell + (x[Math.floor(cell / 3)]! > 0 ? 1 : 0)) % 3]!,
    );
    const arms = Int32Array.from({ length: rows }, (_, i) => {
      const u = random.uniform();
      return u < chances[i * 3]! ? 0 : u < chances[i * 3]! + chances[i * 3 + 1]! ? 1 : 2;
    });
    const mean = (i: number, arm: number) => 3 * x[i]! + [0, 0.5, x[i]!][arm]!;
    const outcomes = Float64Array.from({ length: rows }, (_, i) => mean(i, arms[i]!) + random.normal());
    const policy = Int32Array.from(x, (value) => (value > 0.5 ? 2 : 1));
    const truth = policy.reduce((sum, arm, i) => sum + mean(i, arm), 0) / rows;
    const predictions = {
      rows,
      columns: 3,
      values: Float64Array.from({ length: rows * 3 }, (_, cell) => mean(Math.floor(cell / 3), cell % 3)),
    };
    return { log: { arms, outcomes, propensities: { rows, columns: 3, values: chances } }, policy, truth, predictions };
  }

  test("both estimates find it, doubly robust with the smaller error; wrong predictions do not mislead it", () => {
    const { log, policy, truth, predictions } = world(1);
    const ips = clusteredMean(policyValues(ipsScores(log), policy));
    const dr = clusteredMean(policyValues(drScores(log, predictions), policy));
    const wrong = clusteredMean(policyValues(drScores(log, { ...predictions, values: predictions.values.map((m) => 5 - m) }), policy));
    for (const { mean, standardError } of [ips, dr, wrong]) expect(Math.abs(mean - truth)).toBeLessThan(3 * standardError);
    expect(dr.standardError).toBeLessThan(ips.standardError);
  });

  test("a policy of probabilities is worth the mix of its arms", () => {
    const { log, policy, predictions } = world(2, 300);
    const scores = drScores(log, predictions);
    const half = {
      rows: 300,
      columns: 3,
      values: Float64Array.from({ length: 900 }, (_, c) => (c % 3 === 0 || c % 3 === policy[Math.floor(c / 3)] ? 0.5 : 0)),
    };
    const nothing = policyValues(scores, new Int32Array(300));
    const full = policyValues(scores, policy);
    policyValues(scores, half).forEach((value, i) => expect(value).toBeCloseTo((nothing[i]! + full[i]!) / 2, 10));
  });

  test("an arm that the log never gave has no value, and only a policy that takes it is refused", () => {
    const log = { arms: Int32Array.of(0, 1, 0), outcomes: Float64Array.of(1, 2, 3), propensities: [0.5, 0.5, 0] };
    expect(() => policyValues(ipsScores(log), Int32Array.of(0, 1, 2))).toThrow(/arm 2 in row 2, which the log never gave/);
    expect([...policyValues(ipsScores(log), Int32Array.of(0, 1, 0))]).toEqual([2, 4, 6]);
    expect(() => ipsScores({ ...log, propensities: [1, 0, 0] })).toThrow(/Row 1 was given arm 1, whose probability is said to be 0/);
    expect(() => ipsScores({ ...log, arms: Int32Array.of(0, 3, 0) })).toThrow(/arms 0 to 2/);
    expect(() => ipsScores({ ...log, outcomes: Float64Array.of(1, Infinity, 3) })).toThrow(/Outcome of row 1 is Infinity/);
    expect(() => drScores(log, { rows: 3, columns: 2, values: new Float64Array(6) })).toThrow(/3 × 2/);
    expect(() => policyValues(ipsScores(log), Int32Array.of(0))).toThrow(/1 rows does not fit/);
  });
});
