import { pairedDifference } from "../uplift/clusteredMean.js";
import { bounded, calibrationSlope } from "./calibrationSlope.js";
import type { ResponseFeatures, ResponseModel } from "./responseModel.js";

/** What was known, and what followed at full price, at a moment that neither model was trained on. */
export interface HeldOutCase {
  /** Number of the customer: cases of one customer are not independent. */
  readonly customer: number;
  readonly features: ResponseFeatures;
  readonly bought: boolean;
}

/** How a new model does on cases that it has not seen, beside the one in service. Losses are mean log losses (nats a case), less is better. */
export interface ModelComparison {
  readonly cases: number;
  readonly customers: number;
  readonly buyers: number;
  readonly lossInService: number;
  readonly loss: number;
  /** Loss in service less the new one's, paired: above 0 the new one is better. The bounds leave out 10 % on each side. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number };
  /** Slope of the outcome on the log odds predicted (Cox 1958): 1 is right, below it the model is too sure of itself. Null with one outcome alone. */
  readonly calibrationSlope: number | null;
}

/** Two-sided 80 %: 1.28 standard errors, clustered by customer. */
const CONFIDENCE = 0.8;

/**
 * Compares two models on the same held-out cases.
 *
 * @throws RangeError when there are none
 */
export function compareModels(inService: ResponseModel, challenger: ResponseModel, cases: readonly HeldOutCase[]): ModelComparison {
  const bought = Uint8Array.from(cases, (each) => (each.bought ? 1 : 0));
  const [before, after] = [inService, challenger].map((model) =>
    Float64Array.from(cases, ({ features }) => bounded(model.predict(features, 0).probability)),
  ) as [Float64Array, Float64Array];
  const [lossesBefore, losses] = [before, after].map((predicted) => predicted.map((p, i) => -Math.log(bought[i] ? p : 1 - p))) as [
    Float64Array,
    Float64Array,
  ];
  const clusters = cases.map((each) => each.customer);
  const { mean, low, high } = pairedDifference(lossesBefore, losses, { clusters, confidence: CONFIDENCE });
  const buyers = bought.reduce((sum, one) => sum + one, 0);
  return {
    cases: cases.length,
    customers: new Set(clusters).size,
    buyers,
    lossInService: average(lossesBefore),
    loss: average(losses),
    gain: { mean, low, high },
    calibrationSlope: calibrationSlope(after, bought),
  };
}

const average = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;
