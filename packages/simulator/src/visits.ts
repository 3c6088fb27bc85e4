import { normalAt, uniformAt } from "@kava/algorithms/random";
import type { Calendar } from "./calendar.js";
import { habits } from "./habits.js";
import type { Lifestyle } from "./lifestyle.js";
import { warmthOf } from "./lifestyle.js";
import type { Population } from "./population.js";
import { purpose } from "./purposes.js";
import { isWeekend, seasonFactor } from "./season.js";
import { liveDay, type Influence, type Shoppers } from "./shoppers.js";
import { closingMinute, openingMinute } from "./venues.js";

/** Everything about a chain's customers that does not change while they live. */
export interface Town {
  readonly calendar: Calendar;
  readonly population: Population;
  readonly lifestyle: Lifestyle;
}

/** A customer who buys. */
export interface Visit {
  readonly customer: number;
  readonly day: number;
  /** ms since 1970. */
  readonly at: number;
  readonly mood: number;
  /** Depth of the personal offer in hand, fraction; 0 = none. */
  readonly depth: number;
}

/** What today's shop does to each customer: fills in the depths and the relevance (the pull is the town's own). */
export type Marketing = (customer: number, day: number, influence: Influence) => void;

/** Nothing is offered to anyone. */
export const noMarketing: Marketing = () => {};

/**
 * Lives the part of one local day that lies in the window [from, to) and gives the visits that end in a purchase, in order of time.
 * A customer lives a day at the one instant of it at which they might come in, so windows that join up live every day once.
 * Changes `shoppers`.
 */
export function liveWindow(town: Town, shoppers: Shoppers, day: number, from: number, to: number, marketing: Marketing): Visit[] {
  const { population, lifestyle, calendar } = town;
  const today = calendar.dayOfCalendar(day);
  const weekend = isWeekend(today);
  const season = seasonFactor(population.seed, day, today);
  const pulls = habits.map((habit) => season * (weekend ? habit.weekendPull : habit.weekdayPull));
  const whole = from <= calendar.instant(day, 0) && calendar.instant(day + 1, 0) <= to;
  const influence: Influence = { proposedDepth: 0, relevance: 1, publicDepth: 0, pull: 1 };
  const visits: Visit[] = [];
  for (let customer = 0; customer < population.size; customer++) {
    const early = whole ? undefined : momentOf(town, customer, day, weekend);
    if (early !== undefined && (early < from || early >= to)) continue;
    influence.proposedDepth = 0;
    influence.relevance = 1;
    influence.publicDepth = 0;
    influence.pull = pulls[lifestyle.habit[customer]!]!;
    marketing(customer, day, influence);
    if (!liveDay(population, shoppers, customer, day, influence)) continue;
    const at = early ?? momentOf(town, customer, day, weekend);
    visits.push({ customer, day, at, mood: shoppers.lastMood[customer]!, depth: shoppers.lastDepth[customer]! });
  }
  return visits.sort((a, b) => a.at - b.at || a.customer - b.customer);
}

/** The instant of the day at which a customer would come in, ms since 1970, within opening hours. */
function momentOf({ population, lifestyle, calendar }: Town, customer: number, day: number, weekend: boolean): number {
  const { seed } = population;
  const habit = habits[lifestyle.habit[customer]!]!;
  const rhythm = weekend ? habit.weekend : habit.weekday;
  const offHabit = uniformAt(seed, customer, day, purpose.offHabit) < 0.1;
  const usual = rhythm.minute + lifestyle.hourShift[customer]! + rhythm.deviation * normalAt(seed, customer, day, purpose.minute);
  const any = openingMinute + (closingMinute - openingMinute) * uniformAt(seed, customer, day, purpose.minute);
  const minute = Math.round(Math.min(closingMinute - 1, Math.max(openingMinute, offHabit ? any : usual)));
  const second = Math.floor(60 * uniformAt(seed, customer, day, purpose.second));
  return calendar.instant(day, minute) + second * 1000;
}

/** -1 in mid-January .. 1 in mid-July. */
export function warmthAt(calendar: Calendar, day: number): number {
  return warmthOf(calendar.dayOfCalendar(day).dayOfYear);
}
