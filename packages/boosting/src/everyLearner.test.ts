import { linearClassifier, linearLearner } from "@kava/algorithms/learning/linearLearner";
import type { Learner } from "@kava/algorithms/learning/learner";
import { selectRows, withColumns, type Matrix } from "@kava/algorithms/matrix";
import { crossFittedScores } from "@kava/algorithms/policy/crossFittedScores";
import { depthLifts } from "@kava/algorithms/policy/depthLifts";
import { createRandom } from "@kava/algorithms/random";
import { choosePolicy } from "@kava/algorithms/uplift/choosePolicy";
import { fitDepthModel } from "@kava/algorithms/uplift/depthModel";
import { drLearner } from "@kava/algorithms/uplift/drLearner";
import type { EffectLearner } from "@kava/algorithms/uplift/effectLearner";
import { armByArm, type OfferLearner } from "@kava/algorithms/uplift/offerLearner";
import { bestArmPolicy, bestUniformPolicy, uniformPolicy } from "@kava/algorithms/uplift/policyLearner";
import { residualArms } from "@kava/algorithms/uplift/residualArms";
import { tLearner } from "@kava/algorithms/uplift/tLearner";
import { xLearner } from "@kava/algorithms/uplift/xLearner";
import { expect, test } from "vitest";
import { boostedClassifier, boostedLearner } from "./boostedLearner.js";
import { fitBoostedApart } from "./fitBoostedApart.js";

/** Half of the rows were given an offer; outcomes are amounts, above 0 for who bought. */
interface Table {
  readonly features: Matrix;
  readonly outcomes: Float64Array;
  readonly marks: Uint8Array;
  readonly customers: Float64Array;
}

const table = (rows: number, columns = 4): Table => {
  const random = createRandom(17, rows, columns);
  const values = Float64Array.from({ length: rows * columns }, () => random.normal());
  const marks = Uint8Array.from({ length: rows }, (_, i) => i % 2);
  return {
    features: { rows, columns, values },
    outcomes: Float64Array.from(marks, (_, i) => values[i * columns]! * (1 + marks[i]!) + random.normal()),
    marks,
    customers: Float64Array.from({ length: rows }, (_, i) => i),
  };
};

const ROWS = 160;
const plain = table(ROWS);
const rowsOf = ({ features, outcomes, marks, customers }: Table, rows: readonly number[]): Table => ({
  features: selectRows(features, rows),
  outcomes: Float64Array.from(rows, (row) => outcomes[row]!),
  marks: Uint8Array.from(rows, (row) => marks[row]!),
  customers: Float64Array.from(rows, (row) => customers[row]!),
});
const first = (count: number): Table =>
  rowsOf(
    plain,
    Array.from({ length: count }, (_, row) => row),
  );
const withValue = (cell: number, value: number): Table => ({
  ...plain,
  features: { ...plain.features, values: plain.features.values.with(cell, value) },
});
const withOutcome = (outcome: (y: number, row: number) => number): Table => ({ ...plain, outcomes: plain.outcomes.map(outcome) });
const repeated = (times: number): Table => {
  const rows = Array.from({ length: ROWS * times }, (_, i) => i % ROWS);
  return rowsOf(plain, rows);
};

/** What came of each table: `sound` all that is said is finite; `refused` an error in words; `either` as the learner needs more rows or fewer. */
const TABLES: readonly [what: string, table: Table, expected: "sound" | "refused" | "either"][] = [
  ["features of which a fifth is not known", { ...plain, features: holes(plain.features) }, "sound"],
  ["a column of which nothing is known", { ...plain, features: withColumns(plain.features, Number.NaN) }, "sound"],
  [
    "features of which nothing is known at all",
    { ...plain, features: { ...plain.features, values: plain.features.values.map(() => NaN) } },
    "sound",
  ],
  ["constant columns", { ...plain, features: withColumns(plain.features, 7, 0) }, "sound"],
  ["columns that repeat each other", { ...plain, features: withColumns(plain.features, ...repeatsOf(plain.features)) }, "sound"],
  ["200 columns", table(90, 200), "sound"],
  [
    "rows that are all the same",
    { ...plain, features: { ...plain.features, values: plain.features.values.map((_, i) => i % 4) } },
    "sound",
  ],
  ["outcomes that are all the same", withOutcome(() => 3), "sound"],
  ["one buyer among all", withOutcome((_, row) => (row === 80 ? 5 : 0)), "either"],
  ["nobody who bought", withOutcome(() => 0), "either"],
  ["every row twice under one customer", repeated(2), "sound"],
  ["four customers with forty rows each", { ...plain, customers: plain.customers.map((_, i) => i % 4) }, "either"],
  ["a single customer", { ...plain, customers: plain.customers.map(() => 1) }, "either"],
  ["customers whose numbers are as large as they get", { ...plain, customers: plain.customers.map((i) => 2 ** 53 - i) }, "sound"],
  ["one row that was given the offer", { ...plain, marks: plain.marks.map((_, row) => (row === 9 ? 1 : 0)) }, "either"],
  ["three rows", first(3), "either"],
  ["one row", first(1), "either"],
  ["no rows", first(0), "refused"],
  ["an infinite feature", withValue(41, Infinity), "refused"],
  ["a feature of −infinity", withValue(0, -Infinity), "refused"],
  ["a feature too large to be squared", withValue(41, 1e200), "refused"],
  ["an infinite outcome", withOutcome((y, row) => (row === 7 ? Infinity : y)), "refused"],
  ["an outcome that is none", withOutcome((y, row) => (row === 7 ? NaN : y)), "refused"],
];

