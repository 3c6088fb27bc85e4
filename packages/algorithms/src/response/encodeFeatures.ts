import type { ResponseFeatures } from "./responseModel.js";

/** Columns of a linear model, in this order. A change of names, order or formulas is a new schema. */
export const COLUMNS = ["tasteLogit", "lateness", "logFrequency", "logAverageOrder", "logPrice", "newcomer"] as const;
export const FEATURE_SCHEMA = `response/1:${COLUMNS.join(",")}`;

/** Place of the column that is itself a guess of the answer. */
export const TASTE_COLUMN = 0;

/**
 * One row of a linear model. What is missing (null, or no finite number) is NaN here; the model reads it as the average.
 *
 * - tasteLogit: ln(s / (1 − s)) of the taste score, kept within 0.002 and 0.998
 * - lateness: ln(1 + recency / own median gap), the ratio at most 100
 * - logFrequency, logAverageOrder, logPrice: ln(1 + x)
 * - newcomer: 1 with fewer than two purchases, else 0
 */
export function encodeFeatures(features: ResponseFeatures): Float64Array {
  const { recencyDays, medianGapDays, averageOrderMinor } = features;
  return Float64Array.of(
    logit(features.tasteScore),
    recencyDays === null || medianGapDays === null ? NaN : logOnePlus(Math.min(100, recencyDays / Math.max(0.5, medianGapDays))),
    logOnePlus(features.frequencyPerWeek),
    averageOrderMinor === null ? NaN : logOnePlus(averageOrderMinor),
    logOnePlus(features.priceMinor),
    features.purchaseCount < 2 ? 1 : 0,
  );
}

/** The name of a fact that is given and yet no finite number, or null. */
export function brokenFeature(features: ResponseFeatures): string | null {
  const broken = Object.entries(features).find(([, value]) => value !== null && !Number.isFinite(value));
  return broken === undefined ? null : broken[0];
}

function logit(share: number): number {
  const kept = Math.min(0.998, Math.max(0.002, share));
  return Math.log(kept / (1 - kept));
}

function logOnePlus(value: number): number {
  return Number.isFinite(value) ? Math.log1p(Math.max(0, value)) : NaN;
}
