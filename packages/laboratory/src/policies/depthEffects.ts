import type { Matrix } from "@kava/algorithms/matrix";
import { binOf, liftBins, type LiftBin } from "@kava/algorithms/policy/liftBins";
import { pairedDifference } from "@kava/algorithms/uplift/clusteredMean";
import { columnMeans, crossFit, effectScores, foldsOf, pooledEffects, worthOfChoosing, type CrossFit } from "./crossFit.js";
import type { DepthTrial } from "./depthTrial.js";
import { fitOutcomes, meanEffect, personalLearners, withDepth } from "./effectModels.js";

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

/** One effect for all, one linear in the signs, one by boosted trees. */
export type EffectRung = "pooled" | "linear" | "boosted";

export interface LearnedDepthEffects {
  readonly rung: EffectRung;
  /** What choosing by each rung is worth, core currency a customer and day, cross-validated. */
  readonly values: Readonly<Record<EffectRung, number>>;
  /** The effects for customers of these signs, which are those of the trial's features. */
  of(customers: Matrix): DepthEffects;
}

/**
 * Learns what depths change by a linear T-learner (one regression without an offer, one with, depth among its features). One of boosted trees, or one
 * effect for all, takes its place where choosing by it is worth more, cross-validated, by more than a standard error. Effects are calibrated by augmented
 * inverse propensity scores in bins of predicted effect, made monotone.
 */
export function learnDepthEffects(trial: DepthTrial, depths: readonly number[], seed: number): LearnedDepthEffects {
  const fold = foldsOf(trial, seed);
  const linear = crossFit("linear", trial, fold, depths);
  const scores = effectScores(trial, fold, linear, depths);
  const boosted = crossFit("boosted", trial, fold, depths);
  const worths = {
    pooled: worthOfChoosing(pooledEffects(scores, fold), scores),
    linear: worthOfChoosing(linear.effects, scores),
    boosted: worthOfChoosing(boosted.effects, scores),
  };
  const rung = rungOf(worths);
  const own = { pooled: null, linear, boosted }[rung];
  const values = { pooled: meanOf(worths.pooled), linear: meanOf(worths.linear), boosted: meanOf(worths.boosted) };
  return { rung, values, of: effectsOf(trial, depths, own, scores) };
}

/** Small differences between rungs are luck: the linear one stays unless another is clearly above it. */
function rungOf({ pooled, linear, boosted }: Readonly<Record<EffectRung, Float64Array>>): EffectRung {
  const lead = (worth: Float64Array): number => {
    const { mean, standardError } = pairedDifference(worth, linear);
    return mean > standardError ? mean : 0;
  };
  const [trees, all] = [lead(boosted), lead(pooled)];
  if (trees === 0 && all === 0) return "linear";
  return trees > all ? "boosted" : "pooled";
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param own the models of the customer's own effect; null: one effect for all */
function effectsOf(trial: DepthTrial, depths: readonly number[], own: CrossFit | null, scores: Matrix): LearnedDepthEffects["of"] {
  const all = Array.from(trial.depths.keys());
  const { offered } = fitOutcomes(personalLearners.linear, trial, all, trial.discounts);
  const column = (matrix: Matrix, at: number) => Float64Array.from(all, (row) => matrix.values[row * depths.length + at]!);
  const bins = depths.map((_, at) =>
    liftBins({
      predicted: own ? column(own.effects, at) : new Float64Array(all.length),
      effects: column(scores, at),
      clusters: trial.customers,
    }),
  );
  const means = columnMeans(scores, all);
  return (customers) => {
    const result = emptyEffects(depths, customers.rows);
    depths.forEach((depth, at) => {
      const predicted = own ? meanEffect(own.models, customers, depth) : new Float64Array(customers.rows).fill(means[at]!);
      const cost = offered.predict(withDepth(customers, depth));
      for (let i = 0; i < customers.rows; i++) {
        const cell = i * depths.length + at;
        result.predicted.values[cell] = predicted[i]!;
        write(result, cell, binOf(bins[at]!, predicted[i]!), cost[i]!);
      }
    });
    return result;
  };
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
