import type { Matrix } from "../matrix.js";

/**
 * What every learner asks of what it is given: as many targets as rows, at least one row, finite targets, features that are finite or NaN ("not known").
 *
 * @throws RangeError that names the first number, row or size that does not fit
 */
export function requireTrainable(features: Matrix, targets: Float64Array, kind: "regression" | "classification"): void {
  const { rows, columns, values } = features;
  if (!(rows > 0)) throw new RangeError("There are no rows to learn from; give at least one.");
  if (values.length !== rows * columns)
    throw new RangeError(
      `${rows} rows of ${columns} columns are ${rows * columns} numbers, not ${values.length}; check how the matrix was built.`,
    );
  if (targets.length !== rows) throw new RangeError(`There are ${rows} rows and ${targets.length} targets; each row needs one.`);
  for (let i = 0; i < values.length; i++)
    if (values[i]! - values[i]! !== 0 && values[i] === values[i])
      throw new RangeError(
        `Column ${i % columns} of row ${Math.floor(i / columns)} is ${values[i]}; features are finite, or NaN for "not known". Clean the data first.`,
      );
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(targets[i])) throw new RangeError(`The target of row ${i} is ${targets[i]}; leave rows without an outcome out.`);
    if (kind === "classification" && targets[i] !== 0 && targets[i] !== 1)
      throw new RangeError(`The target of row ${i} is ${targets[i]}; a classifier learns from 0 and 1.`);
  }
}

/**
 * What a classifier says where it saw one class alone: not 0 or 1, which no finite sample shows, but the mean under the prior of Jeffreys,
 * (k + 1/2) / (n + 1) for k ones among n.
 */
export function oneClassProbability(targets: Float64Array): number {
  return ((targets[0] === 1 ? targets.length : 0) + 0.5) / (targets.length + 1);
}

/** @throws RangeError when the columns are not those of the training, or the values do not fill them */
export function requireColumns(features: Matrix, columns: number): void {
  if (features.columns !== columns)
    throw new RangeError(
      `The model learnt from ${columns} columns and is asked about ${features.columns}; compute the same features as in training.`,
    );
  if (features.values.length !== features.rows * columns)
    throw new RangeError(
      `${features.rows} rows of ${columns} columns are ${features.rows * columns} numbers, not ${features.values.length}; check how the matrix was built.`,
    );
}
