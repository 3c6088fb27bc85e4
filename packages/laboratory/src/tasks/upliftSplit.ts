import { linearClassifier, linearLearner } from "@kava/algorithms/learning/linearLearner";
import { selectRows, type Matrix } from "@kava/algorithms/matrix";
import { clusteredMean, type Estimate } from "@kava/algorithms/uplift/clusteredMean";
import { crossFolds, rowsWhere } from "@kava/algorithms/uplift/crossFolds";
import type { EffectTrial } from "@kava/algorithms/uplift/effectLearner";
import { qiniCurve, upliftCurve, type Curve } from "@kava/algorithms/uplift/gainCurves";
import { bestShare } from "@kava/algorithms/uplift/offerPolicies";
import { armShares, drScores, ipsScores, policyValues } from "@kava/algorithms/uplift/policyValue";
import { rankDescending } from "@kava/algorithms/uplift/rankDescending";
import { rocAuc } from "@kava/algorithms/uplift/rocAuc";
import { qiniAuc, upliftAt } from "@kava/algorithms/uplift/upliftScores";
import { answerAsWorker } from "@kava/platform/worker";
import { contendersFor, type Contender } from "./upliftLearners.js";

export interface SplitTask {
  readonly features: Matrix;
  readonly treated: Uint8Array;
  readonly outcomes: Float64Array;
  readonly binary: boolean;
  readonly seed: number;
}

/** What a policy is worth per row, by both estimators. */
export interface Value {
  readonly ips: Estimate;
  readonly dr: Estimate;
}

export interface CalibrationBin {
  readonly predicted: number;
  readonly observed: Estimate;
}

export interface ContenderResult {
  readonly name: string;
  readonly qini: number;
  readonly upliftAt30: number;
  /** On a grid of shares, 0 to 1 by `GRID` steps, per row of the half. */
  readonly qiniCurve: readonly number[];
  readonly gainCurve: readonly number[];
  /** Treating the best-scored 30 %. */
  readonly best30: Value;
  /** Treating whom the effect is said to be above 0 in; null for what predicts no effect. */
  readonly aboveZero: (Value & { readonly share: number }) | null;
  readonly calibration: { readonly slope: number; readonly bins: readonly CalibrationBin[] } | null;
}

export interface SplitResult {
  readonly seed: number;
  readonly contenders: readonly ContenderResult[];
  readonly nobody: Value;
  readonly everybody: Value;
  /** Of predicting treatment from the features, on rows not learned from; 0.5 where treatment was drawn alike for all. */
  readonly treatmentAuc: { readonly auc: number; readonly standardError: number };
}

export const GRID = 100;
const BUDGET = 0.3;
const BINS = 10;

/** One random half learns, the other judges. */
export const evaluateSplit = ({ features, treated, outcomes, binary, seed }: SplitTask): SplitResult => {
  const foldOf = crossFolds(treated, { folds: 2, seed });
  const [learning, judged] = [0, 1].map((fold) =>
    part(
      { features, treated, outcomes },
      rowsWhere(treated.length, (i) => foldOf[i] === fold),
    ),
  );
  const judge = judgeOf(learning!, judged!, binary, seed);
  const arms = (mark: number): Int32Array => new Int32Array(judged!.treated.length).fill(mark);
  return {
    seed,
    contenders: contendersFor(binary).map((contender) => resultOf(contender, learning!, judged!, judge, seed)),
    nobody: judge.value(arms(0)),
    everybody: judge.value(arms(1)),
    treatmentAuc: treatmentAuc(learning!, judged!, seed),
  };
};

const part = ({ features, treated, outcomes }: EffectTrial, rows: Uint32Array): EffectTrial => ({
  features: selectRows(features, rows),
  treated: Uint8Array.from(rows, (row) => treated[row]!),
  outcomes: Float64Array.from(rows, (row) => outcomes[row]!),
});

interface Judge {
  value(arms: Int32Array): Value;
  /** Doubly robust scores of the effect, one for each judged row. */
  readonly effects: Float64Array;
}

