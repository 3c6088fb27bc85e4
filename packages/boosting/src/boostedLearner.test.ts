import { readFileSync } from "node:fs";
import { readEnsemble, storeEnsemble } from "@kava/algorithms/learning/storedEnsemble";
import { TreeEnsemble } from "@kava/algorithms/learning/treeEnsemble";
import { matrixOf, withColumns, type Matrix } from "@kava/algorithms/matrix";
import { createRandom } from "@kava/algorithms/random";
import { expect, test } from "vitest";
import { boostedClassifier, boostedLearner } from "./boostedLearner.js";
import { completeOptions, xgboostParameters, type BoostingOptions } from "./boostingOptions.js";
import { readModel } from "./readModel.js";
import { answerOfXgboost, BoostingFailed, heldBytes, train } from "./xgboost.js";

interface Fixture {
  columns: number;
  values: (number | null)[];
  amounts: number[];
  classes: number[];
  amountPredictions: number[];
  classPredictions: number[];
}

const fixture = JSON.parse(readFileSync(new URL("fixtures/pythonXgboost.json", import.meta.url), "utf8")) as Fixture;
const asked: Matrix = {
  rows: fixture.values.length / fixture.columns,
  columns: fixture.columns,
  values: Float64Array.from(fixture.values, (value) => value ?? Number.NaN),
};
const asPython: BoostingOptions = {
  method: "exact",
  rounds: 40,
  eta: 0.1,
  maxDepth: 4,
  minChildWeight: 3,
  lambda: 2,
  gamma: 0.1,
  subsample: 1,
  columnSample: 1,
  base: 0.4,
};
const any = { seed: 1 };

const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));

/** A response that rises with column 0, falls with column 1 and has noise. */
const noisy = (rows: number, columns: number): { features: Matrix; targets: Float64Array } => {
  const random = createRandom(11, rows, columns);
  const values = Float64Array.from({ length: rows * columns }, () => random.normal());
  const targets = Float64Array.from({ length: rows }, (_, i) => 2 * values[i * columns]! - values[i * columns + 1]! ** 3 + random.normal());
  return { features: { rows, columns, values }, targets };
};

test("predictions are those of XGBoost for Python, amounts and probabilities, with features that are not known and real −1 values", () => {
  const amounts = Float64Array.from(fixture.amounts);
  expect(largestGap(boostedLearner(asPython).fit(asked, amounts, any).predict(asked), fixture.amountPredictions)).toBeLessThan(1e-5);
  const probabilities = boostedClassifier(asPython).fit(asked, Float64Array.from(fixture.classes), any).predict(asked);
  expect(largestGap(probabilities, fixture.classPredictions)).toBeLessThan(1e-5);
});

test("the trees that were taken out answer what XGBoost itself answers, for amounts and probabilities, also where features are not known", () => {
  for (const [objective, link, targets] of [
    ["reg:linear", "identity", fixture.amounts],
    ["binary:logistic", "logistic", fixture.classes],
  ] as const) {
    const parameters = xgboostParameters(completeOptions({ minChildWeight: 1 }), objective, 0.4, 3);
    const saved = train({ ...asked, targets: Float64Array.from(targets) }, parameters, 150);
    const { base, nodes } = readModel(saved);
    const ours = new TreeEnsemble({ features: ["a", "b", "c", "d", "e", "f"], link, base, nodes }).predict(asked);
    expect(nodes.roots).toHaveLength(150);
    expect(largestGap(ours, answerOfXgboost(saved, asked))).toBeLessThan(1e-6);
  }
});

test("a real −1 is told from a number that is not known, and from its neighbours", () => {
  const features = matrixOf(Array.from({ length: 200 }, (_, i) => [[-2, -1, 0, Number.NaN][i % 4]!]));
  const targets = Float64Array.from({ length: 200 }, (_, i) => [10, 20, 30, 40][i % 4]!);
  for (const method of ["exact", "hist"] as const) {
    const learner = boostedLearner({ method, minChildWeight: 1, lambda: 0, eta: 1, rounds: 5, subsample: 1, columnSample: 1 });
    const answers = learner.fit(features, targets, any).predict(matrixOf([[-2], [-1], [0], [Number.NaN]]));
    expect(answers.map(Math.round)).toEqual(Float64Array.of(10, 20, 30, 40));
  }
});

