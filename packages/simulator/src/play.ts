import type { Policy, ShopView } from "./policies.js";
import { drawPopulation, type Population } from "./population.js";
import { plainCalendar, seasonFactor } from "./season.js";
import { arrive, copyShoppers, liveDay, type Influence, type Shoppers } from "./shoppers.js";
import type { Life, World } from "./worlds.js";

/** Cost of a basket as a share of its list price, in the core without items. */
export const costShare = 0.374;

export interface PlayOptions {
  readonly seed: number;
  /** Number of customers, default 2,000. */
  readonly customers?: number;
  /** Default: nobody joins or lapses. */
  readonly life?: Life;
  /** The population of this world, seed, size and life, where it was drawn before: drawing takes a tenth of a play. */
  readonly population?: Population;
  /** Go on from the end of an earlier play of the same world and seed, instead of from day 0. */
  readonly from?: PlayEnd;
}

/** Where a play stopped: enough to go on from, under the same or another policy. */
export interface PlayEnd {
  readonly day: number;
  readonly shoppers: Shoppers;
  readonly boughtYesterday: Uint8Array;
  readonly marginYesterday: Float64Array;
  readonly listYesterday: Float64Array;
  readonly discountYesterday: Float64Array;
}

/** Totals of each customer over the days played; money in the core's currency unit. */
export interface PlayResult {
  readonly population: Population;
  /** What was earned: price paid less cost. */
  readonly margin: Float64Array;
  /** What was given away in discounts. */
  readonly discount: Float64Array;
  /** Number of purchases. */
  readonly purchases: Float64Array;
  /** Number of purchases without an offer in hand. */
  readonly fullPricePurchases: Float64Array;
  readonly end: PlayEnd;
}

/**
 * Plays a policy in a world for a number of days. Same seed, same luck: two policies differ by what they do alone, and a play
 * in two parts (`from`) equals one in a single part.
 */
export function play(world: World, policy: Policy, days: number, options: PlayOptions): PlayResult {
  const population = options.population ?? drawPopulation(world, options.seed, options.customers ?? 2000, options.life);
  const now = options.from ? copyEnd(options.from) : startOf(population);
  const totals = {
    margin: zeros(population),
    discount: zeros(population),
    purchases: zeros(population),
    fullPricePurchases: zeros(population),
  };
  const proposed = zeros(population);
  const firstDay = now.day;
  for (let day = firstDay; day < firstDay + days; day++) {
    proposed.fill(0);
    policy(viewOf(population, now, day), proposed);
    playDay(population, now, day, proposed, totals);
  }
  return { population, ...totals, end: { ...now, day: firstDay + days } };
}

type Totals = Pick<PlayResult, "margin" | "discount" | "purchases" | "fullPricePurchases">;

function playDay(population: Population, now: PlayEnd, day: number, proposed: Float64Array, totals: Totals): void {
  const pull = seasonFactor(population.seed, day, plainCalendar(day));
  const influence: Influence = { proposedDepth: 0, relevance: 1, publicDepth: 0, pull };
  for (let i = 0; i < population.size; i++) {
    influence.proposedDepth = proposed[i]!;
    const buys = liveDay(population, now.shoppers, i, day, influence);
    now.boughtYesterday[i] = buys ? 1 : 0;
    now.marginYesterday[i] = 0;
    now.listYesterday[i] = 0;
    now.discountYesterday[i] = 0;
    if (!buys) continue;
    const depth = now.shoppers.lastDepth[i]!;
    const mood = Math.max(-2, Math.min(2, now.shoppers.lastMood[i]!));
    const basket = population.basket[i]! * (1 + 0.15 * mood);
    now.marginYesterday[i] = basket * (1 - depth - costShare);
    now.listYesterday[i] = basket;
    now.discountYesterday[i] = basket * depth;
    totals.margin[i]! += now.marginYesterday[i]!;
    totals.discount[i]! += basket * depth;
    totals.purchases[i]! += 1;
    if (depth === 0) totals.fullPricePurchases[i]! += 1;
  }
}

function viewOf(population: Population, now: PlayEnd, day: number): ShopView {
  const { shoppers, boughtYesterday, marginYesterday, listYesterday, discountYesterday } = now;
  return {
    day,
    size: population.size,
    observed: population.observed,
    liveDepth: shoppers.liveDepth,
    reachable: shoppers.reachable.map((reachable, i) => (day < population.joinDay[i]! ? 0 : reachable)),
    boughtYesterday,
    marginYesterday,
    listYesterday,
    discountYesterday,
    sinceVisit: shoppers.sinceVisit,
  };
}

function zeros(population: Population): Float64Array {
  return new Float64Array(population.size);
}

function startOf(population: Population): PlayEnd {
  return {
    day: 0,
    shoppers: arrive(population),
    boughtYesterday: new Uint8Array(population.size),
    marginYesterday: zeros(population),
    listYesterday: zeros(population),
    discountYesterday: zeros(population),
  };
}

function copyEnd(end: PlayEnd): PlayEnd {
  return {
    day: end.day,
    shoppers: copyShoppers(end.shoppers),
    boughtYesterday: end.boughtYesterday.slice(),
    marginYesterday: end.marginYesterday.slice(),
    listYesterday: end.listYesterday.slice(),
    discountYesterday: end.discountYesterday.slice(),
  };
}
