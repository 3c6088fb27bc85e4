import { selectRows, type Matrix } from "../matrix.js";
import { partOf } from "../uplift/choosePolicy.js";
import { crossFolds, rowsWhere } from "../uplift/crossFolds.js";
import { checkOfferTrial, type OfferLearner, type OfferTrial } from "../uplift/offerLearner.js";
import { armShares, drScores } from "../uplift/policyValue.js";

export interface CrossFitOptions {
  /** Predicts the outcome of each row under each depth, from rows of other customers. */
  readonly nuisance: OfferLearner;
  /** From 2; 5 unless told. */
  readonly folds?: number;
  readonly seed: number;
  /** The logged probability of each arm, K numbers or n × K; the arms' shares unless told. */
  readonly propensities?: readonly number[] | Matrix;
}

export interface CrossFittedScores {
  /** n × K augmented inverse-propensity scores: their mean over rows is the mean outcome, were all rows given that arm. */
  readonly scores: Matrix;
  /** n × K outcomes as predicted without the row's customer. */
  readonly predicted: Matrix;
}

/**
 * Cross-fitted AIPW scores per arm (Robins, Rotnitzky & Zhao 1994; Chernozhukov et al. 2018): each row's outcomes are predicted by a learner that
 * saw no row of its customer, then corrected by what happened. Arm 0 is no offer, the others are depths.
 *
 * @throws RangeError as `checkOfferTrial`, `crossFolds` and `drScores`
 */
export function crossFittedScores(trial: OfferTrial, { nuisance, folds = 5, seed, propensities }: CrossFitOptions): CrossFittedScores {
  checkOfferTrial(trial);
  const { arms, armCount, outcomes, features, clusters } = trial;
  const rows = outcomes.length;
  const foldOf = crossFolds(arms, { folds, seed, clusters });
  const values = new Float64Array(rows * armCount);
  for (let fold = 0; fold < folds; fold++) {
    const held = rowsWhere(rows, (row) => foldOf[row] === fold);
    const rest = partOf(
      trial,
      rowsWhere(rows, (row) => foldOf[row] !== fold),
    );
    const expected = nuisance.fit(rest, { seed: seed + fold }).outcomes(selectRows(features, held));
    const mean = rest.outcomes.reduce((sum, y) => sum + y, 0) / rest.outcomes.length;
    held.forEach((row, i) => {
      for (let arm = 0; arm < armCount; arm++) {
        const outcome = expected.values[i * armCount + arm]!;
        // an arm too rare to be among the others: any prediction leaves the scores unbiased, the mean is a quiet one
        values[row * armCount + arm] = Number.isNaN(outcome) ? mean : outcome;
      }
    });
  }
  const predicted: Matrix = { rows, columns: armCount, values };
  return { scores: drScores({ arms, outcomes, propensities: propensities ?? armShares(arms, armCount) }, predicted), predicted };
}
