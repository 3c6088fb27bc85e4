import type { Learner } from "../learning/learner.js";
import type { Matrix } from "../matrix.js";
import { rowsWhere } from "./crossFolds.js";
import { fitRows } from "./effectLearner.js";
import { checkFinite } from "./trial.js";

/** A trial of several offers against none. */
export interface OfferTrial {
  /** n × d, known before the offer */
  readonly features: Matrix;
  /** n arms, 0 (no offer) to armCount − 1 */
  readonly arms: Int32Array;
  readonly armCount: number;
  /** n finite outcomes */
  readonly outcomes: Float64Array;
  /** The customer of each row, any number. */
  readonly clusters?: ArrayLike<number> | undefined;
}

/** Learns the outcome under each of several offers. */
export interface OfferLearner {
  readonly name: string;
  /** @throws RangeError as `checkOfferTrial`, or what the learner inside throws */
  fit(trial: OfferTrial, options: { readonly seed: number }): FittedOffers;
}

export interface FittedOffers {
  /** n × K expected outcomes for n × d; NaN for an arm that nobody was given, which no policy takes */
  outcomes(features: Matrix): Matrix;
}

/** @throws RangeError when sizes differ, there are no rows, an outcome is not finite or an arm is out of range */
export function checkOfferTrial({ features, arms, armCount, outcomes, clusters }: OfferTrial): void {
  const rows = outcomes.length;
  if (rows === 0) throw new RangeError("A trial without rows says nothing; give some.");
  if (features.rows !== rows || arms.length !== rows || (clusters && clusters.length !== rows))
    throw new RangeError(
      `A trial has ${rows} outcomes, features of ${features.rows} rows, ${arms.length} arms and ${clusters?.length ?? rows} clusters; they must be as many.`,
    );
  if (!(Number.isInteger(armCount) && armCount >= 1)) throw new RangeError(`A trial has one arm or more, not ${armCount}.`);
  checkFinite(outcomes, "Outcome");
  const strange = arms.findIndex((arm) => !(arm >= 0 && arm < armCount));
  if (strange >= 0) throw new RangeError(`Row ${strange} was given arm ${arms[strange]}; there are arms 0 to ${armCount - 1}.`);
}

/** One model of the outcome for each arm by itself: a T-learner of several arms. */
export function armByArm(learner: Learner, name = `arm by arm ${learner.name}`): OfferLearner {
  return {
    name,
    fit(trial, { seed }) {
      checkOfferTrial(trial);
      const { features, outcomes: targets } = trial;
      const fitted = armsOf(trial).map((rows, arm) =>
        rows.length > 0 ? fitRows(learner, { features, targets, rows }, seed, "arm", `${arm}`) : undefined,
      );
      return {
        outcomes: (features) =>
          sideBySide(
            features.rows,
            fitted.map((arm) => arm?.predict(features)),
          ),
      };
    },
  };
}

/** The rows of each arm. */
export function armsOf({ arms, armCount }: Pick<OfferTrial, "arms" | "armCount">): Uint32Array[] {
  return Array.from({ length: armCount }, (_, arm) => rowsWhere(arms.length, (i) => arms[i] === arm));
}

/** n × K of K columns; NaN where a column is not there. */
export function sideBySide(rows: number, columns: readonly (Float64Array | undefined)[]): Matrix {
  const values = new Float64Array(rows * columns.length).fill(NaN);
  columns.forEach((column, k) => column?.forEach((value, i) => (values[i * columns.length + k] = value)));
  return { rows, columns: columns.length, values };
}