test("a monotone constraint holds for every row, and is refused with the method that would pass over it", () => {
  const random = createRandom(5);
  const features = matrixOf(Array.from({ length: 3_000 }, () => [random.integer(9) * 5, random.normal(), random.normal()]));
  const wave = Float64Array.from(
    { length: 3_000 },
    (_, i) => Math.sin(features.values[i * 3]! / 5) * features.values[i * 3 + 1]! + random.normal(),
  );
  const rising = boostedLearner({ monotone: [1, 0, 0], rounds: 50 }).fit(features, wave, any);
  const others = { rows: 300, columns: 2, values: Float64Array.from({ length: 600 }, () => random.normal()) };
  const depths = Array.from({ length: 9 }, (_, k) => rising.predict(depthFirst(others, k * 5)));
  for (let k = 1; k < 9; k++) for (let i = 0; i < 300; i++) expect(depths[k]![i]!).toBeGreaterThanOrEqual(depths[k - 1]![i]!);
  expect(() => boostedLearner({ monotone: [1, 0, 0], method: "hist" })).toThrow("leave the option method out");
});

test("one seed gives one model, another seed another one, also on an instance that was used before", () => {
  const { features, targets } = noisy(600, 4);
  const learner = boostedLearner({ rounds: 20 });
  const first = storeEnsemble(learner.fit(features, targets, { seed: 7 }));
  expect(storeEnsemble(learner.fit(features, targets, { seed: 8 }))).not.toEqual(first);
  expect(storeEnsemble(learner.fit(features, targets, { seed: 7 }))).toEqual(first);
});

test("what XGBoost would end on is refused before, by name: infinities, targets that are none, sizes that differ, no rows, options out of range", () => {
  const fit = (rows: number[][], targets: number[], options: BoostingOptions = {}) =>
    boostedLearner(options).fit(matrixOf(rows), Float64Array.from(targets), any);
  expect(() =>
    fit(
      [
        [1, 2],
        [3, Number.POSITIVE_INFINITY],
      ],
      [1, 2],
    ),
  ).toThrow("Column 1 of row 1 is Infinity");
  expect(() =>
    fit(
      [
        [1, 2],
        [3, 1e39],
      ],
      [1, 2],
    ),
  ).toThrow("Column 1 of row 1 is 1e+39; boosting takes numbers up to");
  expect(() => fit([[1], [2]], [1, Number.NaN])).toThrow("The target of row 1 is NaN");
  expect(() => fit([[1], [2]], [1, 1e30])).toThrow("boosting takes targets up to");
  expect(() => fit([[1], [2]], [1])).toThrow("There are 2 rows and 1 targets");
  expect(() => boostedLearner().fit({ rows: 2, columns: 2, values: new Float64Array(3) }, new Float64Array(2), any)).toThrow("not 3");
  expect(() => fit([], [])).toThrow("no rows to learn from");
  expect(() => boostedClassifier().fit(matrixOf([[1], [2]]), Float64Array.of(0, 2), any)).toThrow("learns from 0 and 1");
  expect(() => fit([[1], [2]], [1, 2], { monotone: [1, 0] })).toThrow("2 monotone constraints for 1 columns");
  expect(() => fit([[1], [2]], [1, 2], { features: ["a", "b"] })).toThrow("2 names of features for 1 columns");
  expect(() => boostedLearner({ eta: Number.NaN })).toThrow("eta is NaN");
  expect(() => boostedLearner({ rounds: 0 })).toThrow("rounds is 0");
  expect(() => boostedClassifier({ base: 1 })).toThrow("base is 1");
});

test("more rows than its memory holds are refused before anything is copied, and the error says how many would fit", () => {
  const nothing = { values: new Float64Array(0), targets: new Float64Array(0) };
  expect(() => train({ rows: 3_000_001, columns: 20, ...nothing }, {}, 1)).toThrow("at most 3000000 rows");
  expect(() => train({ rows: 30_000_000, columns: 2, ...nothing }, {}, 1)).toThrow("at most 15000000 rows");
});

test("a target that is always the same is answered with it, or with a probability that is neither 0 nor 1", () => {
  const features = matrixOf([[1], [2], [3]]);
  expect([
    ...boostedLearner()
      .fit(features, Float64Array.of(4, 4, 4), any)
      .predict(features),
  ]).toEqual([4, 4, 4]);
  expect(
    boostedClassifier()
      .fit(features, Float64Array.of(1, 1, 1), any)
      .predict(features)[0],
  ).toBeCloseTo(3.5 / 4, 6);
  expect(
    boostedClassifier()
      .fit(features, Float64Array.of(0, 0, 0), any)
      .predict(features)[0],
  ).toBeCloseTo(0.5 / 4, 6);
});

