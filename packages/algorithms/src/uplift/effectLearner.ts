import type { Fitted, Learner } from "../learning/learner.js";
import { type Matrix, selectRows } from "../matrix.js";
import { uniformIntAt } from "../random.js";
import { checkTrial, type Trial } from "./trial.js";

/** A trial of one offer against none, with what was known of each row before. */
export interface EffectTrial extends Trial {
  /** n × d, known before the offer */
  readonly features: Matrix;
  /** The probability of treatment in (0, 1), for all rows or for each. Absent: the learner estimates it. */
  readonly propensity?: number | Float64Array | undefined;
  /** The customer of each row, any number: cross-fitting never learns from the customer that it predicts. */
  readonly clusters?: ArrayLike<number> | undefined;
}

/** Learns what an offer changes: τ(x) = E[Y(1) − Y(0) | X = x]. Synchronous and deterministic, as its `Learner`s are. */
export interface EffectLearner {
  /** As it stands in reports: "T boosted". */
  readonly name: string;
  /** @throws RangeError as `checkEffectTrial`, when there are too few rows to cross-fit, or what the learner inside throws */
  fit(trial: EffectTrial, options: { readonly seed: number }): FittedEffect;
}

export interface FittedEffect {
  /** n effects in units of the outcome, for n × d */
  effect(features: Matrix): Float64Array;
}

/** @throws RangeError as `checkTrial`, when features are not those of the rows, or a propensity is not inside (0, 1) */
export function checkEffectTrial(trial: EffectTrial): void {
  checkTrial(trial);
  const rows = trial.outcomes.length;
  const { features, propensity } = trial;
  if (features.rows !== rows)
    throw new RangeError(`There are features of ${features.rows} rows and outcomes of ${rows}; each row needs both.`);
  if (propensity === undefined) return;
  const all = typeof propensity === "number" ? Float64Array.of(propensity) : propensity;
  if (typeof propensity !== "number" && all.length !== rows)
    throw new RangeError(`There are ${all.length} propensities for ${rows} rows; give one for each row, or one for all.`);
  const strange = all.findIndex((p) => !(p > 0 && p < 1));
  if (strange >= 0)
    throw new RangeError(
      `The propensity of row ${strange} is ${all[strange]}; a row that could not have been both has no effect to learn.`,
    );
}

/** Fits a learner to some of the rows, with a seed of its own. */
export function fitRows<Model extends Fitted>(
  learner: Learner<Model>,
  { features, targets, rows }: { features: Matrix; targets: Float64Array; rows: Uint32Array },
  seed: number,
  ...key: string[]
): Model {
  if (rows.length === 0) throw new RangeError(`No rows are left to learn ${key.join(" ")} from; give more rows or fewer folds.`);
  return learner.fit(
    selectRows(features, rows),
    Float64Array.from(rows, (row) => targets[row]!),
    { seed: seedOf(seed, ...key) },
  );
}

/** The seed of a named part: other parts draw independently. A 31-bit integer. */
export function seedOf(seed: number, ...key: (string | number)[]): number {
  return uniformIntAt(seed, 0x7fff_ffff, ...key);
}

/** first − second, row by row */
export function minus(first: Float64Array, second: Float64Array): Float64Array {
  return first.map((x, i) => x - second[i]!);
}
