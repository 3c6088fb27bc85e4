import { choleskySolve } from "../response/choleskySolve.js";
import { fitLogistic } from "../response/fitLogistic.js";
import type { Matrix } from "../matrix.js";
import type { Learner } from "./learner.js";
import { LinearModel } from "./linearModel.js";
import { learnPreparation, prepareRow, type Preparation } from "./preparation.js";
import { oneClassProbability, requireTrainable } from "./requireTrainable.js";

export interface LinearOptions {
  /** Draws the coefficients of the standardised columns to 0, as so many rows of evidence would; above 0. 1 unless told. */
  readonly ridge?: number;
}

export type LinearLearner = Learner<LinearModel>;

/**
 * Ridge regression (Hoerl & Kennard 1970) on standardised columns; the intercept is free. NaN gets the column's mean and a column that says so.
 * Nothing is random: the seed does not matter.
 *
 * @throws RangeError when the ridge is not above 0; from `fit` for data that does not fit
 */
export function linearLearner({ ridge = 1 }: LinearOptions = {}): LinearLearner {
  requireRidge(ridge);
  return {
    name: "linear",
    fit(features, targets) {
      requireTrainable(features, targets, "regression");
      const preparation = learnPreparation(features);
      let intercept = 0;
      for (const target of targets) intercept += target / targets.length;
      const { gram, moments } = momentsOf(features, targets, preparation, intercept);
      const width = moments.length;
      for (let j = 0; j < width; j++) gram[j * width + j]! += ridge;
      const coefficients = choleskySolve(gram, moments);
      if (!coefficients)
        throw new RangeError("The columns repeat each other and the ridge is too small to tell them apart; raise the option ridge.");
      return new LinearModel({ link: "identity", preparation, intercept, coefficients: [...coefficients] });
    },
  };
}

/** As `linearLearner`, for targets of 0 and 1: logistic regression with the same ridge. Predicts probabilities. */
export function linearClassifier({ ridge = 1 }: LinearOptions = {}): LinearLearner {
  requireRidge(ridge);
  return {
    name: "linear",
    fit(features, targets) {
      requireTrainable(features, targets, "classification");
      const preparation = learnPreparation(features);
      const width = preparation.deviations.length;
      if (targets.every((target) => target === targets[0])) {
        const p = oneClassProbability(targets);
        return new LinearModel({
          link: "logistic",
          preparation,
          intercept: Math.log(p / (1 - p)),
          coefficients: Array<number>(width).fill(0),
        });
      }
      const { coefficients } = fitLogistic({
        x: withOnes(features, preparation),
        y: Uint8Array.from(targets),
        columns: width + 1,
        priorMean: new Float64Array(width + 1),
        priorPrecision: new Float64Array(width + 1).fill(ridge).fill(FREE, width),
      });
      return new LinearModel({
        link: "logistic",
        preparation,
        intercept: coefficients[width]!,
        coefficients: [...coefficients.subarray(0, width)],
      });
    },
  };
}

/** The intercept is not drawn to anything that would be noticed. */
const FREE = 1e-6;

function requireRidge(ridge: number): void {
  if (!(ridge > 0 && Number.isFinite(ridge))) throw new RangeError(`The option ridge is ${ridge}; it must be above 0.`);
}

/** XᵀX and Xᵀ(y − mean) of the prepared columns. */
function momentsOf(
  features: Matrix,
  targets: Float64Array,
  preparation: Preparation,
  mean: number,
): { gram: Float64Array; moments: Float64Array } {
  const width = preparation.deviations.length;
  const gram = new Float64Array(width * width);
  const moments = new Float64Array(width);
  const row = new Float64Array(width);
  for (let i = 0; i < features.rows; i++) {
    prepareRow(preparation, features.values, i * features.columns, row);
    const residual = targets[i]! - mean;
    for (let j = 0; j < width; j++) {
      const value = row[j]!;
      moments[j]! += value * residual;
      for (let k = 0; k <= j; k++) gram[j * width + k]! += value * row[k]!;
    }
  }
  return { gram, moments };
}

/** The prepared columns and a last one of ones, row after row. */
function withOnes(features: Matrix, preparation: Preparation): Float64Array {
  const width = preparation.deviations.length + 1;
  const x = new Float64Array(features.rows * width);
  for (let i = 0; i < features.rows; i++) {
    const row = x.subarray(i * width, (i + 1) * width);
    prepareRow(preparation, features.values, i * features.columns, row);
    row[width - 1] = 1;
  }
  return x;
}
