import { normalAt } from "@kava/algorithms/random";
import { everyone, purpose } from "./purposes.js";

/** Where a day stands in the week and in the year. */
export interface DayOfCalendar {
  /** 0 = Monday .. 6 = Sunday. */
  readonly weekday: number;
  /** 0 = 1 January .. 365. */
  readonly dayOfYear: number;
}

/** The calendar of a world without dates: day 0 is a Monday, 1 January. */
export function plainCalendar(day: number): DayOfCalendar {
  return { weekday: day % 7, dayOfYear: day };
}

const persistence = 0.7;
const shockDeviation = 0.06;
const forgottenAfter = 60; // 0.7^60 is 5e-10: the day factor needs no state and any day can be asked for by itself

export function isWeekend(day: DayOfCalendar): boolean {
  return day.weekday >= 5;
}

/**
 * What all customers' visit hazard is multiplied with on a day: an annual sine of 15 %, weekdays 1.15 and weekends 0.75,
 * and a shared AR(1) noise (coefficient 0.7, deviation 0.06) in the logarithm that starts at day 0.
 */
export function seasonFactor(seed: number, day: number, calendar: DayOfCalendar): number {
  let noise = 0;
  let weight = shockDeviation;
  for (let age = 0; age <= Math.min(day, forgottenAfter); age++) {
    noise += weight * normalAt(seed, everyone, day - age, purpose.seasonShock);
    weight *= persistence;
  }
  const annual = 1 + 0.15 * Math.sin((2 * Math.PI * calendar.dayOfYear) / 365);
  return annual * Math.exp(noise) * (isWeekend(calendar) ? 0.75 : 1.15);
}
