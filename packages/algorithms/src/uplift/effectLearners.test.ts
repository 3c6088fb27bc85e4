import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Learner } from "../learning/learner.js";
import { linearLearner } from "../learning/linearLearner.js";
import { matrixOf, withColumns } from "../matrix.js";
import { createRandom } from "../random.js";
import { clusteredMean } from "./clusteredMean.js";
import { crossFolds } from "./crossFolds.js";
import { drLearner, pseudoOutcomes } from "./drLearner.js";
import type { EffectTrial } from "./effectLearner.js";
import { rowPropensities } from "./propensity.js";
import { tLearner } from "./tLearner.js";
import { xLearner } from "./xLearner.js";

const ridge = () => linearLearner({ ridge: 1e-3 });

/** Knows nothing but the mean of what it saw. */
const mean: Learner = {
  name: "mean",
  fit: (_, targets) => ({ predict: ({ rows }) => new Float64Array(rows).fill(targets.reduce((sum, y) => sum + y, 0) / targets.length) }),
};

/** Effect 1 + 2 x of the first of three features; treatment with chance `chance(x)`. */
function world(seed: number, rows = 3000, chance = (_x: number) => 0.3): EffectTrial & { truth: Float64Array } {
  const random = createRandom(seed);
  const features = matrixOf(Array.from({ length: rows }, () => [random.normal(), random.normal(), random.normal()]));
  const truth = Float64Array.from({ length: rows }, (_, i) => 1 + 2 * features.values[i * 3]!);
  const treated = Uint8Array.from(truth, (_, i) => (random.uniform() < chance(features.values[i * 3]!) ? 1 : 0));
  const outcomes = truth.map((tau, i) => 3 * features.values[i * 3 + 1]! + treated[i]! * tau + random.normal());
  return { features, treated, outcomes, truth };
}

const effectLearners = [
  tLearner(ridge()),
  xLearner({ outcome: ridge() }),
  drLearner({ outcome: ridge() }),
  drLearner({ outcome: ridge(), folds: 5 }),
];

