import { normalAt, uniformAt } from "@kava/algorithms/random";
import type { Population } from "./population.js";
import { purpose } from "./purposes.js";

/** What changes in customers from day to day; index = customer. Plain arrays: copy it, keep it, go on from it. */
export interface Shoppers {
  /** Days since the last purchase. */
  readonly sinceVisit: Float64Array;
  /** Remembered depth of offers, fraction of the list price. */
  readonly remembered: Float64Array;
  /** Days the customer has been waiting for a better offer. */
  readonly waited: Float64Array;
  /** Weariness of being shown offers, >= 0. */
  readonly fatigue: Float64Array;
  /** Depth of the offer the customer has seen and can still use, fraction; 0 = none. */
  readonly liveDepth: Float64Array;
  /** First day on which that offer is no longer valid. */
  readonly liveUntil: Float64Array;
  /** 0 after the customer opted out of offers for good. */
  readonly reachable: Uint8Array;
  /** 1 while the customer has lapsed. */
  readonly away: Uint8Array;
  /** The standard normal tolerance draw of the customer's last visit (a good mood also fills the basket). */
  readonly lastMood: Float64Array;
  /** Of the customer's last purchase: the depth of the personal offer in hand, fraction. */
  readonly lastDepth: Float64Array;
}

/** What the world does to a customer on a day. */
export interface Influence {
  /** Depth of an offer sent today, fraction of the list price, 0 <= depth < 1; 0 = none is sent. */
  proposedDepth: number;
  /** How much of a personal offer's depth counts for this customer, 0..1 (an offer on an unloved item counts for less). */
  relevance: number;
  /** Depth that everybody gets today (a public promotion), as far as it counts for this customer, fraction. */
  publicDepth: number;
  /** What the visit hazard is multiplied with: season, weekday and habit. */
  pull: number;
}

/** Days for which an offer stays valid. */
export const offerDays = 7;

/** The customers as they are before day 0. */
export function arrive(population: Population): Shoppers {
  const zeros = () => new Float64Array(population.size);
  return {
    sinceVisit: population.startGap.slice(),
    remembered: zeros(),
    waited: zeros(),
    fatigue: zeros(),
    liveDepth: zeros(),
    liveUntil: zeros(),
    reachable: new Uint8Array(population.size).fill(1),
    away: population.startsAway.slice(),
    lastMood: zeros(),
    lastDepth: zeros(),
  };
}

export function copyShoppers(from: Shoppers): Shoppers {
  return {
    sinceVisit: from.sinceVisit.slice(),
    remembered: from.remembered.slice(),
    waited: from.waited.slice(),
    fatigue: from.fatigue.slice(),
    liveDepth: from.liveDepth.slice(),
    liveUntil: from.liveUntil.slice(),
    reachable: from.reachable.slice(),
    away: from.away.slice(),
    lastMood: from.lastMood.slice(),
    lastDepth: from.lastDepth.slice(),
  };
}

/**
 * Lives one day of one customer and says whether they buy. Changes `shoppers` at this customer's index only. Call it once a
 * day for each customer, days in order; the order among customers does not matter.
 */
export function liveDay(population: Population, shoppers: Shoppers, customer: number, day: number, influence: Influence): boolean {
  if (day < population.joinDay[customer]!) return false;
  receiveOffer(population, shoppers, customer, day, influence.proposedDepth);
  shoppers.sinceVisit[customer]! += 1;
  if (isAway(population, shoppers, customer, day)) return false;
  if (!wantsToBuy(population, shoppers, customer, day, influence)) return false;
  if (waitsForBetter(population, shoppers, customer)) {
    shoppers.waited[customer]! += 1;
    return false;
  }
  shoppers.lastDepth[customer] = shoppers.liveDepth[customer]!;
  shoppers.sinceVisit[customer] = 0;
  shoppers.waited[customer] = 0;
  shoppers.liveDepth[customer] = 0;
  shoppers.liveUntil[customer] = 0;
  return true;
}

/** An offer tires whoever it is shown to, may make them opt out, and, once seen, is remembered. */
function receiveOffer(population: Population, shoppers: Shoppers, i: number, day: number, proposedDepth: number): void {
  const { seed } = population;
  const shown = proposedDepth > 0 && shoppers.reachable[i] === 1;
  const rested = Math.exp(-shoppers.fatigue[i]!);
  shoppers.fatigue[i] = 0.93 * shoppers.fatigue[i]! + (shown ? 0.12 : 0);
  const seen = shown && uniformAt(seed, i, day, purpose.sight) < population.attention[i]! * rested;
  if (shown && uniformAt(seed, i, day, purpose.optOut) < 0.004 * shoppers.fatigue[i]!) shoppers.reachable[i] = 0;
  const memoryDays = population.memoryDays[i]!;
  const remembered = shoppers.remembered[i]!;
  if (seen) {
    shoppers.liveDepth[i] = proposedDepth;
    shoppers.liveUntil[i] = day + offerDays;
    shoppers.remembered[i] = remembered + (proposedDepth - remembered) * Math.min(1, 3 / memoryDays);
  } else {
    if (day >= shoppers.liveUntil[i]!) shoppers.liveDepth[i] = 0;
    shoppers.remembered[i] = remembered * (1 - 1 / memoryDays);
  }
}

/** Lapse and revival: a two-state chain; an offer in hand helps to come back as it helps to visit. */
function isAway(population: Population, shoppers: Shoppers, i: number, day: number): boolean {
  const { lapsePerDay, revivalPerDay } = population.life;
  if (lapsePerDay === 0) return false;
  const luck = uniformAt(population.seed, i, day, purpose.lapse);
  if (shoppers.away[i] === 1) {
    const lift = shoppers.liveDepth[i]! > 0 ? population.lift[i]! : 0;
    if (luck < revivalPerDay * (1 + lift)) shoppers.away[i] = 0;
  } else if (luck < lapsePerDay) shoppers.away[i] = 1;
  return shoppers.away[i] === 1;
}

/** Visits by a Weibull hazard, and then buys if the day's tolerance is above the price asked. */
function wantsToBuy(population: Population, shoppers: Shoppers, i: number, day: number, influence: Influence): boolean {
  const { seed } = population;
  const scale = population.gapScale[i]!;
  const shape = population.gapShape[i]!;
  const depth = shoppers.liveDepth[i]!;
  const lift = depth > 0 ? population.lift[i]! : 0;
  const hazard = (shape / scale) * (shoppers.sinceVisit[i]! / scale) ** (shape - 1) * influence.pull * (1 + lift);
  if (uniformAt(seed, i, day, purpose.visit) >= Math.min(0.95, 1 - Math.exp(-hazard))) return false;
  const mood = normalAt(seed, i, day, purpose.tolerance);
  shoppers.lastMood[i] = mood;
  const bestDepth = Math.max(depth * influence.relevance, influence.publicDepth);
  return population.tolerance[i]! + population.toleranceSpread[i]! * mood > Math.log(1 - bestDepth);
}

/** A strategic customer leaves with empty hands while the offer at hand is clearly below the remembered one. */
function waitsForBetter(population: Population, shoppers: Shoppers, i: number): boolean {
  return (
    population.strategic[i] === 1 &&
    shoppers.liveDepth[i]! < 0.8 * shoppers.remembered[i]! &&
    shoppers.remembered[i]! > population.waitingHabit[i]! &&
    shoppers.waited[i]! < population.patience[i]!
  );
}
