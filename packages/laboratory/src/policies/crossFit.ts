import { selectRows, type Matrix } from "@kava/algorithms/matrix";
import { uniformIntAt } from "@kava/algorithms/random";
import type { DepthTrial } from "./depthTrial.js";
import { fitOutcomes, meanEffect, personalLearners, withDepth, type OutcomeModels } from "./effectModels.js";

const folds = 5;

/** Depths up to here apart share their residuals: the model holds their difference, and three times as many customers speak. */
const neighbourhood = 0.0501;

/** A learner's models, and what those of them that did not see a row say of it. */
export interface CrossFit {
  /** One of each fold, learned on the rows outside of it. */
  readonly models: readonly OutcomeModels[];
  /** rows × depths: predicted effect of each depth against none, core currency a day. */
  readonly effects: Matrix;
}

/** The fold of each row, by its number alone. */
export function foldsOf(trial: DepthTrial, seed: number): Uint8Array {
  return Uint8Array.from(trial.depths, (_, row) => uniformIntAt(seed, folds, "fold", row));
}

/** @param fold of each row, as `foldsOf` gives it */
export function crossFit(kind: keyof typeof personalLearners, trial: DepthTrial, fold: Uint8Array, depths: readonly number[]): CrossFit {
  const models = Array.from({ length: folds }, (_, out) =>
    fitOutcomes(
      personalLearners[kind],
      trial,
      rowsWhere(fold, (of) => of !== out),
      trial.outcomes,
    ),
  );
  const values = new Float64Array(fold.length * depths.length);
  models.forEach((model, out) => {
    const rows = rowsWhere(fold, (of) => of === out);
    const features = selectRows(trial.features, rows);
    depths.forEach((depth, column) =>
      meanEffect([model], features, depth).forEach((effect, at) => (values[rows[at]! * depths.length + column] = effect)),
    );
  });
  return { models, effects: { rows: fold.length, columns: depths.length, values } };
}

/**
 * rows × depths: augmented inverse propensity scores of the effect of each depth against none (Robins, Rotnitzky & Zhao 1994), core currency a day.
 * Their mean over any rows is what the depth changed for these, whatever the models are worth.
 */
export function effectScores(trial: DepthTrial, fold: Uint8Array, { models, effects }: CrossFit, depths: readonly number[]): Matrix {
  const values = effects.values.slice();
  const drawn = [...new Set(trial.depths)];
  models.forEach(({ none, offered }, out) => {
    const rows = rowsWhere(fold, (of) => of === out);
    const features = selectRows(trial.features, rows);
    const without = none.predict(features);
    const asDrawn = offered.predict(
      withDepth(
        features,
        Float64Array.from(rows, (row) => trial.depths[row]!),
      ),
    );
    depths.forEach((depth, column) => {
      const near = (other: number) => other > 0 && Math.abs(other - depth) < neighbourhood;
      const arms = drawn.filter(near).length;
      rows.forEach((row, at) => {
        const [outcome, propensity] = [trial.outcomes[row]!, trial.propensities[row]!];
        const untold = trial.depths[row] === 0 ? (without[at]! - outcome) / propensity : 0;
        const told = near(trial.depths[row]!) ? (outcome - asDrawn[at]!) / (propensity * arms) : 0;
        values[row * depths.length + column]! += told + untold;
      });
    });
  });
  return { ...effects, values };
}

/** The mean score of each depth over the rows outside of a row's fold: one effect for all customers, of which the row knows nothing. */
export function pooledEffects(scores: Matrix, fold: Uint8Array): Matrix {
  const { rows, columns } = scores;
  const values = new Float64Array(rows * columns);
  for (let out = 0; out < folds; out++) {
    const rest = rowsWhere(fold, (of) => of !== out);
    const means = columnMeans(scores, rest);
    for (const row of rowsWhere(fold, (of) => of === out)) values.set(means, row * columns);
  }
  return { rows, columns, values };
}

/** Mean of each column over some rows. */
export function columnMeans({ columns, values }: Matrix, rows: readonly number[]): Float64Array {
  return Float64Array.from(
    { length: columns },
    (_, column) => rows.reduce((sum, row) => sum + values[row * columns + column]!, 0) / rows.length,
  );
}

/**
 * What it is worth a day, for each row, to give it the depth of the highest effect, or none where no effect is above 0: the score of what is chosen.
 * The mean is the value of so choosing, cross-validated where effects are of models that did not see the row.
 */
export function worthOfChoosing(effects: Matrix, scores: Matrix): Float64Array {
  return Float64Array.from({ length: effects.rows }, (_, row) => {
    let [highest, worth] = [0, 0];
    for (let at = row * effects.columns; at < (row + 1) * effects.columns; at++)
      if (effects.values[at]! > highest) [highest, worth] = [effects.values[at]!, scores.values[at]!];
    return worth;
  });
}

export function rowsWhere(fold: Uint8Array, chosen: (fold: number) => boolean): number[] {
  return [...fold.keys()].filter((row) => chosen(fold[row]!));
}