describe("learners of effects", () => {
  test.each(effectLearners)("$name finds a planted effect and does so again with the same seed", (learner) => {
    const { truth, ...trial } = world(1);
    const effect = learner.fit(trial, { seed: 3 }).effect(trial.features);
    expect(Math.sqrt(effect.reduce((sum, e, i) => sum + (e - truth[i]!) ** 2, 0) / truth.length)).toBeLessThan(0.25);
    expect(learner.fit(trial, { seed: 3 }).effect(trial.features)).toEqual(effect);
  });

  test.each(effectLearners)("$name adds to the effect what is added to the outcomes of the treated", (learner) => {
    const trial = world(2, 400);
    const more = { ...trial, outcomes: trial.outcomes.map((y, i) => y + 5 * trial.treated[i]!) };
    const before = learner.fit({ ...trial, propensity: 0.3 }, { seed: 1 }).effect(trial.features);
    const after = learner.fit({ ...more, propensity: 0.3 }, { seed: 1 }).effect(trial.features);
    after.forEach((effect, i) => expect(effect - before[i]!).toBeCloseTo(5, 6));
  });

  test("where treatment depends on the customer, scores with its propensity, known or estimated, find the average effect with no model at all", () => {
    const chance = (x: number) => Math.min(0.9, Math.max(0.1, 0.5 + 0.3 * x));
    const { truth, ...trial } = world(3, 6000, chance);
    const known = Float64Array.from(truth, (_, i) => chance(trial.features.values[i * 3]!));
    const ate = truth.reduce((sum, tau) => sum + tau, 0) / truth.length;
    const given = { outcome: mean, folds: 2, seed: 1 };
    const byKnown = clusteredMean(pseudoOutcomes({ ...trial, propensity: known }, given));
    const byEstimate = clusteredMean(pseudoOutcomes(trial, { ...given, classifier: ridge() }));
    const byShare = clusteredMean(pseudoOutcomes(trial, given));
    expect(Math.abs(byKnown.mean - ate)).toBeLessThan(3 * byKnown.standardError);
    expect(Math.abs(byEstimate.mean - ate)).toBeLessThan(4 * byEstimate.standardError);
    expect(Math.abs(byShare.mean - ate)).toBeGreaterThan(5 * byShare.standardError);
    for (const p of rowPropensities(trial, { classifier: ridge(), folds: 2, seed: 1 })) expect(p >= 0.02 && p <= 0.98).toBe(true);
  });

  test("no fold learns from a customer whom it predicts, and arms are spread evenly", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 200 }),
        fc.integer(),
        (cases, seed) => {
          const clusters = cases.map(([customer]) => customer);
          fc.pre(new Set(clusters).size >= 3);
          const folds = crossFolds(
            cases.map(([, arm]) => arm),
            { folds: 3, seed, clusters },
          );
          const of = new Map<number, number>();
          clusters.forEach((customer, i) =>
            expect(of.get(customer) ?? folds[i]).toBe(of.set(customer, of.get(customer) ?? folds[i]!).get(customer)),
          );
          const sizes = [0, 1, 2].map((fold) => [...of.values()].filter((f) => f === fold).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 2 },
    );
    const single = crossFolds(
      Array.from({ length: 90 }, (_, i) => (i < 9 ? 1 : 0)),
      { folds: 3, seed: 1 },
    );
    for (const fold of [0, 1, 2]) expect(single.subarray(0, 9).filter((f) => f === fold)).toHaveLength(3);
  });

  test("trials that cannot be learned from are refused with the reason", () => {
    const three: EffectTrial = { features: matrixOf([[1], [2], [3]]), treated: Uint8Array.of(1, 0, 0), outcomes: Float64Array.of(1, 2, 3) };
    for (const learner of effectLearners) {
      const fit = (change: Partial<EffectTrial>) => () => learner.fit({ ...three, ...change }, { seed: 1 });
      expect(fit({ treated: Uint8Array.of(0, 0, 0) })).toThrow(/None of 3 rows was treated/);
      expect(fit({ treated: Uint8Array.of(1, 1, 1) })).toThrow(/All 3 rows were treated/);
      expect(fit({ outcomes: Float64Array.of(1, NaN, 3) })).toThrow(/Outcome of row 1 is NaN/);
      expect(fit({ features: matrixOf([[1], [2]]) })).toThrow(/features of 2 rows and outcomes of 3/);
      expect(fit({ propensity: 1 })).toThrow(/propensity of row 0 is 1/);
      expect(fit({ propensity: Float64Array.of(0.5, 0.5) })).toThrow(/2 propensities for 3 rows/);
    }
    expect(() => drLearner({ outcome: mean }).fit(three, { seed: 1 })).toThrow(/No rows are left to learn the treated outside fold/);
    expect(() => drLearner({ outcome: mean, folds: 1 }).fit(three, { seed: 1 })).toThrow(/2 to 255 folds/);
    expect(() => drLearner({ outcome: mean }).fit({ ...three, clusters: [1, 1, 1] }, { seed: 1 })).toThrow(
      /1 independent rows or customers/,
    );
    expect(tLearner(mean).fit(three, { seed: 1 }).effect(three.features)).toEqual(Float64Array.of(-1.5, -1.5, -1.5));
  });

  test("features that are not known, and 200 columns that say nothing, leave the effects of the others finite and right", () => {
    const { truth, ...trial } = world(4, 1500);
    const features = withColumns(
      trial.features,
      trial.outcomes.map((_, i) => (i % 3 ? NaN : i)),
      ...Array.from({ length: 200 }, (_, j) => j),
    );
    for (const learner of effectLearners) {
      const effect = learner.fit({ ...trial, features }, { seed: 1 }).effect(features);
      expect(Math.sqrt(effect.reduce((sum, e, i) => sum + (e - truth[i]!) ** 2, 0) / truth.length)).toBeLessThan(0.4);
    }
  });

  test("constant columns and one-class outcomes give an effect of 0, not an error", () => {
    const features = matrixOf(Array.from({ length: 40 }, (_, i) => [i, 7]));
    const trial = { features, treated: Uint8Array.from({ length: 40 }, (_, i) => i % 2), outcomes: new Float64Array(40).fill(1) };
    for (const learner of [tLearner(ridge()), xLearner({ outcome: ridge() }), drLearner({ outcome: ridge() })])
      for (const effect of learner.fit(trial, { seed: 1 }).effect(features)) expect(effect).toBeCloseTo(0, 6);
  });
});
