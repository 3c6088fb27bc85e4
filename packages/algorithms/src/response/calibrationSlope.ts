import { fitLogistic } from "./fitLogistic.js";

/** Predictions are kept this far from 0 and 1: one mistake of a model that was certain would otherwise outweigh all else. */
const CERTAIN = 1e-4;

/** A probability that may be wrong. */
export function bounded(p: number): number {
  return Math.min(1 - CERTAIN, Math.max(CERTAIN, p));
}

/**
 * Slope of what happened on the log odds predicted (Cox 1958): 1 is right, below it the predictions are too sure of themselves.
 *
 * @param predicted n probabilities
 * @param happened n times 0 or 1
 * @returns null where there is one outcome alone
 */
export function calibrationSlope(predicted: Float64Array, happened: Uint8Array): number | null {
  const ones = happened.reduce((sum, one) => sum + one, 0);
  if (ones === 0 || ones === happened.length) return null;
  const x = new Float64Array(2 * predicted.length);
  predicted.forEach((p, i) => {
    const kept = bounded(p);
    x.set([1, Math.log(kept / (1 - kept))], 2 * i);
  });
  // a prior so weak that a dozen cases outweigh it
  return fitLogistic({ x, y: happened, columns: 2, priorMean: Float64Array.of(0, 1), priorPrecision: Float64Array.of(0.01, 0.01) })
    .coefficients[1]!;
}
