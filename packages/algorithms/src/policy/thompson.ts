import { normalProbability } from "../normalProbability.js";
import { normalQuantile } from "../normalQuantile.js";

/** What is believed of an arm's worth: normal with this mean and deviation (≥ 0, 0 = known). */
export interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

/** Points of the integration: errors of a probability are below 1e-2 at worst, and all of them together are made to sum to 1. */
const POINTS = 64;
const QUANTILES = Float64Array.from({ length: POINTS }, (_, i) => normalQuantile((i + 0.5) / POINTS));

/**
 * The probability of each arm to be drawn by Thompson sampling, that is, to be the best under independent beliefs (Thompson 1933; Chapelle & Li
 * 2011): ∫ φ_k(x) Π_{j≠k} Φ_j(x) dx, by the midpoint rule over the arm's own quantiles. Nothing is drawn, so that it is the same each time.
 * Arms that are known and equal share what the best of them has.
 *
 * @throws RangeError when there are no arms, a mean is not finite or a deviation is below 0
 */
export function thompsonProbabilities(beliefs: readonly Belief[]): number[] {
  if (beliefs.length === 0) throw new RangeError("There is no arm to draw; give at least one (0 % is always one).");
  const strange = beliefs.find(({ mean, deviation }) => !(Number.isFinite(mean) && deviation >= 0 && Number.isFinite(deviation)));
  if (strange)
    throw new RangeError(`A belief of mean ${strange.mean} and deviation ${strange.deviation} is none; give finite ones, deviation ≥ 0.`);
  const shares = beliefs.map((own, k) => {
    const points = own.deviation === 0 ? [own.mean] : Array.from(QUANTILES, (z) => own.mean + own.deviation * z);
    return points.reduce((sum, x) => sum + chanceAllBelow(beliefs, k, x), 0) / points.length;
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

function chanceAllBelow(beliefs: readonly Belief[], own: number, x: number): number {
  let chance = 1;
  for (let j = 0; j < beliefs.length && chance > 1e-12; j++) if (j !== own) chance *= chanceBelow(beliefs[j]!, x);
  return chance;
}

function chanceBelow({ mean, deviation }: Belief, x: number): number {
  if (deviation > 0) return normalProbability((x - mean) / deviation);
  return x > mean ? 1 : x === mean ? 0.5 : 0;
}
