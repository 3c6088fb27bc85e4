import { describe, expect, test } from "vitest";
import type { Learner } from "../learning/learner.js";
import { linearLearner } from "../learning/linearLearner.js";
import { matrixOf } from "../matrix.js";
import { createRandom } from "../random.js";
import { choosePolicy } from "./choosePolicy.js";
import { drLearner } from "./drLearner.js";
import { armByArm, type OfferTrial } from "./offerLearner.js";
import { bestArms, bestShare, bestUniformArm } from "./offerPolicies.js";
import { offersAgainstNone } from "./offersAgainstNone.js";
import { bestArmPolicy, bestUniformPolicy, uniformPolicy } from "./policyLearner.js";
import { crossFittedMean, residualArms } from "./residualArms.js";

const ridge = () => linearLearner({ ridge: 1e-3 });

/** Knows nothing but the mean of what it saw. */
const mean: Learner = {
  name: "mean",
  fit: (_, targets) => ({ predict: ({ rows }) => new Float64Array(rows).fill(targets.reduce((sum, y) => sum + y, 0) / targets.length) }),
};

/** Arm 1 gains 1 for x > 0 and loses 1 else, arm 2 gains 0.4 for all, arm 3 was never given; each customer stands in three rows. */
function offers(seed: number, rows = 3000): OfferTrial {
  const random = createRandom(seed);
  const features = matrixOf(Array.from({ length: rows }, () => [random.normal(), random.normal()]));
  const arms = Int32Array.from({ length: rows }, () => random.integer(3));
  const sign = (i: number) => (features.values[i * 2]! > 0 ? 1 : -1);
  const outcomes = Float64Array.from(
    { length: rows },
    (_, i) => 2 * features.values[i * 2 + 1]! + [0, sign(i), 0.4][arms[i]!]! + 0.5 * random.normal(),
  );
  return { features, arms, armCount: 4, outcomes, clusters: Int32Array.from({ length: rows }, (_, i) => i % (rows / 3)) };
}

const offerLearners = [
  armByArm(ridge()),
  residualArms({ common: ridge(), residual: ridge() }),
  offersAgainstNone(drLearner({ outcome: ridge() }), ridge()),
];

describe("learners of several offers", () => {
  test.each(offerLearners)(
    "$name ranks the offers for each customer; an arm that nobody was given stays unknown and is never taken",
    (learner) => {
      const trial = offers(1);
      const fitted = learner.fit(trial, { seed: 1 });
      const found = fitted.outcomes(
        matrixOf([
          [2, 0],
          [-2, 0],
        ]),
      );
      expect([...bestArms(found)]).toEqual([1, 2]);
      expect([found.values[3], found.values[7]]).toEqual([NaN, NaN]);
      expect(learner.fit(trial, { seed: 1 }).outcomes(trial.features)).toEqual(fitted.outcomes(trial.features));
    },
  );

  test("an arm of few rows is drawn to the common mean, the more the harder it is shrunk", () => {
    const trial = offers(2, 300);
    const gain = (shrinkRows: number) => {
      const { values } = residualArms({ common: ridge(), residual: ridge(), shrinkRows })
        .fit(trial, { seed: 1 })
        .outcomes(matrixOf([[2, 0]]));
      return values[1]! - values[0]!;
    };
    expect(gain(0)).toBeGreaterThan(gain(100));
    expect(gain(100)).toBeGreaterThan(gain(10_000));
    expect(gain(10_000)).toBeGreaterThan(0);
    expect(gain(1e12)).toBeCloseTo(0, 6);
    expect(() => gain(-1)).toThrow(/0 rows or more/);
  });

  test("the best arm for all is found through a common mean, among those allowed and after their costs", () => {
    const trial = offers(3);
    const common = crossFittedMean(trial, { common: ridge(), folds: 2, seed: 1 });
    const residuals = trial.outcomes.map((y, i) => y - common[i]!);
    expect(bestUniformArm(trial, residuals)).toBe(2);
    expect(bestUniformArm(trial, residuals, { costs: [0, 0, 1, 0] })).not.toBe(2);
    expect(bestUniformArm(trial, residuals, { allowed: [1] })).toBe(1);
    expect(() => bestUniformArm(trial, residuals, { allowed: [3] })).toThrow(/no allowed arm \(3\)/);
  });

  test("a budget reaches exactly its share, ties by row, and nobody below the bar", () => {
    expect([...bestShare(Float64Array.of(1, 5, 5, 5, 2), 0.4)]).toEqual([0, 1, 1, 0, 0]);
    expect([...bestShare(Float64Array.of(-1, 5, -2, -3, -4), 0.6, 0)]).toEqual([0, 1, 0, 0, 0]);
    expect([...bestShare(Float64Array.of(3, 1), 0.3)]).toEqual([0, 0]);
    expect(() => bestShare(Float64Array.of(1), 1.5)).toThrow(/0 to 1/);
    expect(() => bestShare(Float64Array.of(NaN), 1)).toThrow(/row 0 is NaN/);
  });

  test("offers without rows, with strange arms or with nobody left without one are refused", () => {
    const trial = offers(4, 30);
    for (const learner of offerLearners) {
      expect(() => learner.fit({ ...trial, arms: trial.arms.map(() => 4) }, { seed: 1 })).toThrow(/arm 4; there are arms 0 to 3/);
      expect(() => learner.fit({ ...trial, outcomes: new Float64Array(0) }, { seed: 1 })).toThrow(/without rows/);
      expect(() => learner.fit({ ...trial, outcomes: trial.outcomes.map(() => NaN) }, { seed: 1 })).toThrow(/Outcome of row 0/);
    }
    expect(() => offerLearners[2]!.fit({ ...trial, arms: trial.arms.map(() => 1) }, { seed: 1 })).toThrow(
      /Nobody was left without an offer/,
    );
  });
});

