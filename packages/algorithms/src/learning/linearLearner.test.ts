import { expect, test } from "vitest";
import { matrixOf, type Matrix } from "../matrix.js";
import { createRandom } from "../random.js";
import { linearClassifier, linearLearner } from "./linearLearner.js";
import { LinearModel } from "./linearModel.js";

const any = { seed: 1 };
const near = (ridge = 1e-9) => linearLearner({ ridge });
const drawn = (rows: number, columns: number): Matrix => {
  const random = createRandom(2, rows, columns);
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, () => random.normal()) };
};

test("a line is found again, whatever the scale and place of its columns", () => {
  const features = matrixOf(Array.from({ length: 50 }, (_, i) => [1e6 + i, 1e-6 * ((i * i) % 17), 3]));
  const targets = Float64Array.from({ length: 50 }, (_, i) => 5 + 2 * i - 7 * ((i * i) % 17));
  const predictions = near().fit(features, targets, any).predict(features);
  predictions.forEach((prediction, i) => expect(prediction).toBeCloseTo(targets[i]!, 5));
});

test("known answer: one standardised column and a ridge of λ shrink the slope by n / (n + λ) and leave the mean", () => {
  const features = matrixOf([[-1], [1], [-1], [1]]);
  const predictions = linearLearner({ ridge: 4 })
    .fit(features, Float64Array.of(8, 12, 8, 12), any)
    .predict(matrixOf([[-1], [1], [0]]));
  expect([...predictions]).toEqual([9, 11, 10]);
});

test("what is not known gets the mean and an effect of its own, and the mean alone where training had no such row", () => {
  const values = [0, 2, Number.NaN, Number.NaN];
  const features = matrixOf(Array.from({ length: 80 }, (_, i) => [values[i % 4]!, i % 2]));
  const targets = Float64Array.from({ length: 80 }, (_, i) => [1, 3, 50, 50][i % 4]!);
  const model = near().fit(features, targets, any);
  expect(
    model
      .predict(
        matrixOf([
          [Number.NaN, 0],
          [2, 1],
          [0, 0],
        ]),
      )
      .map(Math.round),
  ).toEqual(Float64Array.of(50, 3, 1));
  expect(model.predict(matrixOf([[1, Number.NaN]]))[0]).toBeCloseTo(model.predict(matrixOf([[1, 0.5]]))[0]!, 9);
});

test("the classifier finds log-odds, and is steady where classes are separable", () => {
  const random = createRandom(9);
  const features = drawn(20_000, 2);
  const odds = (i: number) => 1 / (1 + Math.exp(-(0.5 + features.values[i * 2]! - 2 * features.values[i * 2 + 1]!)));
  const targets = Float64Array.from({ length: 20_000 }, (_, i) => (random.uniform() < odds(i) ? 1 : 0));
  const asked = matrixOf([
    [0, 0],
    [1, 0],
    [0, 1],
  ]);
  const learnt = linearClassifier().fit(features, targets, any).predict(asked);
  [0.5, 1.5, -1.5].forEach((z, i) => expect(learnt[i]).toBeCloseTo(1 / (1 + Math.exp(-z)), 1.5));
  const separable = linearClassifier()
    .fit(matrixOf([[0], [1], [2], [3]]), Float64Array.of(0, 0, 1, 1), any)
    .predict(matrixOf([[0], [3]]));
  expect(separable[0]).toBeLessThan(0.5);
  expect(separable[1]).toBeGreaterThan(0.5);
});

test("one class alone gives a probability that is neither 0 nor 1", () => {
  expect(
    linearClassifier()
      .fit(drawn(3, 2), Float64Array.of(1, 1, 1), any)
      .predict(drawn(1, 2))[0],
  ).toBeCloseTo(3.5 / 4, 9);
});

test("three rows, 200 columns, constant, repeated and unknown columns give a sound result", () => {
  const narrow = matrixOf([
    [1, 5, 1, Number.NaN],
    [2, 5, 2, Number.NaN],
    [3, 5, 3, Number.NaN],
  ]);
  for (const learner of [linearLearner(), linearClassifier()])
    for (const features of [narrow, drawn(3, 200), drawn(150, 200), { rows: 2, columns: 0, values: new Float64Array(0) }]) {
      const targets = Float64Array.from({ length: features.rows }, (_, i) => i % 2);
      expect(learner.fit(features, targets, any).predict(features).every(Number.isFinite)).toBe(true);
    }
});

test("what does not fit is refused by name", () => {
  const learner = linearLearner();
  expect(() => learner.fit(matrixOf([[1], [Number.NEGATIVE_INFINITY]]), Float64Array.of(1, 2), any)).toThrow(
    "Column 0 of row 1 is -Infinity",
  );
  expect(() => learner.fit(matrixOf([[1], [2]]), Float64Array.of(1, Number.NaN), any)).toThrow("target of row 1 is NaN");
  expect(() => learner.fit(matrixOf([]), new Float64Array(0), any)).toThrow("no rows");
  expect(() => learner.fit(matrixOf([[1e300], [-1e300]]), Float64Array.of(1, 2), any)).toThrow("too large");
  expect(() => linearClassifier().fit(matrixOf([[1], [2]]), Float64Array.of(0, 0.5), any)).toThrow("learns from 0 and 1");
  expect(() => linearLearner({ ridge: 0 })).toThrow("ridge is 0");
  const model = learner.fit(matrixOf([[1], [2]]), Float64Array.of(1, 2), any);
  expect(() => model.predict(matrixOf([[1, 2]]))).toThrow("learnt from 1 columns and is asked about 2");
  expect(() => model.predict(matrixOf([[Number.POSITIVE_INFINITY]]))).toThrow("Row 0 has a number that is infinite");
});

test("the parts of a model are JSON and make the same model again", () => {
  const features = drawn(40, 3);
  features.values[5] = Number.NaN;
  const model = linearLearner().fit(features, features.values.subarray(60, 100), any);
  const again = new LinearModel(JSON.parse(JSON.stringify(model.parts)) as LinearModel["parts"]);
  expect(again.predict(features)).toEqual(model.predict(features));
  expect(() => new LinearModel({ ...model.parts, coefficients: [1] })).toThrow("damaged: 1 coefficients for 4 columns");
});
