import { normalQuantile } from "../normalQuantile.js";
import { sigmoid } from "../response/fitLogistic.js";
import { PRIOR_ELASTICITY, depthLogOdds } from "../response/priorElasticityModel.js";

/** ε of odds(d) = odds(0) · (1 − d)^−ε, ≥ 0, with an interval that holds four times in five. */
export interface MeasuredElasticity {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ElasticitySample {
  /** n log odds of buying at full price, as a model had it. */
  readonly baseLogOdds: Float64Array;
  /** n depths that were drawn, percent. */
  readonly depths: Float64Array;
  /** n units bought; what counts is whether there were any. */
  readonly units: Float64Array;
  /** n weights above 0, of any sum. */
  readonly weights: Float64Array;
  /** The customer of each row. */
  readonly customers: ArrayLike<number>;
}

/** How far the model's log odds may be off as a whole, and how far the elasticity may be from what is published: deviations of normal priors. */
const SHIFT_DEVIATION = 0.5;
const ELASTICITY_DEVIATION = 1;
const CONFIDENCE = 0.8;

/**
 * The elasticity that a randomised log shows: the most probable (shift, ε) under shift ~ N(0, 0.5²), ε ~ N(2, 1²) and ε ≥ 0, by Newton's method
 * on a concave function. The interval is the larger of the curvature's and one that allows any dependence within a customer (Liang & Zeger
 * 1986), cut at 0. Weights make up for unequal chances; together they count as (Σw)² / Σw² rows (Kish 1965), so that the prior keeps its due.
 *
 * @throws RangeError when a number is not finite or a weight not above 0
 */
export function measureElasticity(sample: ElasticitySample): MeasuredElasticity {
  const { weights, baseLogOdds, depths } = sample;
  const strange = baseLogOdds.findIndex((base, row) => !(Number.isFinite(base) && Number.isFinite(depths[row]) && weights[row]! > 0));
  if (strange >= 0)
    throw new RangeError(`Row ${strange} has log odds ${baseLogOdds[strange]}, depth ${depths[strange]} and weight ${weights[strange]}.`);
  const sum = weights.reduce((total, w) => total + w, 0);
  const squares = weights.reduce((total, w) => total + w * w, 0);
  const rows = Array.from({ length: depths.length }, (_, row) => ({
    base: baseLogOdds[row]!,
    x: depthLogOdds(1, depths[row]!),
    bought: sample.units[row]! > 0 ? 1 : 0,
    weight: (weights[row]! * sum) / squares,
    customer: sample.customers[row]!,
  }));
  const { shift, elasticity } = mostProbable(rows);
  const deviation = deviationOf(rows, shift, elasticity);
  const reach = normalQuantile(0.5 + CONFIDENCE / 2) * deviation;
  const value = Math.max(0, elasticity);
  return { value, low: Math.max(0, elasticity - reach), high: Math.max(value, elasticity + reach) };
}

interface Row {
  readonly base: number;
  /** −ln(1 − d) */
  readonly x: number;
  readonly bought: number;
  readonly weight: number;
  readonly customer: number;
}

/** Symmetric 2 × 2: of shift, of both, of the elasticity. */
type Square = readonly [number, number, number];

function mostProbable(rows: readonly Row[]): { shift: number; elasticity: number } {
  let at = { shift: 0, elasticity: PRIOR_ELASTICITY };
  let reached = objectiveOf(rows, at);
  for (let iteration = 0; iteration < 50; iteration++) {
    const { gradient, curvature } = derivativesOf(rows, at);
    const [a, b] = solve(curvature, gradient);
    let share = 1;
    let next = at;
    let improved = -Infinity;
    for (; share > 1e-6 && improved < reached; share /= 2) {
      next = { shift: at.shift + share * a, elasticity: at.elasticity + share * b };
      improved = objectiveOf(rows, next);
    }
    if (improved < reached) return at;
    const moved = Math.max(Math.abs(next.shift - at.shift), Math.abs(next.elasticity - at.elasticity));
    at = next;
    reached = improved;
    if (moved < 1e-10) return at;
  }
  return at;
}

function objectiveOf(rows: readonly Row[], { shift, elasticity }: { shift: number; elasticity: number }): number {
  let sum = -((shift / SHIFT_DEVIATION) ** 2) / 2 - ((elasticity - PRIOR_ELASTICITY) / ELASTICITY_DEVIATION) ** 2 / 2;
  for (const { base, x, bought, weight } of rows) {
    const z = base + shift + elasticity * x;
    const signed = bought === 1 ? z : -z;
    sum += weight * (signed > 0 ? -Math.log1p(Math.exp(-signed)) : signed - Math.log1p(Math.exp(signed)));
  }
  return sum;
}

function derivativesOf(
  rows: readonly Row[],
  { shift, elasticity }: { shift: number; elasticity: number },
): { gradient: [number, number]; curvature: Square } {
  const gradient: [number, number] = [-shift / SHIFT_DEVIATION ** 2, -(elasticity - PRIOR_ELASTICITY) / ELASTICITY_DEVIATION ** 2];
  let [first, both, second] = [1 / SHIFT_DEVIATION ** 2, 0, 1 / ELASTICITY_DEVIATION ** 2];
  for (const { base, x, bought, weight } of rows) {
    const p = sigmoid(base + shift + elasticity * x);
    gradient[0] += weight * (bought - p);
    gradient[1] += weight * (bought - p) * x;
    const w = weight * p * (1 - p);
    first += w;
    both += w * x;
    second += w * x * x;
  }
  return { gradient, curvature: [first, both, second] };
}

/** Standard error of the elasticity. */
function deviationOf(rows: readonly Row[], shift: number, elasticity: number): number {
  const { curvature } = derivativesOf(rows, { shift, elasticity });
  // the row of the inverse that belongs to the elasticity
  const [toShift, toElasticity] = solve(curvature, [0, 1]);
  const sums = new Map<number, number>();
  for (const { base, x, bought, weight, customer } of rows) {
    const residual = weight * (bought - sigmoid(base + shift + elasticity * x));
    sums.set(customer, (sums.get(customer) ?? 0) + residual * (toShift + toElasticity * x));
  }
  const clustered = [...sums.values()].reduce((total, each) => total + each * each, 0);
  return Math.sqrt(Math.max(toElasticity, clustered));
}

function solve([first, both, second]: Square, [a, b]: readonly [number, number]): [number, number] {
  const determinant = first * second - both * both; // above 0: the priors' precisions are on the diagonal
  return [(second * a - both * b) / determinant, (first * b - both * a) / determinant];
}