describe("choosing how to learn a policy", () => {
  const candidates = [
    uniformPolicy(0),
    bestUniformPolicy(ridge()),
    bestArmPolicy(armByArm(mean, "means")),
    bestArmPolicy(residualArms({ common: ridge(), residual: ridge() })),
  ];
  const options = { nuisance: armByArm(ridge()), folds: 3, seed: 5 };

  test("takes the one that earns most on customers whom it has not seen, and tells how much more", () => {
    const choice = choosePolicy(offers(5), candidates, options);
    expect(choice.chosen.name).toBe("residual arms linear");
    const [none, uniform] = choice.scores;
    expect(none!.value.mean).toBeCloseTo(0, 0);
    expect(uniform!.value.mean - none!.value.mean).toBeCloseTo(0.4, 1);
    expect(uniform!.againstChosen.high).toBeLessThan(0);
    expect(uniform!.value.clusters).toBe(1000);
    expect(choice.scores[3]!.againstChosen.mean).toBe(0);
    expect(choosePolicy(offers(5), candidates, options)).toEqual(choice);
  });

  test("takes the earlier of two that decide alike, and no offer where every offer costs more than it brings", () => {
    expect(choosePolicy(offers(6, 900), [uniformPolicy(2), uniformPolicy(2, "the same")], options).chosen.name).toBe("arm 2 to all");
    const costs = [0, 5, 5, 5];
    const careful = [bestArmPolicy(armByArm(ridge())), bestArmPolicy(armByArm(ridge(), "with costs"), { costs })];
    const choice = choosePolicy(offers(6, 900), careful, { ...options, costs });
    expect(choice.chosen.name).toBe("with costs");
    expect(choice.scores[1]!.shares).toEqual([1, 0, 0, 0]);
  });

  test("refuses nothing to choose from, names given twice, and arms without a known value", () => {
    const trial = offers(7, 90);
    expect(() => choosePolicy(trial, [], options)).toThrow(/at least one candidate/);
    expect(() => choosePolicy(trial, [uniformPolicy(0), uniformPolicy(1, "no offer")], options)).toThrow(/share a name/);
    expect(() => choosePolicy(trial, [uniformPolicy(3)], options)).toThrow(/takes arm 3 in row 0, which the log never gave/);
  });
});