/** Scores of both arms for each judged row; the predictions in them are linear models of the other half, the same for all contenders. */
const judgeOf = (learning: EffectTrial, judged: EffectTrial, binary: boolean, seed: number): Judge => {
  const learner = binary ? linearClassifier() : linearLearner();
  const sides = [0, 1].map((mark) => {
    const rows = rowsWhere(learning.treated.length, (i) => learning.treated[i] === mark);
    const side = part(learning, rows);
    return learner.fit(side.features, side.outcomes, { seed }).predict(judged.features);
  });
  const rows = judged.treated.length;
  const arms = Int32Array.from(judged.treated);
  const log = { arms, outcomes: judged.outcomes, propensities: armShares(arms, 2) };
  const predictions = { rows, columns: 2, values: Float64Array.from({ length: 2 * rows }, (_, at) => sides[at % 2]![at >> 1]!) };
  const dr = drScores(log, predictions);
  const ips = ipsScores(log);
  return {
    value: (policy) => ({ ips: clusteredMean(policyValues(ips, policy)), dr: clusteredMean(policyValues(dr, policy)) }),
    effects: Float64Array.from({ length: rows }, (_, i) => dr.values[2 * i + 1]! - dr.values[2 * i]!),
  };
};

const resultOf = (contender: Contender, learning: EffectTrial, judged: EffectTrial, judge: Judge, seed: number): ContenderResult => {
  const scores = contender.scores(learning, judged.features, seed);
  const above = Int32Array.from(scores, (score) => (score > 0 ? 1 : 0));
  return {
    name: contender.name,
    qini: qiniAuc(judged, scores),
    upliftAt30: upliftAt(judged, scores, BUDGET),
    qiniCurve: onGrid(qiniCurve(judged, scores)),
    gainCurve: onGrid(upliftCurve(judged, scores)),
    best30: judge.value(bestShare(scores, BUDGET)),
    aboveZero: contender.isEffect ? { ...judge.value(above), share: above.reduce((sum, mark) => sum + mark, 0) / above.length } : null,
    calibration: contender.isEffect ? calibrationOf(scores, judge.effects) : null,
  };
};

/** Heights of a curve at equal steps of its width, both per row. */
const onGrid = ({ x, y }: Curve): number[] => {
  const n = x.at(-1)!;
  let at = 0;
  return Array.from({ length: GRID + 1 }, (_, step) => {
    const wanted = (step / GRID) * n;
    while (at < x.length - 2 && x[at + 1]! < wanted) at++;
    const width = x[at + 1]! - x[at]!;
    const along = width > 0 ? (wanted - x[at]!) / width : 0;
    return (y[at]! + along * (y[at + 1]! - y[at]!)) / n;
  });
};

/** Whether what was predicted is what comes: tenths of the rows by prediction, and the slope of the effect's scores on it (1 is calibrated). */
const calibrationOf = (predicted: Float64Array, effects: Float64Array): NonNullable<ContenderResult["calibration"]> => {
  const n = predicted.length;
  const order = rankDescending(predicted);
  const bins = Array.from({ length: Math.min(BINS, n) }, (_, bin) => {
    const rows = order.subarray(Math.floor((bin * n) / BINS), Math.floor(((bin + 1) * n) / BINS));
    return rows.length === 0
      ? []
      : [
          {
            predicted: rows.reduce((sum, row) => sum + predicted[row]!, 0) / rows.length,
            observed: clusteredMean(Float64Array.from(rows, (row) => effects[row]!)),
          },
        ];
  }).flat();
  const mean = predicted.reduce((sum, value) => sum + value, 0) / n;
  const variance = predicted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const covariance = predicted.reduce((sum, value, i) => sum + (value - mean) * effects[i]!, 0);
  return { slope: variance > 0 ? covariance / variance : Number.NaN, bins };
};

const treatmentAuc = (learning: EffectTrial, judged: EffectTrial, seed: number): SplitResult["treatmentAuc"] => {
  const scores = linearClassifier().fit(learning.features, Float64Array.from(learning.treated), { seed }).predict(judged.features);
  const ones = judged.treated.reduce((sum, mark) => sum + mark, 0);
  const zeros = judged.treated.length - ones;
  // of an AUC of one half, where the ranks are any (Mann & Whitney 1947)
  return { auc: rocAuc(judged.treated, scores), standardError: Math.sqrt((ones + zeros + 1) / (12 * ones * zeros)) };
};

answerAsWorker(evaluateSplit);
