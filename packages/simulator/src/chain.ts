import { uniformAt } from "@kava/algorithms/random";
import type { TenantFacts } from "@kava/contracts/tenant";
import { localCalendar, type Calendar } from "./calendar.js";
import { history } from "./history.js";
import { drawLifestyle } from "./lifestyle.js";
import { demoItems, type SimItem } from "./menu.js";
import { habits } from "./habits.js";
import { drawPerson, type Person } from "./people.js";
import { drawPopulation, type Population } from "./population.js";
import { pastryWeeks, type SimPromotion } from "./promotion.js";
import type { SimPurchase } from "./purchase.js";
import { birth, purpose } from "./purposes.js";
import { truthOf, type ChainTruth } from "./truth.js";
import { demoVenues, type SimVenue } from "./venues.js";
import type { Town } from "./visits.js";
import { growingLife, worlds, type World } from "./worlds.js";

export type { SimItem, SimPromotion, SimPurchase, SimVenue };

export interface SimCustomer extends Person {
  /** Stable, "demo-0001" and on: the chain's own id of the customer. */
  readonly key: string;
  readonly joinedAt: Date;
  /** Venue at which they buy most. */
  readonly homeVenueKey: string;
}

export interface DemoOptions {
  readonly seed: number;
  /** The instant at which history ends; nothing is later. */
  readonly endAt: Date;
  /** Local days of history, the one that holds `endAt` included. Default 182. */
  readonly days?: number;
  /** Registered customers. Default 2,000. Walk-ins without a card come on top: 70 for every hundred, so that about four purchases in ten have no name. */
  readonly customers?: number;
  /** Default: the world "mixed". */
  readonly world?: World;
}

/** A chain with its history, and the truth about its customers, which no algorithm may look at. */
export interface DemoChain {
  readonly seed: number;
  readonly endAt: Date;
  /** Local days of history: day 0 .. days - 1. */
  readonly days: number;
  readonly tenantFacts: TenantFacts;
  readonly venues: readonly SimVenue[];
  readonly items: readonly SimItem[];
  /** Public promotions that ran during the history. All are over. */
  readonly promotions: readonly SimPromotion[];
  readonly customers: readonly SimCustomer[];
  /** Regulars to show a newcomer first, one of each way of life: people with a long history and clear habits. */
  readonly showcase: readonly string[];
  readonly truth: ChainTruth;
  /** For `live.ts`: customers first, walk-ins after them. */
  readonly town: Town;
  /** The history in order of time, made afresh at each call. */
  purchases(): Generator<SimPurchase, void, undefined>;
}

export const demoFacts: TenantFacts = {
  slug: "kava",
  name: "Zerno Coffee, Lviv",
  currency: "UAH",
  minorDigits: 2,
  timeZone: "Europe/Kyiv",
  floor: 0.35,
  ceiling: 40,
  tax: { mode: "none", rate: 0 },
};

const walkInsPerCustomer = 0.7;

/**
 * Makes the demo chain. Customers, tastes and luck follow from the seed alone; `endAt` moves the same lives to other dates (and
 * with them to other weekdays and seasons).
 *
 * @throws RangeError when a number is out of range
 */
export function demoChain(options: DemoOptions): DemoChain {
  const { seed, endAt, days = 182, customers = 2000, world = worlds.mixed } = options;
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`A chain needs whole days of history, at least 1, not ${days}.`);
  if (!Number.isInteger(customers) || customers < 1)
    throw new RangeError(`A chain needs a whole number of customers, at least 1, not ${customers}.`);
  if (Number.isNaN(endAt.getTime())) throw new RangeError("The end of a chain's history is not a valid date; pass one as endAt.");

  const walkIns = Math.round(customers * walkInsPerCustomer);
  const population = drawPopulation(world, seed, customers + walkIns, growingLife(Math.max(0, days - 1)));
  const lifestyle = drawLifestyle(population);
  const calendar = localCalendar(demoFacts.timeZone, endAt, days - 1);
  const town: Town = { calendar, population, lifestyle };
  const people = Array.from({ length: customers }, (_, i) => drawCustomer(town, i));
  const promotions = pastryWeeks(calendar, days);
  return {
    seed,
    endAt,
    days,
    tenantFacts: demoFacts,
    venues: demoVenues,
    items: demoItems,
    promotions,
    customers: people,
    showcase: showcaseOf(town, customers),
    truth: truthOf(town, customers),
    town,
    purchases: () => history(town, customers, days, endAt, promotions),
  };
}

function drawCustomer(town: Town, customer: number): SimCustomer {
  return {
    key: customerKeyOf(customer),
    ...drawPerson(town.population, town.lifestyle, customer),
    joinedAt: new Date(joinedAt(town.population, town.calendar, customer)),
    homeVenueKey: demoVenues[town.lifestyle.homeVenue[customer]!]!.key,
  };
}

/** "demo-0001" for customer 0. */
export function customerKeyOf(customer: number): string {
  return `demo-${String(customer + 1).padStart(4, "0")}`;
}

/** The first customer of each habit who was there from the start, pays list prices and comes every two to four days. */
function showcaseOf({ population, lifestyle }: Town, customers: number): string[] {
  const isRegular = (i: number) =>
    population.joinDay[i]! < 0 &&
    population.startsAway[i] === 0 &&
    population.tolerance[i]! > 0.2 &&
    population.gapScale[i]! > 2 &&
    population.gapScale[i]! < 4;
  const first = habits.map((_, habit) => lifestyle.habit.subarray(0, customers).findIndex((own, i) => own === habit && isRegular(i)));
  return first.filter((i) => i >= 0).map(customerKeyOf);
}

/** Newcomers join in the hour before opening on their first day; the others up to two and a half years before, rather lately. */
function joinedAt({ seed, joinDay }: Population, calendar: Calendar, customer: number): number {
  const minute = 6 * 60 + Math.floor(60 * uniformAt(seed, customer, birth, purpose.joinMinute));
  const ago = 1 + Math.floor(900 * uniformAt(seed, customer, birth, purpose.joinedBefore) ** 2);
  const day = joinDay[customer]! >= 0 ? joinDay[customer]! : -ago;
  return calendar.instant(day, minute);
}
