import fc from "fast-check";
import { expect, test } from "vitest";
import { matrixOf } from "../matrix.js";
import { createRandom } from "../random.js";
import { readEnsemble, storeEnsemble } from "./storedEnsemble.js";
import { constantEnsemble, TreeEnsemble, type TreeNodes } from "./treeEnsemble.js";

/** Two trees: "a < 0.5, else b < 2 (not known goes left)" with leaves 1, 10, 20; and a single leaf of 100. */
const nodes = (): TreeNodes => ({
  roots: Int32Array.of(0, 5),
  feature: Int32Array.of(0, -1, 1, -1, -1, -1),
  value: Float32Array.of(0.5, 1, 2, 10, 20, 100),
  left: Int32Array.of(1, 0, 3, 0, 0, 0),
  missingLeft: Uint8Array.of(0, 0, 1, 0, 0, 0),
});
const features = ["a", "b"];
const ensemble = new TreeEnsemble({ features, link: "identity", base: 1_000, nodes: nodes() });

test("a row goes left below the threshold and right from it on, and what is not known goes the node's own way", () => {
  const rows = matrixOf([
    [0.4, 0],
    [0.5, 1.9],
    [0.5, 2],
    [Number.NaN, 3],
    [7, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ]);
  expect([...ensemble.predict(rows)]).toEqual([1_101, 1_110, 1_120, 1_120, 1_110, 1_110]);
  expect([...ensemble.predict({ rows: 0, columns: 2, values: new Float64Array(0) })]).toEqual([]);
});

test("numbers are compared in single precision, as they were in training", () => {
  const at = new TreeEnsemble({
    features: ["x"],
    link: "identity",
    base: 0,
    nodes: {
      ...nodes(),
      roots: Int32Array.of(0),
      feature: Int32Array.of(0, -1, -1, -1, -1, -1),
      value: Float32Array.of(0.1, 1, 2, 0, 0, 0),
    },
  });
  expect([...at.predict(matrixOf([[0.1], [0.0999]]))]).toEqual([2, 1]); // 0.1 itself is below its neighbour in single precision
});

test("a logistic link gives probabilities, its margins the log-odds", () => {
  const certain = new TreeEnsemble({ features, link: "logistic", base: -101, nodes: nodes() });
  expect([...certain.margins(matrixOf([[0, 0]]))]).toEqual([0]);
  expect([...certain.predict(matrixOf([[0, 0]]))]).toEqual([0.5]);
  expect(constantEnsemble(features, "logistic", 0.2).predict(matrixOf([[1, 2]]))[0]).toBeCloseTo(0.2, 7);
});

test("many rows are answered as each row alone", () => {
  const random = createRandom(1);
  const rows = Array.from({ length: 1_000 }, () => [random.uniform(), random.uniform() * 4]);
  const together = ensemble.predict(matrixOf(rows));
  rows.forEach((row, i) => expect(together[i]).toBe(ensemble.predict(matrixOf([row]))[0]));
});

test("other columns than in training are refused", () => {
  expect(() => ensemble.predict(matrixOf([[1]]))).toThrow("learnt from 2 columns and is asked about 1");
});

test("what was stored as JSON predicts the same to the last bit", () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 6, maxLength: 6 }), (value) => {
      const made = new TreeEnsemble({
        features,
        link: "identity",
        base: value[0]!,
        nodes: { ...nodes(), value: Float32Array.from(value) },
      });
      const read = readEnsemble(JSON.parse(JSON.stringify(storeEnsemble(made))), features);
      expect(read.nodes.value.map((single) => single + 0)).toEqual(made.nodes.value.map((single) => single + 0)); // JSON has no −0
      expect(read.base + 0).toBe(made.base + 0);
    }),
  );
});

test("a stored model of other features, another format, or damaged is refused, and never walked in circles", () => {
  const stored = storeEnsemble(ensemble);
  expect(() => readEnsemble(stored, ["a", "c"])).toThrow("Column 1 of the model is b, and c is computed now");
  expect(() => readEnsemble(stored, ["a"])).toThrow("Column 1 of the model is b, and nothing is computed now");
  expect(() => readEnsemble(null, features)).toThrow("no tree ensemble");
  expect(() => readEnsemble({ ...stored, formatVersion: 2 }, features)).toThrow("no tree ensemble of format 1");
  expect(() => readEnsemble({ ...stored, left: stored.left.map(() => 0) }, features)).toThrow("Node 0 of the trees is damaged");
  expect(() => readEnsemble({ ...stored, feature: stored.feature.map((column) => column + 1) }, features)).toThrow("damaged");
  expect(() => readEnsemble({ ...stored, roots: [9] }, features)).toThrow("Tree 0 is damaged");
  expect(() => readEnsemble({ ...stored, value: stored.value.slice(1) }, features)).toThrow("differ in length");
});
