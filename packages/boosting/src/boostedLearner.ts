import { hash32 } from "@kava/algorithms/hash";
import type { Learner } from "@kava/algorithms/learning/learner";
import { oneClassProbability, requireTrainable } from "@kava/algorithms/learning/requireTrainable";
import { constantEnsemble, TreeEnsemble } from "@kava/algorithms/learning/treeEnsemble";
import type { Matrix } from "@kava/algorithms/matrix";
import { completeOptions, xgboostParameters, type BoostingOptions } from "./boostingOptions.js";
import { readModel } from "./readModel.js";
import { BoostingFailed, train } from "./xgboost.js";

/** A learner that gives its trees out: they predict without XGBoost, and can be stored. */
export type BoostedLearner = Learner<TreeEnsemble>;

/**
 * Gradient-boosted trees for amounts, by XGBoost (Chen & Guestrin 2016), squared error. NaN is a feature "not known" and takes its own way
 * through each tree. Blocks the thread while it learns; `fitBoostedApart` does not.
 *
 * @throws RangeError at once for an option out of its range; from `fit` for data that does not fit, `BoostingFailed` when XGBoost breaks off
 */
export function boostedLearner(options: BoostingOptions = {}): BoostedLearner {
  return learnerOf("regression", options);
}

/** As `boostedLearner`, for targets of 0 and 1: predicts probabilities, by logistic loss. */
export function boostedClassifier(options: BoostingOptions = {}): BoostedLearner {
  return learnerOf("classification", options);
}

export type BoostingKind = "regression" | "classification";

export function learnerOf(kind: BoostingKind, given: BoostingOptions): BoostedLearner {
  const options = completeOptions(given);
  if (kind === "classification" && options.base !== undefined && !(options.base > 0 && options.base < 1))
    throw new RangeError(`The boosting option base is ${options.base}; of a classifier it must be a probability above 0 and below 1.`);
  const link = kind === "classification" ? "logistic" : "identity";
  return {
    name: "boosted",
    fit(features, targets, { seed }) {
      requireTrainable(features, targets, kind);
      requireSinglePrecision(features, targets);
      requireAsMany("monotone constraints", options.monotone?.length, features.columns);
      requireAsMany("names of features", options.features?.length, features.columns);
      const names = options.features ?? Array.from({ length: features.columns }, (_, column) => String(column));
      const oneTarget = targets.every((target) => target === targets[0]);
      if (oneTarget) return constantEnsemble(names, link, kind === "classification" ? oneClassProbability(targets) : targets[0]!);
      const base = startOf(kind, options.base ?? meanOf(targets));
      if (features.values.every(Number.isNaN)) return constantEnsemble(names, link, base);
      const objective = kind === "classification" ? "binary:logistic" : "reg:linear";
      const parameters = xgboostParameters(options, objective, base, hash32(seed, "boosting") >>> 1);
      const model = readModel(train({ ...features, targets }, parameters, options.rounds));
      if (model.treeCount !== options.rounds)
        throw new BoostingFailed(
          `XGBoost made ${model.treeCount} trees of ${options.rounds} and did not say why. Nothing was learnt; train again.`,
        );
      return new TreeEnsemble({ features: names, link, base: model.base, nodes: model.nodes });
    },
  };
}

function requireAsMany(what: string, given: number | undefined, columns: number): void {
  if (given !== undefined && given !== columns)
    throw new RangeError(`There are ${given} ${what} for ${columns} columns; give one for each column.`);
}

/** XGBoost counts in single precision, which ends at 3.4e38. */
function requireSinglePrecision({ values, columns }: Matrix, targets: Float64Array): void {
  const at = values.findIndex((value) => Math.abs(value) > MAX_SINGLE);
  if (at >= 0)
    throw new RangeError(
      `Column ${at % columns} of row ${Math.floor(at / columns)} is ${values[at]}; boosting takes numbers up to ±1e37. Scale it.`,
    );
  const row = targets.findIndex((target) => Math.abs(target) > MAX_TARGET);
  if (row >= 0) throw new RangeError(`The target of row ${row} is ${targets[row]}; boosting takes targets up to ±1e15. Scale them.`);
}

const MAX_SINGLE = 1e37;

/** Its squares are summed over all rows. */
const MAX_TARGET = 1e15;

/** Single precision rounds a probability next to 1 to 1, whose log-odds are infinite. */
function startOf(kind: BoostingKind, base: number): number {
  return kind === "classification" ? Math.min(Math.max(base, 1e-6), 1 - 1e-6) : base;
}

function meanOf(targets: Float64Array): number {
  let sum = 0;
  for (const target of targets) sum += target;
  return sum / targets.length;
}
