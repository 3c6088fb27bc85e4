import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Learner } from "../learning/learner.js";
import { linearLearner } from "../learning/linearLearner.js";
import { matrixOf, type Matrix } from "../matrix.js";
import { createRandom } from "../random.js";
import { fitDepthModel } from "./depthModel.js";

const ridge = () => linearLearner({ ridge: 1e-3 });

/** Knows nothing but the mean of what it saw. */
const mean: Learner = {
  name: "mean",
  fit: (_, targets) => ({ predict: ({ rows }) => new Float64Array(rows).fill(targets.reduce((sum, y) => sum + y, 0) / targets.length) }),
};

describe("the model of depths", () => {
  const depths = [0, 5, 10, 15, 20];
  const asked = (rows: number[][]): Matrix => matrixOf(rows);
  const random = createRandom(11);
  const rows = Array.from({ length: 4000 }, () => ({ x: random.uniform(), depth: depths[random.integer(5)]! }));
  const trial = {
    features: asked(rows.map(({ x }) => [x])),
    depths: Float64Array.from(rows, ({ depth }) => depth),
    quantities: Float64Array.from(rows, ({ x, depth }) => (random.uniform() < 0.1 + 0.3 * x + 0.02 * depth ? 1 + (depth > 10 ? 1 : 0) : 0)),
  };

  test("computes a margin that peaks from a probability that rises", () => {
    const model = fitDepthModel({ purchase: ridge(), quantity: ridge(), depths }, trial, { seed: 1 });
    const features = asked([[0.5]]);
    const p = model.probabilities(features).values;
    p.forEach((chance, k) => expect(chance).toBeCloseTo(0.25 + 0.02 * depths[k]!, 1));
    const q = model.quantities(features).values;
    model
      .margins(features, 500, 400)
      .values.forEach((margin, k) => expect(margin).toBeCloseTo(p[k]! * q[k]! * ((1 - depths[k]! / 100) * 500 - 400), 9));
    const margins = [...model.margins(features, 500, 400).values];
    expect(margins.indexOf(Math.max(...margins))).toBeGreaterThan(0);
    expect(margins.at(-1)).toBeCloseTo(0, 9);
    expect(model.margins(asked([[0.5], [0.5]]), Float64Array.of(500, 300), Float64Array.of(400, 400)).values[5]).toBeLessThan(0);
  });

  test("rises with depth whatever the learner says, and leaves a rising one as it is", () => {
    const falling: Learner = {
      name: "falling",
      fit: () => ({
        predict: (m) =>
          Float64Array.from({ length: m.rows }, (_, i) => m.values[i * m.columns]! - m.values[i * m.columns + m.columns - 1]! / 10),
      }),
    };
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 20 }), (xs) => {
        const model = fitDepthModel({ purchase: falling, quantity: falling, depths }, trial, { seed: 1 });
        for (const { values } of [model.probabilities(asked(xs.map((x) => [x]))), model.quantities(asked(xs.map((x) => [x])))])
          values.forEach((value, cell) => expect(value >= (cell % 5 ? values[cell - 1]! : 0)).toBe(true));
      }),
      { seed: 3, numRuns: 30 },
    );
  });

  test("refuses depths that do not ascend from 0, quantities below 0, and a trial in which nobody bought", () => {
    const parts = { purchase: mean, quantity: mean, depths };
    const fit = (change: Partial<typeof parts>, data: Partial<typeof trial>) => () =>
      fitDepthModel({ ...parts, ...change }, { ...trial, ...data }, { seed: 1 });
    expect(fit({ depths: [5, 10] }, {})).toThrow(/ascend from 0/);
    expect(fit({ depths: [0, 10, 10] }, {})).toThrow(/ascend from 0/);
    expect(fit({}, { quantities: trial.quantities.map(() => -1) })).toThrow(/bought -1/);
    expect(fit({}, { quantities: trial.quantities.map(() => 0) })).toThrow(/Nobody in 4000 rows bought/);
    expect(fit({}, { depths: trial.depths.map(() => 0.1 + 100) })).toThrow(/percentage/);
    expect(fit({}, { features: matrixOf([]) })).toThrow(/no rows/);
    expect(fit({}, { depths: new Float64Array(3) })).toThrow(/4000 rows, 3 depths/);
  });
});
