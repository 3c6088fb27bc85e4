import type { Matrix } from "../matrix.js";

/**
 * Anything that learns a number from a row: a mean, a probability. Causal learners are made of such, whatever they are inside (linear,
 * boosted trees). Learning and predicting are synchronous and deterministic: who must not wait does it in a worker.
 */
export interface Learner<Model extends Fitted = Fitted> {
  /** As it stands in reports: "linear", "boosted". */
  readonly name: string;
  /**
   * @param features n × d
   * @param targets n numbers; 0 or 1 where the learner is a classifier
   * @throws RangeError that names what does not fit: sizes that differ, no rows, a number that is not finite
   */
  fit(features: Matrix, targets: Float64Array, options: LearnerOptions): Model;
}

export interface LearnerOptions {
  /** Root of all draws. */
  readonly seed: number;
}

/** What was learned. */
export interface Fitted {
  /** n predictions for n × d. @throws RangeError when d is not that of the training */
  predict(features: Matrix): Float64Array;
}
