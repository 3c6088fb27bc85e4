import { linearLearner } from "@kava/algorithms/learning/linearLearner";
import type { Fitted } from "@kava/algorithms/learning/learner";
import { selectRows, withColumns, type Matrix } from "@kava/algorithms/matrix";
import { binOf, liftBins, type LiftBin } from "@kava/algorithms/policy/liftBins";
import { uniformIntAt } from "@kava/algorithms/random";
import type { DepthTrial } from "./depthTrial.js";

/** What weekly offers of each depth change for each customer, core currency a day. Row = customer, column = depth. */
export interface DepthEffects {
  readonly depths: readonly number[];
  /** Effect on margin as the models predict it. */
  readonly predicted: Matrix;
  /** Calibrated effect on margin. */
  readonly mean: Matrix;
  readonly standardError: Matrix;
  /** Lower bound of the effect: mean less 1.28 standard errors. */
  readonly bound: Matrix;
  /** Expected discount given. */
  readonly cost: Matrix;
}

const folds = 5;
const ridge = 30;

/**
 * A linear T-learner (one regression without an offer, one with, depth among its features), cross-fitted; its effects are calibrated by
 * augmented inverse propensity scores in bins of predicted effect, made monotone.
 *
 * @param customers features of those to decide for, as the trial's
 */
export function learnDepthEffects(trial: DepthTrial, depths: readonly number[], customers: Matrix, seed: number): DepthEffects {
  const fold = Uint8Array.from(trial.depths, (_, row) => uniformIntAt(seed, folds, "fold", row));
  const models = Array.from({ length: folds }, (_, out) =>
    fitModels(
      trial,
      rowsWhere(fold, (of) => of !== out),
      trial.outcomes,
    ),
  );
  const result = emptyEffects(depths, customers.rows);
  const costModels = fitModels(
    trial,
    rowsWhere(fold, () => true),
    trial.discounts,
  );
  depths.forEach((depth, column) => {
    const { effects, scores } = crossFitted(trial, fold, models, depth);
    const bins = liftBins({ predicted: effects, effects: scores, clusters: trial.customers });
    const predicted = meanEffect(models, customers, depth);
    const cost = costModels.offered.predict(withDepth(customers, depth));
    for (let i = 0; i < customers.rows; i++) {
      result.predicted.values[i * depths.length + column] = predicted[i]!;
      write(result, i * depths.length + column, binOf(bins, predicted[i]!), cost[i]!);
    }
  });
  return result;
}

interface Models {
  readonly none: Fitted;
  readonly offered: Fitted;
}

function fitModels(trial: DepthTrial, rows: readonly number[], targets: Float64Array): Models {
  const side = (offered: boolean) => {
    const chosen = rows.filter((row) => trial.depths[row]! > 0 === offered);
    const features = selectRows(trial.features, chosen);
    const depths = Float64Array.from(chosen, (row) => trial.depths[row]!);
    return linearLearner({ ridge }).fit(
      offered ? withDepth(features, depths) : features,
      Float64Array.from(chosen, (row) => targets[row]!),
      { seed: 0 },
    );
  };
  return { none: side(false), offered: side(true) };
}

/** The features, the depth, its square, and the depth times each feature. */
function withDepth(features: Matrix, depth: number | Float64Array): Matrix {
  const at = (row: number) => (typeof depth === "number" ? depth : depth[row]!);
  const { rows, columns, values } = features;
  const added = [
    Float64Array.from({ length: rows }, (_, row) => at(row)),
    Float64Array.from({ length: rows }, (_, row) => at(row) ** 2),
    ...Array.from({ length: columns }, (_, j) => Float64Array.from({ length: rows }, (_, row) => at(row) * values[row * columns + j]!)),
  ];
  return withColumns(features, ...added);
}

/** Effects of a depth by models that did not see the row, and the AIPW score of each row. */
function crossFitted(
  trial: DepthTrial,
  fold: Uint8Array,
  models: readonly Models[],
  depth: number,
): { effects: Float64Array; scores: Float64Array } {
  const effects = new Float64Array(fold.length);
  const scores = new Float64Array(fold.length);
  const near = (other: number) => other > 0 && Math.abs(other - depth) < neighbourhood;
  const drawn = [...new Set(trial.depths)];
  const arms = drawn.filter(near).length;
  models.forEach(({ none, offered }, out) => {
    const rows = rowsWhere(fold, (of) => of === out);
    const features = selectRows(trial.features, rows);
    const without = none.predict(features);
    const withOffer = offered.predict(withDepth(features, depth));
    const asDrawn = offered.predict(
      withDepth(
        features,
        Float64Array.from(rows, (row) => trial.depths[row]!),
      ),
    );
    rows.forEach((row, at) => {
      const outcome = trial.outcomes[row]!;
      const propensity = trial.propensities[row]!;
      effects[row] = withOffer[at]! - without[at]!;
      const untold = trial.depths[row] === 0 ? (without[at]! - outcome) / propensity : 0;
      const told = near(trial.depths[row]!) ? (outcome - asDrawn[at]!) / (propensity * arms) : 0;
      scores[row] = effects[row]! + told + untold;
    });
  });
  return { effects, scores };
}

/** Depths up to here apart share their residuals: the model holds their difference, and three times as many customers speak. */
const neighbourhood = 0.0501;

function meanEffect(models: readonly Models[], customers: Matrix, depth: number): Float64Array {
  const sum = new Float64Array(customers.rows);
  const offeredRows = withDepth(customers, depth);
  for (const { none, offered } of models) {
    const without = none.predict(customers);
    const withOffer = offered.predict(offeredRows);
    for (let i = 0; i < sum.length; i++) sum[i]! += (withOffer[i]! - without[i]!) / models.length;
  }
  return sum;
}

function emptyEffects(depths: readonly number[], rows: number): DepthEffects {
  const empty = (): Matrix => ({ rows, columns: depths.length, values: new Float64Array(rows * depths.length) });
  return { depths, predicted: empty(), mean: empty(), standardError: empty(), bound: empty(), cost: empty() };
}

function write(effects: DepthEffects, at: number, bin: LiftBin, cost: number): void {
  effects.mean.values[at] = bin.mean;
  effects.standardError.values[at] = bin.standardError;
  effects.bound.values[at] = bin.lower;
  effects.cost.values[at] = Math.max(0, cost);
}

function rowsWhere(fold: Uint8Array, chosen: (fold: number) => boolean): number[] {
  return [...fold.keys()].filter((row) => chosen(fold[row]!));
}
