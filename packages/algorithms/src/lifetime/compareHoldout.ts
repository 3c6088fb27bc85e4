import { pairedDifference } from "../uplift/clusteredMean.js";
import { choleskySolve } from "../response/choleskySolve.js";
import { judgeHoldout } from "./judgeHoldout.js";

/** How new predictions of amounts (purchases, or money) do on time that they have not seen, beside those in service. */
export interface HoldoutComparison {
  readonly customers: number;
  readonly predicted: number;
  readonly actual: number;
  /** Predicted less actual, as a share of the actual, new and in service: −0.12 stands for 12 % too few. Null when nothing happened. */
  readonly bias: number | null;
  readonly biasInService: number | null;
  /** Mean deviances a customer once both have the level of what happened; less is better. */
  readonly loss: number;
  readonly lossInService: number;
  /** Loss in service less the new one's, paired by customer: above 0 the new one is better. The bounds leave out 10 % on each side. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number };
  /** Exponent b of actual = c · predicted^b, new and in service: 1 is right, below it differences between customers are overstated. Null where nothing happened or all were predicted alike. */
  readonly calibrationSlope: number | null;
  readonly calibrationSlopeInService: number | null;
}

/** Two-sided 80 %: 1.28 standard errors. */
const CONFIDENCE = 0.8;
/** Predictions are kept above this share of the mean outcome: one surprise of a model that was certain would otherwise outweigh all else. */
const LEAST_SHARE = 1e-3;

/**
 * Compares predictions of what each customer would do with what they did, one place of each array a customer.
 *
 * The loss is the unit deviance of Poisson, 2 (y ln(y / μ) − y + μ) (McCullagh & Nelder 1989, 2.3): like a square it is least for the mean, which an absolute error
 * is not (most customers do nothing, so that zeros for all would win), but a few heavy buyers do not decide it, and it is homogeneous: the currency changes nothing.
 *
 * What is too much or too little for all alike is taken out of the losses, and told as the bias instead: a season moves everybody, and BG/NBD, which takes visits for Poisson, is
 * known to expect too few (12 % on CDNOW). One stretch of weeks cannot tell these from a fault of the parameters, and which of two models has the luckier level says
 * nothing of how it tells customers apart. The slope, that of a regression ln E[y] = a + b ln μ of Poisson's kind (the analogue of Cox's, 1958), leaves it out as well.
 *
 * @throws RangeError when there are no customers, sizes differ, a number is none, or a prediction or an outcome is below 0
 */
export function compareHoldout(inService: Float64Array, challenger: Float64Array, actual: Float64Array): HoldoutComparison {
  if (inService.length !== challenger.length)
    throw new RangeError(`A comparison needs both predictions of each customer, not ${inService.length} and ${challenger.length}.`);
  for (const values of [inService, challenger, actual])
    if (values.some((value) => value < 0)) throw new RangeError("Nobody buys less than nothing: leave out returns, or count them as 0.");
  const { customers, predicted, actual: happened, bias } = judgeHoldout(challenger, actual);
  const { bias: biasInService } = judgeHoldout(inService, actual);
  const [before, after] = [inService, challenger].map((each) => levelled(each, actual)) as [Float64Array, Float64Array];
  const [lossesBefore, losses] = [deviances(before, actual), deviances(after, actual)];
  const { mean, low, high } = pairedDifference(lossesBefore, losses, { confidence: CONFIDENCE });
  return {
    customers,
    predicted,
    actual: happened,
    bias,
    biasInService,
    loss: average(losses),
    lossInService: average(lossesBefore),
    gain: { mean, low, high },
    calibrationSlope: happened === 0 ? null : slopeOf(after, actual),
    calibrationSlopeInService: happened === 0 ? null : slopeOf(before, actual),
  };
}

/** Brought to the sum of what happened, none under the least. */
function levelled(predicted: Float64Array, actual: Float64Array): Float64Array {
  const level = average(actual);
  const mean = average(predicted);
  return predicted.map((mu) => Math.max(mean > 0 ? (mu / mean) * level : level, LEAST_SHARE * level));
}

function deviances(predicted: Float64Array, actual: Float64Array): Float64Array {
  return predicted.map((mu, i) => {
    const y = actual[i]!;
    return 2 * ((y === 0 ? 0 : y * Math.log(y / mu)) - y + mu);
  });
}

const MOST_STEPS = 50;
const CLOSE = 1e-9;

/** b of ln E[y] = a + b ln μ by Newton's method, which for this likelihood is concave; null without a maximum. */
function slopeOf(predicted: Float64Array, actual: Float64Array): number | null {
  const centre = average(predicted.map(Math.log));
  const x = predicted.map((mu) => Math.log(mu) - centre);
  if (x.every((value) => Math.abs(value) < CLOSE)) return null;
  let [a, b] = [Math.log(average(actual)), 0];
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = new Float64Array(2);
    const curvature = new Float64Array(4);
    for (let i = 0; i < x.length; i++) {
      const mu = Math.exp(a + b * x[i]!);
      const left = actual[i]! - mu;
      gradient[0]! += left;
      gradient[1]! += left * x[i]!;
      curvature[0]! += mu;
      curvature[1]! += mu * x[i]!;
      curvature[3]! += mu * x[i]! * x[i]!;
    }
    curvature[2] = curvature[1]!;
    const move = choleskySolve(curvature, gradient);
    if (move === null || !move.every(Number.isFinite)) return null;
    const most = Math.max(Math.abs(move[0]!), Math.abs(move[1]!));
    const share = Math.min(1, 1 / most); // far away a whole step may overshoot
    a += share * move[0]!;
    b += share * move[1]!;
    if (most < CLOSE) return b;
  }
  return null;
}

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
