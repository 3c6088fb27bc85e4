import type { Learner } from "../learning/learner.js";
import { selectRows } from "../matrix.js";
import { crossFolds, rowsWhere } from "./crossFolds.js";
import { fitRows, seedOf } from "./effectLearner.js";
import { armsOf, checkOfferTrial, type OfferLearner, type OfferTrial, sideBySide } from "./offerLearner.js";

/** The parts of a learner of residuals. */
export interface ResidualArmsParts {
  /** Learns the outcome of everybody, whatever they were offered. */
  readonly common: Learner;
  /** Learns what an arm leaves over: a cautious one (shallow, strong penalty), which is what shrinks the arms to the common mean. */
  readonly residual: Learner;
  /** Folds of cross-fitting, from 2; by default 2. */
  readonly folds?: number;
  /** Shrinks an arm of n rows further by n / (n + this); by default 0, not at all. */
  readonly shrinkRows?: number;
  readonly name?: string;
}

/**
 * One learner for each arm, shrunk to a common mean: m(x) is learned from all rows; each arm learns the residuals y − m(x), where m is
 * cross-fitted so that it has not seen the row; an arm's outcome is m(x) + n / (n + shrinkRows) · r_k(x). What all arms share is learned
 * once from all the data, and few rows of an arm move it little.
 */
export function residualArms(parts: ResidualArmsParts): OfferLearner {
  const { common, residual, folds = 2, shrinkRows = 0, name = `residual arms ${residual.name}` } = parts;
  return {
    name,
    fit(trial, { seed }) {
      checkOfferTrial(trial);
      if (!(shrinkRows >= 0)) throw new RangeError(`Arms are shrunk by 0 rows or more, not ${shrinkRows}.`);
      const { features } = trial;
      const mean = common.fit(features, trial.outcomes, { seed: seedOf(seed, "common") });
      const crossFitted = crossFittedMean(trial, { common, folds, seed });
      const targets = trial.outcomes.map((y, i) => y - crossFitted[i]!);
      const residuals = armsOf(trial).map((rows, arm) =>
        rows.length > 0
          ? {
              fitted: fitRows(residual, { features, targets, rows }, seed, "arm", `${arm}`),
              kept: rows.length / (rows.length + shrinkRows),
            }
          : undefined,
      );
      return {
        outcomes(features) {
          const shared = mean.predict(features);
          const columns = residuals.map((arm) => arm?.fitted.predict(features).map((r, i) => shared[i]! + arm.kept * r));
          return sideBySide(features.rows, columns);
        },
      };
    },
  };
}

/**
 * The outcome of everybody whatever they were offered, predicted for each row by a model that has seen neither the row nor another of its
 * cluster: what is left of the outcome compares arms with less noise.
 *
 * @returns n numbers
 */
export function crossFittedMean(
  { features, arms, outcomes: targets, clusters }: OfferTrial,
  { common, folds, seed }: { common: Learner; folds: number; seed: number },
): Float64Array {
  const rows = targets.length;
  const foldOf = crossFolds(arms, { folds, seed: seedOf(seed, "folds"), clusters });
  const means = new Float64Array(rows);
  for (let fold = 0; fold < folds; fold++) {
    const fitted = fitRows(common, { features, targets, rows: rowsWhere(rows, (i) => foldOf[i] !== fold) }, seed, "common", `${fold}`);
    const held = rowsWhere(rows, (i) => foldOf[i] === fold);
    fitted.predict(selectRows(features, held)).forEach((value, j) => (means[held[j]!] = value));
  }
  return means;
}
