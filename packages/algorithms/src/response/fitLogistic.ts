import { choleskySolve } from "./choleskySolve.js";

export interface LogisticProblem {
  /** Row-major, rows × columns; every number finite. */
  readonly x: Float64Array;
  /** 0 or 1 for each row. */
  readonly y: Uint8Array;
  readonly columns: number;
  /** What the coefficients are drawn towards. */
  readonly priorMean: Float64Array;
  /** How strongly, for each coefficient: 1 / variance of the prior, above 0. */
  readonly priorPrecision: Float64Array;
}

export interface LogisticFit {
  readonly coefficients: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Logistic regression with a normal prior on each coefficient (ridge about the prior's mean), by Newton's method with step halving.
 *
 * The penalised likelihood is strictly concave, so that the answer exists and is unique even when the classes are separable, columns
 * repeat each other, or there is no row at all (then it is the prior's mean). An intercept is a column of ones. Nothing is random.
 *
 * @throws RangeError when a number is not finite or a precision is not above 0
 */
export function fitLogistic(problem: LogisticProblem): LogisticFit {
  requireSound(problem);
  let coefficients: Float64Array = Float64Array.from(problem.priorMean);
  let objective = penalisedLogLikelihood(problem, coefficients);
  for (let iteration = 1; iteration <= 100; iteration++) {
    const { gradient, hessian } = derivatives(problem, coefficients);
    const step = choleskySolve(hessian, gradient);
    if (step === null) return { coefficients, iterations: iteration, converged: false };
    const next = improve(problem, coefficients, step, objective);
    const moved = next === null ? 0 : Math.max(...next.coefficients.map((c, i) => Math.abs(c - coefficients[i]!)));
    if (next !== null) ({ coefficients, objective } = next);
    if (moved < 1e-9) return { coefficients, iterations: iteration, converged: true };
  }
  return { coefficients, iterations: 100, converged: false };
}

function requireSound({ x, priorMean, priorPrecision }: LogisticProblem): void {
  const at = x.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new RangeError(
      `Cell ${at % priorMean.length} of row ${Math.floor(at / priorMean.length)} is ${x[at]}; a regression takes finite numbers only.`,
    );
  if (!priorPrecision.every((precision) => precision > 0))
    throw new RangeError("Every coefficient needs a prior precision above 0, or separable data would have no answer.");
}

/** The full step, or a half, a quarter …: the first that does not worsen the objective; null when none does. */
function improve(
  problem: LogisticProblem,
  from: Float64Array,
  step: Float64Array,
  objective: number,
): { coefficients: Float64Array; objective: number } | null {
  for (let share = 1; share > 1e-6; share /= 2) {
    const coefficients = from.map((c, i) => c + share * step[i]!);
    const reached = penalisedLogLikelihood(problem, coefficients);
    if (reached >= objective) return { coefficients, objective: reached };
  }
  return null;
}

function penalisedLogLikelihood({ x, y, columns, priorMean, priorPrecision }: LogisticProblem, coefficients: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < y.length; row++) {
    const z = linear(x, row * columns, coefficients);
    const signed = y[row] === 1 ? z : -z;
    sum += signed > 0 ? -Math.log1p(Math.exp(-signed)) : signed - Math.log1p(Math.exp(signed));
  }
  for (let j = 0; j < columns; j++) sum -= (priorPrecision[j]! * (coefficients[j]! - priorMean[j]!) ** 2) / 2;
  return sum;
}

/** Gradient and negative Hessian of the penalised log-likelihood. */
function derivatives(
  { x, y, columns, priorMean, priorPrecision }: LogisticProblem,
  coefficients: Float64Array,
): { gradient: Float64Array; hessian: Float64Array } {
  const gradient = new Float64Array(columns);
  const hessian = new Float64Array(columns * columns);
  for (let row = 0; row < y.length; row++) {
    const at = row * columns;
    const p = sigmoid(linear(x, at, coefficients));
    const weight = p * (1 - p);
    for (let i = 0; i < columns; i++) {
      gradient[i]! += (y[row]! - p) * x[at + i]!;
      for (let j = 0; j <= i; j++) hessian[i * columns + j]! += weight * x[at + i]! * x[at + j]!;
    }
  }
  for (let i = 0; i < columns; i++) {
    gradient[i]! -= priorPrecision[i]! * (coefficients[i]! - priorMean[i]!);
    hessian[i * columns + i]! += priorPrecision[i]!;
    for (let j = 0; j < i; j++) hessian[j * columns + i] = hessian[i * columns + j]!;
  }
  return { gradient, hessian };
}

function linear(x: Float64Array, at: number, coefficients: Float64Array): number {
  let z = 0;
  for (let j = 0; j < coefficients.length; j++) z += x[at + j]! * coefficients[j]!;
  return z;
}

/** 1 / (1 + e^−z), without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}
