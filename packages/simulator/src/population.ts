import { normalAt, uniformAt } from "@kava/algorithms/random";
import { birth, purpose } from "./purposes.js";
import { settledLife, type Life, type World } from "./worlds.js";

/**
 * The true parameters of n customers, one array an attribute, index = customer. A policy may look at `observed` alone;
 * everything else is the truth against which policies are measured.
 */
export interface Population {
  readonly seed: number;
  readonly size: number;
  readonly world: World;
  readonly life: Life;
  /** Scale of the Weibull gap between visits, days: lognormal(ln 5, 0.7). */
  readonly gapScale: Float64Array;
  /** Shape of the Weibull gap, 1.2..2.2: above 1, so a visit becomes more likely the longer the last one is ago. */
  readonly gapShape: Float64Array;
  /** Mean log tolerance of the customer (see World). */
  readonly tolerance: Float64Array;
  /** Day-to-day standard deviation of the log tolerance, 0.05..0.12. */
  readonly toleranceSpread: Float64Array;
  /** All that is observed of the tolerance: -0.7 or 0.7 plus standard normal noise. */
  readonly observed: Float64Array;
  /** 1 where the list price is too high for the customer. */
  readonly sensitive: Uint8Array;
  /** 1 where the customer remembers offers and waits. */
  readonly strategic: Uint8Array;
  /** How long a remembered offer lasts, days, 10..40. */
  readonly memoryDays: Float64Array;
  /** Remembered depth from which the customer starts to wait, fraction of the list price. */
  readonly waitingHabit: Float64Array;
  /** Most days the customer waits: geometric, mean 5. */
  readonly patience: Float64Array;
  /** Probability of seeing an offer when rested, 0..1: Beta(4, 2). */
  readonly attention: Float64Array;
  /** Mean basket at list price in the core's currency unit: lognormal(ln 5.5, 0.35). The demo chain uses its ratio to 5.5. */
  readonly basket: Float64Array;
  /** Rise of the visit hazard by a live offer: the world's lift for half of the customers, 0 for the rest. */
  readonly lift: Float64Array;
  /** Days since the last visit when the world starts, 0..7. */
  readonly startGap: Float64Array;
  /** Day on which the customer joins; below 0 for those who were there before. */
  readonly joinDay: Int32Array;
  /** 1 where the customer has lapsed before the world starts. */
  readonly startsAway: Uint8Array;
}

/** The basket of the median customer, in the core's currency unit. */
export const medianBasket = 5.5;

/**
 * Draws the customers of a world. Customer i depends on (seed, i) alone, so a larger population begins with the smaller one.
 *
 * @param size number of customers, an integer >= 0
 */
export function drawPopulation(world: World, seed: number, size: number, life: Life = settledLife): Population {
  const uniform = (purposeOf: number, from = 0, to = 1) =>
    Float64Array.from({ length: size }, (_, i) => from + (to - from) * uniformAt(seed, i, birth, purposeOf));
  const normal = (purposeOf: number, mean = 0, deviation = 1) =>
    Float64Array.from({ length: size }, (_, i) => mean + deviation * normalAt(seed, i, birth, purposeOf));
  const chance = (purposeOf: number, share: number) => Uint8Array.from(uniform(purposeOf), (u) => (u < share ? 1 : 0));

  const sensitive = chance(purpose.sensitive, world.priceSensitiveShare);
  const between = (u: number, i: number) => (sensitive[i] ? world.sensitiveTolerance : world.otherTolerance) + u;
  return {
    seed,
    size,
    world,
    life,
    gapScale: normal(purpose.gapScale, Math.log(5), 0.7).map(Math.exp),
    gapShape: uniform(purpose.gapShape, 1.2, 2.2),
    tolerance: normal(purpose.toleranceMean, 0, 0.1).map(between),
    toleranceSpread: uniform(purpose.toleranceSpread, 0.05, 0.12),
    observed: normal(purpose.observed).map((noise, i) => (sensitive[i] ? -0.7 : 0.7) + noise),
    sensitive,
    strategic: chance(purpose.strategic, world.strategicShare),
    memoryDays: uniform(purpose.memoryDays, 10, 40),
    waitingHabit: normal(purpose.waitingHabit, Math.log(0.04), 0.5).map(Math.exp),
    patience: uniform(purpose.patience).map((u) => Math.max(1, Math.ceil(Math.log1p(-u) / Math.log(0.8)))),
    attention: Float64Array.from({ length: size }, (_, i) => betaFourTwo(seed, i)),
    basket: normal(purpose.basketSize, Math.log(medianBasket), 0.35).map(Math.exp),
    lift: uniform(purpose.lift).map((u) => (u < 0.5 ? world.offerLift : 0)),
    startGap: uniform(purpose.startGap, 0, 8).map(Math.floor),
    joinDay: drawJoinDays(seed, size, life),
    startsAway: drawStartsAway(seed, size, life),
  };
}

/** Beta(4, 2) is the fourth smallest of five uniform draws. */
function betaFourTwo(seed: number, customer: number): number {
  const draws = Float64Array.from({ length: 5 }, (_, k) => uniformAt(seed, customer, birth, purpose.attention, k));
  return draws.sort()[3] ?? 0;
}

function drawJoinDays(seed: number, size: number, life: Life): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => {
    if (uniformAt(seed, i, birth, purpose.newcomer) >= life.newcomerShare) return -1;
    return Math.floor(life.joinWindowDays * uniformAt(seed, i, birth, purpose.joinDay));
  });
}

/** The share that is away in the long run is away at the start; newcomers are all there. */
function drawStartsAway(seed: number, size: number, life: Life): Uint8Array {
  const longRun = life.lapsePerDay === 0 ? 0 : life.lapsePerDay / (life.lapsePerDay + life.revivalPerDay);
  return Uint8Array.from({ length: size }, (_, i) => {
    const newcomer = uniformAt(seed, i, birth, purpose.newcomer) < life.newcomerShare;
    return !newcomer && uniformAt(seed, i, birth, purpose.startsAway) < longRun ? 1 : 0;
  });
}