function holes(features: Matrix): Matrix {
  return { ...features, values: features.values.map((value, cell) => (cell % 5 === 3 ? NaN : value)) };
}
function repeatsOf({ rows, columns, values }: Matrix): Float64Array[] {
  return [0, 1].map((column) => Float64Array.from({ length: rows }, (_, row) => (column === 0 ? 1 : -3) * values[row * columns]!));
}

const small = { rounds: 8, minChildWeight: 2 };
const hist = boostedLearner(small);
const trees = boostedClassifier(small);
const seed = { seed: 3 };
/** 1 for who bought; what is no number stays none. */
const bought = (outcomes: Float64Array): Float64Array => outcomes.map((y) => (Number.isFinite(y) ? Number(y > 0) : y));

const amounts =
  (learner: Learner) =>
  ({ features, outcomes }: Table) => [...learner.fit(features, outcomes, seed).predict(features)];
const classes =
  (learner: Learner) =>
  ({ features, outcomes }: Table) => [...learner.fit(features, bought(outcomes), seed).predict(features)];
const effects =
  (learner: EffectLearner) =>
  ({ features, outcomes, marks, customers }: Table) => [
    ...learner.fit({ features, outcomes, treated: marks, clusters: customers }, seed).effect(features),
  ];
const offerTrial = ({ features, outcomes, marks, customers }: Table) => ({
  features,
  outcomes,
  arms: Int32Array.from(marks),
  armCount: 2,
  clusters: customers,
});
/** An arm that nobody was given is NaN by contract, and no policy takes it. */
const offers = (learner: OfferLearner) => (given: Table) => {
  const { columns, values } = learner.fit(offerTrial(given), seed).outcomes(given.features);
  const present = [0, 1].filter((arm) => given.marks.includes(arm));
  return [...values].filter((_, cell) => present.includes(cell % columns));
};
const depths =
  (purchase: Learner, quantity: Learner) =>
  ({ features, outcomes, marks }: Table) => {
    const quantities = outcomes.map((y) => (y < 0 ? 0 : y));
    const given = { features, depths: Float64Array.from(marks, (mark) => 20 * mark), quantities };
    const model = fitDepthModel({ purchase, quantity, depths: [0, 10, 20] }, given, seed);
    return [...model.margins(features, 500, 200).values];
  };

/** Every way to learn; what each says of the rows that it learned from. */
const LEARNERS: Record<string, (given: Table) => number[]> = {
  "linear learner": amounts(linearLearner()),
  "linear classifier": classes(linearClassifier()),
  "boosted learner, hist": amounts(hist),
  "boosted learner, exact": amounts(boostedLearner({ ...small, method: "exact" })),
  "boosted classifier": classes(trees),
  "T-learner, linear": effects(tLearner(linearLearner())),
  "T-learner, boosted": effects(tLearner(hist)),
  "X-learner": effects(xLearner({ outcome: hist, effect: linearLearner(), propensity: linearClassifier() })),
  "DR-learner, linear": effects(drLearner({ outcome: linearLearner() })),
  "DR-learner, boosted": effects(drLearner({ outcome: hist, propensity: trees })),
  "arm by arm, linear": offers(armByArm(linearLearner())),
  "arm by arm, boosted": offers(armByArm(hist)),
  "residual arms": offers(residualArms({ common: hist, residual: linearLearner(), shrinkRows: 20 })),
  "depth model, linear": depths(linearClassifier(), linearLearner()),
  "depth model, boosted": depths(trees, hist),
  "choice of a policy": (given) => {
    const candidates = [uniformPolicy(0), bestUniformPolicy(linearLearner()), bestArmPolicy(armByArm(linearLearner()))];
    const { scores } = choosePolicy(offerTrial(given), candidates, { nuisance: armByArm(linearLearner()), ...seed });
    return scores.map(({ value }) => value.mean);
  },
  "lower bounds of depths": (given) => {
    const scores = crossFittedScores(offerTrial(given), { nuisance: armByArm(linearLearner()), ...seed });
    const lifts = depthLifts(scores, { depths: [0, 20], clusters: given.customers });
    return lifts.flatMap(({ bins }) => bins.flatMap(({ lower, mean, standardError }) => [lower, mean, standardError]));
  },
};

/** What is wrong with what a learner made of a table; nothing where all that it says is finite, or where it refuses in words. */
const complaintsOf = (name: string, given: Table, expected: "sound" | "refused" | "either"): string[] => {
  try {
    const strange = LEARNERS[name]!(given).findIndex((value) => !Number.isFinite(value));
    if (strange >= 0) return [`${name}: number ${strange} is none`];
    return expected === "refused" ? [`${name}: was learned from`] : [];
  } catch (error) {
    if (!(error instanceof RangeError) || !/^[A-Z0-9].{30,}\.$/s.test(error.message)) return [`${name}: ${String(error)}`];
    return expected === "sound" ? [`${name}: was refused, ${error.message}`] : [];
  }
};

test.each(TABLES)(
  "every learner takes %s soundly, or says what is wrong, and learns from other data afterwards",
  (_what, given, expected) => {
    const names = Object.keys(LEARNERS);
    expect(names.flatMap((name) => complaintsOf(name, given, expected))).toEqual([]);
    expect(["boosted learner, hist", "boosted classifier"].flatMap((name) => complaintsOf(name, plain, "sound"))).toEqual([]);
  },
);

test("a worker that is given what cannot be learned from says why, and the next one learns", async () => {
  const apart = ({ features, outcomes }: Table) =>
    fitBoostedApart({ kind: "regression", features, targets: outcomes, seed: 1, options: small }).then(({ nodes }) => nodes.roots.length);
  await expect(apart(withValue(41, Infinity))).rejects.toThrow("Column 1 of row 10 is Infinity");
  await expect(apart(withOutcome(() => NaN))).rejects.toThrow("The target of row 0 is NaN");
  expect(await apart(first(3))).toBe(small.rounds);
});