test("three rows, constant columns, columns of which nothing is known, no columns at all and 200 columns give a sound result", () => {
  expect([
    ...boostedLearner()
      .fit(matrixOf([[1], [2], [3]]), Float64Array.of(1, 2, 6), any)
      .predict(matrixOf([[1], [9]])),
  ]).toEqual([3, 3]);
  expect([
    ...boostedLearner()
      .fit({ rows: 2, columns: 0, values: new Float64Array(0) }, Float64Array.of(1, 3), any)
      .predict(matrixOf([[], []])),
  ]).toEqual([2, 2]);
  const { features, targets } = noisy(400, 3);
  const odd = withColumns(features, 5, Number.NaN);
  for (const method of ["hist", "exact"] as const) {
    const ensemble = boostedLearner({ method, rounds: 30 }).fit(odd, targets, any);
    expect(ensemble.predict(odd).every(Number.isFinite)).toBe(true);
    expect([...ensemble.nodes.feature].every((column) => column < 3)).toBe(true);
  }
  const nothing = boostedLearner({ rounds: 5 }).fit(matrixOf(Array.from({ length: 60 }, () => [Number.NaN])), noisy(60, 2).targets, any);
  expect(nothing.predict(matrixOf([[Number.NaN]])).every(Number.isFinite)).toBe(true);
  const wide = noisy(150, 200);
  expect(boostedLearner({ rounds: 5 }).fit(wide.features, wide.targets, any).predict(wide.features).every(Number.isFinite)).toBe(true);
});

test("an instance that broke is never used again: whatever XGBoost throws is an Error that says why, and the next training is sound", () => {
  const { features, targets } = noisy(50, 2);
  const broken = () => train({ ...features, targets }, { booster: "no such booster" }, 1);
  expect(broken).toThrow(BoostingFailed);
  expect(broken).toThrow("no such booster");
  expect(() => train({ ...features, targets }, { objective: "binary:logistic", base_score: "7" }, 1)).toThrow(BoostingFailed);
  expectSound();
});

test("it listens to nothing of the process and leaves those alone who do", () => {
  const ours = () => undefined;
  process.on("uncaughtException", ours);
  const before = process.listeners("uncaughtException");
  expect(() => train({ rows: 1, columns: 1, values: new Float64Array(1), targets: new Float64Array(1) }, { booster: "none" }, 1)).toThrow();
  expectSound(); // after what broke: with a fresh instance
  expect(process.listeners("uncaughtException")).toEqual(before);
  process.off("uncaughtException", ours);
});

test("each model is freed once: a hundred trainings go through one instance that does not grow", () => {
  const { features, targets } = noisy(2_000, 10);
  const learner = boostedLearner({ rounds: 1, maxDepth: 1 });
  const first = storeEnsemble(learner.fit(features, targets, any));
  const held = heldBytes();
  expect(held).toBeGreaterThan(0);
  for (let i = 0; i < 100; i++) learner.fit(features, targets, { seed: i }); // half a megabyte each
  expect(heldBytes()).toBe(held);
  expect(storeEnsemble(learner.fit(features, targets, any))).toEqual(first);
});

test("an instance that grew large is let go, so that memory does not stay taken", () => {
  const values = Float64Array.from({ length: 2_400_000 }, (_, i) => (i * Math.E) % 1);
  boostedLearner({ rounds: 1, maxDepth: 1 }).fit({ rows: 200_000, columns: 12, values }, values.subarray(0, 200_000), any);
  expect(heldBytes()).toBe(0);
  expectSound();
});

test("a stored model keeps the names of its features and is read by none that computes others", () => {
  const { features, targets } = noisy(200, 2);
  const ensemble = boostedLearner({ rounds: 10, features: ["recency", "depth"] }).fit(features, targets, any);
  const stored: unknown = JSON.parse(JSON.stringify(storeEnsemble(ensemble)));
  expect(readEnsemble(stored, ["recency", "depth"]).predict(features)).toEqual(ensemble.predict(features));
  expect(() => readEnsemble(stored, ["depth", "recency"])).toThrow("Column 0 of the model is recency, and depth is computed now");
});

function expectSound(): void {
  const { features, targets } = noisy(300, 2);
  const predictions = boostedLearner({ rounds: 30 }).fit(features, targets, any).predict(features);
  expect(predictions.every(Number.isFinite)).toBe(true);
  expect(new Set(predictions).size).toBeGreaterThan(10);
}

function depthFirst(others: Matrix, depth: number): Matrix {
  return matrixOf(Array.from({ length: others.rows }, (_, i) => [depth, ...others.values.subarray(i * 2, i * 2 + 2)]));
}
