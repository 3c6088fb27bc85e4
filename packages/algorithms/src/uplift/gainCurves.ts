/**
 * Curves of what is gained when customers are offered in the order of a score, by the definitions of scikit-uplift 0.5
 * (https://www.uplift-modeling.com): rows of equal score enter together, so that the curve does not depend on their order.
 */
import { rankDescending } from "./rankDescending.js";
import { checkTrial, type Trial } from "./trial.js";

/** Points of a curve from (0, 0); both arrays are as long. */
export interface Curve {
  /** How many of the best-scored rows are in: from 0 to n, ascending. */
  readonly x: Float64Array;
  /** What they gain, in units of the outcome. */
  readonly y: Float64Array;
}

/**
 * Uplift curve: (mean outcome of the treated − mean outcome of the untreated) × rows, among the best-scored; a mean over nobody
 * counts as 0. Divided by n at both axes it is the gain per head of offering to a share of customers.
 *
 * @param scores n finite numbers, higher is offered earlier
 * @throws RangeError as `checkTrial`, or when a score is missing or not finite
 */
export function upliftCurve(trial: Trial, scores: Float64Array): Curve {
  return curve(trial, scores, ({ treated, untreated, treatedSum, untreatedSum }) => {
    const difference = (treated > 0 ? treatedSum / treated : 0) - (untreated > 0 ? untreatedSum / untreated : 0);
    return difference * (treated + untreated);
  });
}

/**
 * Qini curve (Radcliffe 2007): outcome of the treated − outcome of the untreated × treated / untreated, among the best-scored.
 *
 * @param scores n finite numbers, higher is offered earlier
 * @throws RangeError as `checkTrial`, or when a score is missing or not finite
 */
export function qiniCurve(trial: Trial, scores: Float64Array): Curve {
  return curve(
    trial,
    scores,
    ({ treated, untreated, treatedSum, untreatedSum }) => treatedSum - (untreated > 0 ? (untreatedSum * treated) / untreated : 0),
  );
}

/** Area under a curve by trapezoids, in units of outcome × rows. */
export function areaUnder({ x, y }: Curve): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}

/** Area between a curve and the straight line to its end, which is what a random order gains: 0 for a score that knows nothing. */
export function areaOverRandom(curve: Curve): number {
  return areaUnder(curve) - (curve.x.at(-1)! * curve.y.at(-1)!) / 2;
}

/** What is known of the best-scored rows so far. */
interface Counts {
  treated: number;
  untreated: number;
  treatedSum: number;
  untreatedSum: number;
}

function curve(trial: Trial, scores: Float64Array, gain: (counts: Counts) => number): Curve {
  checkTrial(trial);
  const { outcomes, treated } = trial;
  const n = outcomes.length;
  if (scores.length !== n) throw new RangeError(`There are ${scores.length} scores for ${n} rows; each row needs one.`);
  const order = rankDescending(scores);
  const counts: Counts = { treated: 0, untreated: 0, treatedSum: 0, untreatedSum: 0 };
  const x = [0];
  const y = [0];
  order.forEach((row, i) => {
    if (treated[row]) {
      counts.treated++;
      counts.treatedSum += outcomes[row]!;
    } else {
      counts.untreated++;
      counts.untreatedSum += outcomes[row]!;
    }
    if (i + 1 < n && scores[order[i + 1]!] === scores[row]) return;
    x.push(i + 1);
    y.push(gain(counts));
  });
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}
