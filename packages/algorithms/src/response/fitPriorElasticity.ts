import { createRandom, shuffledIndices, type Random } from "../random.js";
import { brokenFeature, COLUMNS, encodeFeatures, TASTE_COLUMN } from "./encodeFeatures.js";
import { fitLogistic } from "./fitLogistic.js";
import { PRIOR_ELASTICITY, PriorElasticityModel } from "./priorElasticityModel.js";
import type { ResponseFeatures } from "./responseModel.js";

/** One customer and item at a past moment, and what followed at full price. */
export interface ResponseExample {
  /** As they were known at that moment, not later. */
  readonly features: ResponseFeatures;
  /** Whether the customer bought the item within the time that an offer lives. */
  readonly bought: boolean;
  /** Units they bought, if so; 1 unless told. */
  readonly quantity?: number;
}

export interface FitOptions {
  /** Odds grow as (1 − d)^−elasticity; ≥ 0. */
  readonly elasticity?: number;
  /** Rows used at most, a random sample above; 100,000 unless told. */
  readonly mostRows?: number;
  /** Draws the sample. */
  readonly random?: Random;
}

/** Standard deviation of the prior on a standardised coefficient is 1 / √ of this; a few dozen rows outweigh it. */
const RIDGE = 4;
const INTERCEPT_RIDGE = 0.1;
/** Buyers that one unit each outweighs. */
const QUANTITY_PRIOR = 20;

/**
 * Fits the base probability on history: ridge logistic regression, drawn towards "the taste score is the probability".
 *
 * With no example at all the model says just that. Separable classes, constant and repeated columns are sound (the prior decides).
 *
 * @throws RangeError naming the example and the feature when a number is not finite
 */
export function fitPriorElasticity(examples: readonly ResponseExample[], options: FitOptions = {}): PriorElasticityModel {
  const { elasticity = PRIOR_ELASTICITY, mostRows = 100_000, random = createRandom(1, "response") } = options;
  const used = examples.length <= mostRows ? examples : Array.from(shuffledIndices(random, examples.length, mostRows), (i) => examples[i]!);
  const rows = used.map((example, at) => encode(example, at));
  const { means, deviations } = scale(rows);
  const { intercept, coefficients } = fit(rows, used, means, deviations);
  const buyers = used.filter((example) => example.bought);
  const units = buyers.reduce((sum, example) => sum + Math.max(1, example.quantity ?? 1), 0);
  const quantity = (units + QUANTITY_PRIOR) / (buyers.length + QUANTITY_PRIOR);
  return new PriorElasticityModel({ intercept, coefficients, means, deviations, quantity, elasticity, trainedOn: used.length });
}

function encode(example: ResponseExample, at: number): Float64Array {
  const broken = brokenFeature(example.features);
  if (broken !== null)
    throw new RangeError(`The feature ${broken} of example ${at} is not a finite number; leave it null if it is missing.`);
  if (!Number.isFinite(example.quantity ?? 1))
    throw new RangeError(`The quantity of example ${at} is not a finite number; leave it out if it is one unit.`);
  return encodeFeatures(example.features);
}

/** Mean and deviation of each column over what is not missing. The taste column keeps its own unit when it does not vary. */
function scale(rows: readonly Float64Array[]): { means: number[]; deviations: number[] } {
  const columns = COLUMNS.map((_, column) => {
    const values = rows.map((row) => row[column]!).filter((value) => !Number.isNaN(value));
    const mean = values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.length === 0 ? 0 : values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const deviation = Math.sqrt(variance) > 1e-9 * Math.max(1, Math.abs(mean)) ? Math.sqrt(variance) : 0;
    return { mean, deviation: deviation === 0 && column === TASTE_COLUMN ? 1 : deviation };
  });
  return { means: columns.map((c) => c.mean), deviations: columns.map((c) => c.deviation) };
}

function fit(
  rows: readonly Float64Array[],
  examples: readonly ResponseExample[],
  means: readonly number[],
  deviations: readonly number[],
): { intercept: number; coefficients: number[] } {
  const columns = COLUMNS.length + 1;
  const x = new Float64Array(rows.length * columns);
  rows.forEach((row, r) => {
    x[r * columns] = 1;
    row.forEach((value, c) => {
      if (deviations[c]! > 0 && !Number.isNaN(value)) x[r * columns + c + 1] = (value - means[c]!) / deviations[c]!;
    });
  });
  const priorMean = new Float64Array(columns);
  priorMean[0] = means[TASTE_COLUMN]!;
  priorMean[TASTE_COLUMN + 1] = deviations[TASTE_COLUMN]!;
  const priorPrecision = new Float64Array(columns).fill(RIDGE);
  priorPrecision[0] = INTERCEPT_RIDGE;
  const y = Uint8Array.from(examples, (example) => (example.bought ? 1 : 0));
  const { coefficients } = fitLogistic({ x, y, columns, priorMean, priorPrecision });
  return { intercept: coefficients[0]!, coefficients: Array.from(coefficients.subarray(1)) };
}
