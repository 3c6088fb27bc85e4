/**
 * What a policy would have been worth, from a log of what was offered at random (or with known probabilities) and what came of it.
 * Each row gets a score for every arm; the value of a policy is the mean of the scores of the arms that it takes.
 */
import type { Matrix } from "../matrix.js";
import { checkFinite } from "./trial.js";

/** A log of offers: arm 0 is no offer. */
export interface LoggedOffers {
  /** n arms that were given, 0 to K − 1 */
  readonly arms: Int32Array;
  /** n outcomes, finite */
  readonly outcomes: Float64Array;
  /** K probabilities, the same for all rows, or n × K: with which probability each arm was given. 0: never given, of unknown value. */
  readonly propensities: readonly number[] | Matrix;
}

/**
 * Inverse propensity scores (Horvitz & Thompson 1952): y / p for the arm that was given, 0 for the others. Unbiased, and noisy.
 *
 * @returns n × K, NaN where an arm was never given
 * @throws RangeError when sizes differ, an arm or outcome is out of range, or a row was given an arm of probability 0
 */
export function ipsScores(log: LoggedOffers): Matrix {
  return drScores(log, undefined);
}

/**
 * Doubly robust scores (Dudík, Langford & Li 2011): m_k(x) + 1{arm = k} (y − m_k(x)) / p_k. Unbiased where the probabilities are right or
 * the predictions are, and less noisy the better the predictions are. Predictions must not have seen these rows.
 *
 * @param predictions n × K, expected outcome under each arm; NaN is allowed where an arm has probability 0. Absent: 0 everywhere
 * @returns n × K, NaN where an arm was never given
 * @throws RangeError as `ipsScores`, or when predictions do not fit or are not finite
 */
export function drScores(log: LoggedOffers, predictions: Matrix | undefined): Matrix {
  const { arms, outcomes } = log;
  const rows = outcomes.length;
  const probability = propensityOf(log);
  const columns = probability.columns;
  if (predictions && (predictions.rows !== rows || predictions.columns !== columns))
    throw new RangeError(`Predictions are ${predictions.rows} × ${predictions.columns}; the log has ${rows} rows and ${columns} arms.`);
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const p = probability.at(i, k);
      const expected = predictions ? predictions.values[i * columns + k]! : 0;
      if (p > 0 && !Number.isFinite(expected))
        throw new RangeError(`The prediction for row ${i}, arm ${k} is ${expected}; it must be finite.`);
      values[i * columns + k] = p > 0 ? expected + (arms[i] === k ? (outcomes[i]! - expected) / p : 0) : NaN;
    }
  }
  return { rows, columns, values };
}

/**
 * The value of each row under a policy, to be averaged by `clusteredMean` or compared by `pairedDifference`.
 *
 * @param scores n × K of `ipsScores` or `drScores`
 * @param policy n arms, or n × K probabilities of each arm
 * @throws RangeError when sizes differ or the policy takes an arm that was never given
 */
export function policyValues(scores: Matrix, policy: Int32Array | Matrix): Float64Array {
  const { rows, columns, values } = scores;
  const chances = policy instanceof Int32Array ? undefined : policy;
  const size = policy instanceof Int32Array ? policy.length : policy.rows;
  if (size !== rows || (chances && chances.columns !== columns))
    throw new RangeError(`A policy for ${size} rows does not fit a log of ${rows} rows and ${columns} arms.`);
  return Float64Array.from({ length: rows }, (_, i) => {
    let value = 0;
    for (let k = 0; k < columns; k++) {
      const chance = chances ? chances.values[i * columns + k]! : 0;
      if (chance !== 0) value += chance * known(values[i * columns + k]!, i, k);
    }
    return policy instanceof Int32Array ? known(values[i * columns + policy[i]!]!, i, policy[i]!) : value;
  });
}

/** The share of rows that each arm was given: its probability where offers were drawn alike for all. */
export function armShares(arms: Int32Array, armCount: number): number[] {
  const counts = Array.from({ length: armCount }, () => 0);
  for (const arm of arms) counts[arm]!++;
  return counts.map((count) => count / arms.length);
}

function known(score: number, row: number, arm: number): number {
  if (!Number.isFinite(score))
    throw new RangeError(`The policy takes arm ${arm} in row ${row}, which the log never gave (or does not have): its value is unknown.`);
  return score;
}

function propensityOf({ arms, outcomes, propensities }: LoggedOffers): { columns: number; at(row: number, arm: number): number } {
  const rows = outcomes.length;
  const own = "rows" in propensities ? propensities : undefined;
  const alike = "rows" in propensities ? undefined : propensities;
  const columns = own ? own.columns : alike!.length;
  if (arms.length !== rows || (own && own.rows !== rows))
    throw new RangeError(
      `A log has ${rows} outcomes, ${arms.length} arms and ${own?.rows ?? rows} rows of probabilities; they must be as many.`,
    );
  checkFinite(outcomes, "Outcome");
  const at = (row: number, arm: number) => (own ? own.values[row * columns + arm]! : alike![arm]!);
  arms.forEach((arm, i) => {
    if (!(arm >= 0 && arm < columns)) throw new RangeError(`Row ${i} was given arm ${arm}; there are arms 0 to ${columns - 1}.`);
    if (!(at(i, arm) > 0))
      throw new RangeError(`Row ${i} was given arm ${arm}, whose probability is said to be ${at(i, arm)}; correct the log.`);
    for (let k = 0; k < columns; k++)
      if (!(at(i, k) >= 0 && at(i, k) <= 1))
        throw new RangeError(`The probability of arm ${k} in row ${i} is ${at(i, k)}; it lies in 0 to 1.`);
  });
  return { columns, at };
}
