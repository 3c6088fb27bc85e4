import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Learner } from "../learning/learner.js";
import { linearLearner } from "../learning/linearLearner.js";
import { type Matrix, matrixOf, selectRows } from "../matrix.js";
import { createRandom } from "../random.js";
import { choosePolicy } from "./choosePolicy.js";
import { rowsWhere } from "./crossFolds.js";
import { fitDepthModel } from "./depthModel.js";
import { depthPolicy } from "./depthPolicy.js";
import { armByArm } from "./offerLearner.js";
import { uniformPolicy } from "./policyLearner.js";

const ridge = () => linearLearner({ ridge: 1e-3 });

/** Knows nothing but the mean of what it saw. */
const mean: Learner = {
  name: "mean",
  fit: (_, targets) => ({ predict: ({ rows }) => new Float64Array(rows).fill(targets.reduce((sum, y) => sum + y, 0) / targets.length) }),
};

/** A line of its own for each of the two groups that the second column tells apart. */
const groupwise: Learner["fit"] = (features, targets, options) => {
  const group = (matrix: Matrix, i: number) => matrix.values[i * matrix.columns + 1]!;
  const lines = [0, 1].map((mark) => {
    const rows = rowsWhere(features.rows, (i) => group(features, i) === mark);
    const own = Float64Array.from(rows, (row) => targets[row]!);
    return rows.length > 0 ? ridge().fit(selectRows(features, rows), own, options) : undefined;
  });
  return {
    predict(asked) {
      const predictions = lines.map((line) => line?.predict(asked));
      return Float64Array.from({ length: asked.rows }, (_, i) => predictions[group(asked, i)]?.[i] ?? 0);
    },
  };
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

  test("is chosen over no offer and over one depth for all where customers differ in what a discount changes", () => {
    const draw = createRandom(12);
    const customers = Array.from({ length: 6000 }, () => ({ x: draw.uniform(), arm: draw.integer(5) }));
    // those of small x buy whatever the price; those of great x buy the more often the deeper it is
    const quantities = Float64Array.from(customers, ({ x, arm }) => (draw.uniform() < (x < 0.5 ? 0.5 : 0.05 + 0.2 * arm) ? 1 : 0));
    const outcomes = quantities.map((q, i) => q * ((1 - depths[customers[i]!.arm]! / 100) * 500 - 150));
    const features = asked(customers.map(({ x }) => [x, x < 0.5 ? 1 : 0]));
    const trialOf = { features, arms: Int32Array.from(customers, ({ arm }) => arm), armCount: 5, outcomes };
    const byGroup: Learner = { name: "by group", fit: groupwise };
    const parts = { purchase: byGroup, quantity: mean, depths };
    const some = { quantities, prices: quantities.map(() => 500), costs: quantities.map(() => 150) };
    const { chosen, scores } = choosePolicy(trialOf, [uniformPolicy(0), uniformPolicy(4), depthPolicy(parts, some)], {
      nuisance: armByArm(ridge()),
      seed: 1,
    });
    expect(chosen.name).toBe("depth model");
    expect(scores[1]!.againstChosen.high).toBeLessThan(0);
    const fewer = depthPolicy({ ...parts, depths: [0, 5] }, some);
    expect(() => choosePolicy(trialOf, [fewer], { nuisance: armByArm(ridge()), seed: 1 })).toThrow(/5 arms and the model 2 depths/);
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
