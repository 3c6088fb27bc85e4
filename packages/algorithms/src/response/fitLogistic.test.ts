import { describe, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { choleskySolve } from "./choleskySolve.js";
import { fitLogistic, sigmoid, type LogisticProblem } from "./fitLogistic.js";

function simulated(rows: number, truth: readonly number[]): LogisticProblem {
  const random = createRandom(11);
  const columns = truth.length;
  const x = new Float64Array(rows * columns);
  const y = Uint8Array.from({ length: rows }, (_, row) => {
    let z = 0;
    for (let j = 0; j < columns; j++) {
      x[row * columns + j] = j === 0 ? 1 : random.normal();
      z += truth[j]! * x[row * columns + j]!;
    }
    return random.uniform() < sigmoid(z) ? 1 : 0;
  });
  return { x, y, columns, priorMean: new Float64Array(columns), priorPrecision: new Float64Array(columns).fill(0.01) };
}

describe("logistic regression", () => {
  test("finds the coefficients behind the data", () => {
    const truth = [-1, 0.8, -0.5, 0];
    const { coefficients, converged } = fitLogistic(simulated(20_000, truth));
    expect(converged).toBe(true);
    truth.forEach((value, j) => expect(Math.abs(coefficients[j]! - value)).toBeLessThan(0.07));
  });

  test("agrees with the closed form where only the intercept counts", () => {
    const y = Uint8Array.from({ length: 100 }, (_, i) => (i < 20 ? 1 : 0));
    const { coefficients } = fitLogistic({
      x: new Float64Array(100).fill(1),
      y,
      columns: 1,
      priorMean: Float64Array.of(0),
      priorPrecision: Float64Array.of(1e-9),
    });
    expect(coefficients[0]).toBeCloseTo(Math.log(0.25), 6);
  });

  test("has an answer for separable classes, repeated columns, one class, and no rows", () => {
    const separable: LogisticProblem = {
      x: Float64Array.from([-2, -1, 1, 2].flatMap((v) => [1, v, v])),
      y: Uint8Array.of(0, 0, 1, 1),
      columns: 3,
      priorMean: new Float64Array(3),
      priorPrecision: new Float64Array(3).fill(1),
    };
    const { coefficients, converged } = fitLogistic(separable);
    expect(converged).toBe(true);
    expect(coefficients[1]).toBeCloseTo(coefficients[2]!, 9);
    expect(coefficients[1]).toBeGreaterThan(0.1);
    expect(fitLogistic({ ...separable, y: Uint8Array.of(1, 1, 1, 1) }).coefficients[0]).toBeGreaterThan(0.5);
    const none = fitLogistic({ ...separable, x: new Float64Array(0), y: new Uint8Array(0), priorMean: Float64Array.of(0.3, 1, -2) });
    expect([...none.coefficients]).toEqual([0.3, 1, -2]);
  });

  test("refuses what is not a number, and a prior that leaves separable data without an answer", () => {
    const problem = simulated(10, [0, 1]);
    expect(() => fitLogistic({ ...problem, x: problem.x.map((v, i) => (i === 5 ? NaN : v)) })).toThrow(/Cell 1 of row 2/);
    expect(() => fitLogistic({ ...problem, priorPrecision: Float64Array.of(0, 1) })).toThrow(/precision/);
  });
});

test("a system of equations is solved, and an indefinite matrix is not", () => {
  expect([...choleskySolve(Float64Array.of(4, 2, 2, 3), Float64Array.of(8, 7))!]).toEqual([
    expect.closeTo(1.25, 12),
    expect.closeTo(1.5, 12),
  ]);
  expect(choleskySolve(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toBeNull();
});
