import { fitLogistic } from "../response/fitLogistic.js";
import { pairedDifference } from "../uplift/clusteredMean.js";

/** A basket that neither way of ranking was learned from, and what each had made of its customer before. */
export interface RankedCase {
  /** Per item the chance that the basket holds it, 0 to 1, by the model in service; 0 for an item that it does not know. */
  readonly inService: ArrayLike<number>;
  /** The same by the new one, of the same items in the same order. */
  readonly challenger: ArrayLike<number>;
  /** What it held: places among the items, at least one. */
  readonly items: readonly number[];
}

/** How a new way of ranking does beside the one in service. Losses are log losses of whole baskets (nats a customer), less is better. */
export interface RankingComparison {
  readonly customers: number;
  readonly lossInService: number;
  readonly loss: number;
  /** Loss in service less the new one's, paired by customer: above 0 the new one is better. The bounds leave out 10 % on each side. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number };
  /** Share of the customers whose basket held one of the first five, 0 to 1. */
  readonly hitRateInService: number;
  readonly hitRate: number;
  /** Slope of what came on the log odds that were given (Cox 1958): 1 is right. Null when it cannot be told. */
  readonly calibrationSlopeInService: number | null;
  readonly calibrationSlope: number | null;
}

/** Two-sided 80 %. */
const CONFIDENCE = 0.8;
/** Chances are kept this far from 0 and 1: one surprise of a model that was certain would otherwise outweigh all else. */
const CERTAIN = 1e-4;
const FIRST = 5;
/** Rows that a slope is fitted to: more say no more. */
const MOST_ROWS = 300_000;

/**
 * Compares two ways of ranking on the same customers, one case each.
 *
 * @throws RangeError when there are none
 */
export function compareRankings(cases: readonly RankedCase[]): RankingComparison {
  const before = measured(cases, (each) => each.inService);
  const after = measured(cases, (each) => each.challenger);
  const { mean, low, high } = pairedDifference(before.losses, after.losses, { confidence: CONFIDENCE });
  return {
    customers: cases.length,
    lossInService: before.loss,
    loss: after.loss,
    gain: { mean, low, high },
    hitRateInService: before.hitRate,
    hitRate: after.hitRate,
    calibrationSlopeInService: before.slope,
    calibrationSlope: after.slope,
  };
}

function measured(cases: readonly RankedCase[], chancesOf: (each: RankedCase) => ArrayLike<number>) {
  const losses = Float64Array.from(cases, (each) => lossOf(chancesOf(each), each.items));
  const hits = cases.filter((each) => firstOf(chancesOf(each)).some((item) => each.items.includes(item))).length;
  return {
    losses,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / cases.length,
    hitRate: hits / cases.length,
    slope: slopeOf(cases, chancesOf),
  };
}

function lossOf(chances: ArrayLike<number>, items: readonly number[]): number {
  let loss = 0;
  for (let item = 0; item < chances.length; item++) loss -= Math.log(1 - bounded(chances[item]!));
  for (const item of items) loss += Math.log(1 - bounded(chances[item]!)) - Math.log(bounded(chances[item]!));
  return loss;
}

function firstOf(chances: ArrayLike<number>): number[] {
  return Array.from(chances, (_, item) => item)
    .sort((a, b) => chances[b]! - chances[a]! || a - b)
    .slice(0, FIRST);
}

function slopeOf(cases: readonly RankedCase[], chancesOf: (each: RankedCase) => ArrayLike<number>): number | null {
  const [x, y]: [number[], number[]] = [[], []];
  for (const each of cases) {
    const chances = chancesOf(each);
    const came = new Set(each.items);
    if (y.length + chances.length > MOST_ROWS) break;
    for (let item = 0; item < chances.length; item++) {
      const chance = bounded(chances[item]!);
      x.push(1, Math.log(chance / (1 - chance)));
      y.push(came.has(item) ? 1 : 0);
    }
  }
  const hits = y.reduce((sum, one) => sum + one, 0);
  if (hits === 0 || hits === y.length) return null;
  // a prior so weak that a dozen cases outweigh it
  const weak = { priorMean: Float64Array.of(0, 1), priorPrecision: Float64Array.of(0.01, 0.01) };
  return fitLogistic({ x: Float64Array.from(x), y: Uint8Array.from(y), columns: 2, ...weak }).coefficients[1]!;
}

const bounded = (chance: number): number => Math.min(1 - CERTAIN, Math.max(CERTAIN, chance));
