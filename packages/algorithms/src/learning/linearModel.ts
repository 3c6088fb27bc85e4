import { sigmoid } from "../response/fitLogistic.js";
import type { Matrix } from "../matrix.js";
import type { Fitted } from "./learner.js";
import { prepareRow, type Preparation } from "./preparation.js";
import { requireColumns } from "./requireTrainable.js";

export interface LinearModelParts {
  readonly link: "identity" | "logistic";
  readonly preparation: Preparation;
  readonly intercept: number;
  /** Of each prepared column: what one deviation more changes. */
  readonly coefficients: readonly number[];
}

/** A weighted sum of prepared features. Its parts are plain JSON: `new LinearModel(model.parts)` predicts the same. */
export class LinearModel implements Fitted {
  readonly parts: LinearModelParts;

  /** @throws RangeError when the coefficients are not those of the prepared columns, or not finite */
  constructor(parts: LinearModelParts) {
    const { coefficients, intercept, preparation } = parts;
    const { means, deviations, indicators } = preparation;
    const expected = means.length + indicators.length;
    if (coefficients.length !== expected || deviations.length !== expected)
      throw new RangeError(`The linear model is damaged: ${coefficients.length} coefficients for ${expected} columns. Train again.`);
    if (![intercept, ...coefficients].every(Number.isFinite))
      throw new RangeError("The linear model is damaged: a coefficient is not finite. Train again.");
    this.parts = parts;
  }

  /**
   * n predictions for n × d: amounts or, with the logistic link, probabilities. NaN stands for "not known".
   *
   * @throws RangeError when d differs, or a number is infinite
   */
  predict(features: Matrix): Float64Array {
    const { link, preparation, intercept, coefficients } = this.parts;
    requireColumns(features, preparation.means.length);
    const predictions = new Float64Array(features.rows);
    const prepared = new Float64Array(coefficients.length);
    for (let row = 0; row < features.rows; row++) {
      prepareRow(preparation, features.values, row * features.columns, prepared);
      let sum = intercept;
      for (let j = 0; j < prepared.length; j++) sum += coefficients[j]! * prepared[j]!;
      if (!Number.isFinite(sum))
        throw new RangeError(`Row ${row} has a number that is infinite or too large; a linear model has no answer to it.`);
      predictions[row] = link === "logistic" ? sigmoid(sum) : sum;
    }
    return predictions;
  }
}
