import type { Learner } from "../learning/learner.js";
import type { Matrix } from "../matrix.js";
import type { OfferLearner, OfferTrial } from "./offerLearner.js";
import { bestArms, type BestArmsOptions, bestUniformArm } from "./offerPolicies.js";
import { crossFittedMean } from "./residualArms.js";

/** A way to learn a policy: who is given which arm. */
export interface PolicyLearner {
  readonly name: string;
  /** Learns from a trial; what it returns decides for rows that it has not seen, an arm each. */
  learn(trial: OfferTrial, options: LearnPolicyOptions): (features: Matrix, rows: Uint32Array) => Int32Array;
}

export interface LearnPolicyOptions {
  readonly seed: number;
  /** Which rows of the whole trial these are, for who needs more of them than a trial has (quantities, prices); so too when deciding. */
  readonly rows: Uint32Array;
}

/** The policy that gives each row the best arm by a learner's predictions. */
export function bestArmPolicy(learner: OfferLearner, options: BestArmsOptions = {}): PolicyLearner {
  return {
    name: learner.name,
    learn(trial, { seed }) {
      const fitted = learner.fit(trial, { seed });
      return (features) => bestArms(fitted.outcomes(features), options);
    },
  };
}

/** The policy that gives everybody the one arm that was best in training, judged after a common mean model (2 folds). */
export function bestUniformPolicy(common: Learner, options: BestArmsOptions = {}): PolicyLearner {
  return {
    name: "best uniform",
    learn(trial, { seed }) {
      const mean = crossFittedMean(trial, { common, folds: 2, seed });
      const arm = bestUniformArm(
        trial,
        trial.outcomes.map((y, i) => y - mean[i]!),
        options,
      );
      return ({ rows }) => new Int32Array(rows).fill(arm);
    },
  };
}

/** The policy that gives everybody this arm. */
export function uniformPolicy(arm: number, name = arm === 0 ? "no offer" : `arm ${arm} to all`): PolicyLearner {
  return {
    name,
    learn:
      () =>
      ({ rows }) =>
        new Int32Array(rows).fill(arm),
  };
}
