import { linearLearner } from "../learning/linearLearner.js";
import { type Matrix, rowOf } from "../matrix.js";
import { type FeatureShift, featureShifts } from "../populationShift.js";
import { calibrationSlope } from "../response/calibrationSlope.js";
import { COLUMNS } from "../response/encodeFeatures.js";
import { clusteredMean, pairedDifference } from "../uplift/clusteredMean.js";
import { rowsWhere } from "../uplift/crossFolds.js";
import { armByArm } from "../uplift/offerLearner.js";
import { policyValues } from "../uplift/policyValue.js";
import { crossFittedScores } from "./crossFittedScores.js";
import { armsOfLog, checkUpliftLog, type UpliftLog } from "./upliftLog.js";
import type { UpliftModel } from "./upliftModel.js";

/** How a new uplift model does on later weeks, beside what is in service. Values are mean outcomes of a row, minor units. */
export interface UpliftComparison {
  readonly rows: number;
  readonly customers: number;
  /** Of the new model's policy: in each row the depth of the highest lower bound of those that had a chance, where one is above 0. */
  readonly value: number;
  readonly valueInService: number;
  /** The new one's value less that of the one in service, paired, by customer; the bounds leave out 10 % on each side. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number };
  /** Of never offering anything, and what the new one's policy leaves above it: on the rows where no offer had a chance. */
  readonly valueOfNone: number;
  readonly gainOverNone: { readonly mean: number; readonly standardError: number };
  /** Slope of buying on the new model's log odds of it at the depth that was given (Cox 1958): 1 is right. Null where all bought or none. */
  readonly calibrationSlope: number | null;
  /** How far each feature moved between what was learned from and these weeks: population stability index. */
  readonly shift: readonly FeatureShift[];
}

const CONFIDENCE = 0.8;
const FOLDS = 5;

/**
 * Judges a new uplift model on weeks that it was not learned from, by the doubly robust value of what it would have offered.
 *
 * @param inService null: what the log's probabilities say was preferred, the most probable depth, the least deep of equals
 * @param baseLogOdds n log odds of buying at full price, by the response model that serves with it
 * @param learnedOn features of the rows that the new model was learned from
 * @throws RangeError as `checkUpliftLog`, or when there are fewer than two customers
 */
export function judgeUplift(
  challenger: UpliftModel,
  inService: UpliftModel | null,
  baseLogOdds: ArrayLike<number>,
  log: UpliftLog,
  learnedOn: Matrix,
  { seed }: { readonly seed: number },
): UpliftComparison {
  checkUpliftLog(log);
  const rows = log.depths.length;
  const told = Array.from(baseLogOdds).filter(Number.isFinite).length;
  if (baseLogOdds.length !== rows || told !== rows || learnedOn.columns !== COLUMNS.length)
    throw new RangeError(
      `${rows} weeks need as many finite log odds (there are ${told} of ${baseLogOdds.length}) and features of ${COLUMNS.length} columns to compare with (there are ${learnedOn.columns}).`,
    );
  const { customers: clusters, features, outcomes, propensities } = log;
  const customers = new Set(Array.from(clusters)).size;
  if (customers < 2) throw new RangeError(`The weeks to judge by are of ${customers} customers; wait for those of two at least.`);
  const trial = { features, arms: armsOfLog(log), armCount: log.drawable.length, outcomes, clusters };
  const nuisance = armByArm(linearLearner());
  const { scores } = crossFittedScores(trial, { nuisance, folds: Math.min(FOLDS, customers), seed, propensities });
  const values = policyValues(scores, policyOf(challenger, log));
  const valuesInService = policyValues(scores, inService ? policyOf(inService, log) : loggedPolicy(log));
  const { mean, low, high } = pairedDifference(values, valuesInService, { clusters, confidence: CONFIDENCE });
  const predicted = Float64Array.from({ length: rows }, (_, row) =>
    challenger.probabilityAt(rowOf(features, row), log.depths[row]!, baseLogOdds[row]!),
  );
  const bought = Uint8Array.from(log.units, (units) => (units > 0 ? 1 : 0));
  return {
    rows,
    customers,
    value: clusteredMean(values).mean,
    valueInService: clusteredMean(valuesInService).mean,
    gain: { mean, low, high },
    ...againstNone(scores, values, clusters),
    calibrationSlope: calibrationSlope(predicted, bought),
    shift: featureShifts(learnedOn, features, COLUMNS),
  };
}

/** @throws RangeError when no offer had no chance in any row */
function againstNone(
  scores: Matrix,
  values: Float64Array,
  clusters: ArrayLike<number>,
): Pick<UpliftComparison, "valueOfNone" | "gainOverNone"> {
  const rows = rowsWhere(scores.rows, (row) => Number.isFinite(scores.values[row * scores.columns]));
  if (rows.length === 0) throw new RangeError("No offer had no chance in any week to judge by; what offers are worth cannot be said.");
  const none = Float64Array.from(rows, (row) => scores.values[row * scores.columns]!);
  const own = Float64Array.from(rows, (row) => values[row]!);
  const { mean, standardError } = pairedDifference(own, none, { clusters: Array.from(rows, (row) => clusters[row]!) });
  return { valueOfNone: clusteredMean(none).mean, gainOverNone: { mean, standardError } };
}

/** In each row the depth of the highest lower bound, of those that had a chance; none where none is above 0. Ties go to less discount. */
function policyOf(model: UpliftModel, log: UpliftLog): Int32Array {
  const { drawable, propensities, features, prices, costs } = log;
  return Int32Array.from({ length: log.depths.length }, (_, row) => {
    const lifts = model.liftsAt(rowOf(features, row), { priceMinor: prices[row]!, costMinor: costs[row]! });
    const chances = rowOf(propensities, row);
    let best = bestWithoutOffer(chances);
    let highest = chances[0]! > 0 ? 0 : -Infinity;
    for (const { depth, lower } of lifts) {
      const arm = drawable.indexOf(depth);
      if (arm < 0 || !(chances[arm]! > 0) || lower <= highest) continue;
      best = arm;
      highest = lower;
    }
    return best;
  });
}

/** No offer; where it had no chance, the least deep depth that had one: no score is known of what could not happen. */
function bestWithoutOffer(chances: Float64Array): number {
  return chances.findIndex((chance) => chance > 0);
}

/** What the log preferred: the most probable depth, the least deep of equals. */
function loggedPolicy({ propensities }: UpliftLog): Int32Array {
  return Int32Array.from({ length: propensities.rows }, (_, row) => {
    const chances = rowOf(propensities, row);
    return chances.indexOf(Math.max(...chances));
  });
}
