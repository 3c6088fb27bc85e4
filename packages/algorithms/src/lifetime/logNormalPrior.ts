import { choleskySolve } from "../response/choleskySolve.js";

/**
 * A log-normal prior of positive parameters: the logarithm of each is normal around that of the centre. It holds a fit where data is small and
 * fades by itself where it is not.
 */
export interface LogNormalPrior {
  /** Medians, in the parameters' own units and order. */
  readonly centre: readonly number[];
  /** Standard deviation of each logarithm; 1 means that a factor of e either way is ordinary. */
  readonly deviation: number;
}

/** ln of the prior's density at the logarithms of the parameters, up to a constant. */
export function logPrior({ centre, deviation }: LogNormalPrior, logs: readonly number[]): number {
  return -0.5 * logs.reduce((sum, log, j) => sum + ((log - Math.log(centre[j]!)) / deviation) ** 2, 0);
}

/** @throws RangeError when a centre is not positive or the deviation is not */
export function requirePrior({ centre, deviation }: LogNormalPrior, parameters: number): void {
  const sound = centre.length === parameters && centre.every((value) => value > 0 && Number.isFinite(value));
  if (!(sound && deviation > 0 && Number.isFinite(deviation)))
    throw new RangeError(
      `A prior around [${centre.join(", ")}] with deviation ${deviation} is none; it needs ${parameters} positive centres and a positive deviation.`,
    );
}

const STEP = 1e-3;

/**
 * How much of an answer is the prior's: the variance that each parameter's logarithm has left (Laplace's approximation at the optimum) over the
 * prior's own, averaged. 0: the data says it all; 1: the data says nothing.
 *
 * @param objective minus the log-posterior, of the logarithms
 */
export function priorWeight(
  objective: (logs: readonly number[]) => number,
  logs: readonly number[],
  { deviation }: LogNormalPrior,
): number {
  const curvature = hessian(objective, logs);
  const left = logs.map((_, j) => {
    const unit = Float64Array.from(logs, (__, i) => (i === j ? 1 : 0));
    return (choleskySolve(curvature, unit)?.[j] ?? NaN) / deviation ** 2;
  });
  const weight = left.reduce((sum, value) => sum + value, 0) / left.length;
  return Number.isFinite(weight) ? Math.min(1, Math.max(0, weight)) : 1;
}

/** Second derivatives by central differences, row after row. */
function hessian(objective: (at: readonly number[]) => number, at: readonly number[]): Float64Array {
  const moved = (j: number, by: number, k: number, and: number): number =>
    objective(at.map((value, i) => value + (i === j ? by : 0) + (i === k ? and : 0)));
  return Float64Array.from(
    at.flatMap((_, j) =>
      at.map(
        (__, k) =>
          (moved(j, STEP, k, STEP) - moved(j, STEP, k, -STEP) - moved(j, -STEP, k, STEP) + moved(j, -STEP, k, -STEP)) / (4 * STEP * STEP),
      ),
    ),
  );
}
