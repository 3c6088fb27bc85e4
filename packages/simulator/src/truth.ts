import { habits } from "./habits.js";
import { appealOf, type Lifestyle } from "./lifestyle.js";
import { categories, demoItems } from "./menu.js";
import { demoPairings, type Pairing } from "./pairings.js";
import type { Population } from "./population.js";
import type { Town } from "./visits.js";
import type { World } from "./worlds.js";

/** What is true of a customer. A shop can only guess at it. */
export interface CustomerTruth {
  /** Mean log of (highest price paid / list price). */
  readonly tolerance: number;
  readonly toleranceSpread: number;
  readonly sensitive: boolean;
  /** Remembers offers and waits for better ones. */
  readonly strategic: boolean;
  readonly memoryDays: number;
  /** Scale (days) and shape of the Weibull gap between visits. */
  readonly gapScale: number;
  readonly gapShape: number;
  /** Rise of the visit hazard by a live offer. */
  readonly lift: number;
  /** Name of the way of life, e.g. "commuter": the segment they are born into. */
  readonly habit: string;
  /** Keys of the items they like best at day 0, best first. */
  readonly favourites: readonly string[];
  /** Day on which they join; below 0: before the history. */
  readonly joinDay: number;
}

/** The true parameters beside the data, for whoever measures; algorithms must not read them. */
export interface ChainTruth {
  readonly world: World;
  /** Arrays over the customers, registered first, walk-ins after them. */
  readonly population: Population;
  readonly lifestyle: Lifestyle;
  /** Registered customers: the first so many of the arrays. */
  readonly registered: number;
  readonly habitNames: readonly string[];
  /** What truly goes with what. */
  readonly pairings: readonly Pairing[];
  /** The truth of one customer. @throws RangeError when the key is not one of this chain's */
  customer(key: string): CustomerTruth;
  /** Index of a customer in the arrays; undefined when the key is not one of this chain's. */
  indexOf(key: string): number | undefined;
}

export function truthOf(town: Town, registered: number): ChainTruth {
  const { population, lifestyle } = town;
  const indexOf = (key: string) => {
    const match = /^demo-(\d{4,})$/.exec(key);
    const index = match ? Number(match[1]) - 1 : -1;
    return index >= 0 && index < registered ? index : undefined;
  };
  return {
    world: population.world,
    population,
    lifestyle,
    registered,
    habitNames: habits.map((habit) => habit.name),
    pairings: demoPairings,
    indexOf,
    customer: (key) => {
      const index = indexOf(key);
      if (index === undefined)
        throw new RangeError(`The demo chain has no customer "${key}"; its keys run from demo-0001 and its size is ${registered}.`);
      return customerTruth(town, index);
    },
  };
}

function customerTruth({ population, lifestyle }: Town, i: number): CustomerTruth {
  return {
    tolerance: population.tolerance[i]!,
    toleranceSpread: population.toleranceSpread[i]!,
    sensitive: population.sensitive[i] === 1,
    strategic: population.strategic[i] === 1,
    memoryDays: population.memoryDays[i]!,
    gapScale: population.gapScale[i]!,
    gapShape: population.gapShape[i]!,
    lift: population.lift[i]!,
    habit: habits[lifestyle.habit[i]!]!.name,
    favourites: favourites(lifestyle, i),
    joinDay: population.joinDay[i]!,
  };
}

/** By category weight and appeal together, in mild weather. */
function favourites(lifestyle: Lifestyle, customer: number): string[] {
  const likings = demoItems.map((item, index) => {
    const want = lifestyle.wants[customer * categories.length + categories.indexOf(item.category)]!;
    return { key: item.key, liking: Math.log(want) + appealOf(lifestyle, customer, index, 0, 0) };
  });
  return likings
    .sort((a, b) => b.liking - a.liking)
    .slice(0, 5)
    .map(({ key }) => key);
}
