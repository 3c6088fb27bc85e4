import type { DayOfCalendar } from "./season.js";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Local days of one time zone, counted from a first day 0. */
export interface Calendar {
  /** Weekday and day of the year of a day. */
  dayOfCalendar(day: number): DayOfCalendar;
  /** The instant of a minute of the local day, ms since 1970. Exact for opening hours: clocks change at night. */
  instant(day: number, minute: number): number;
  /** The local day that holds an instant. */
  dayOf(instant: number): number;
  /** The local date of a day, "2026-05-03". */
  dateOf(day: number): string;
}

/**
 * Makes the calendar whose day `lastDay` is the local day of `lastInstant`.
 *
 * @param timeZone IANA name, e.g. "Europe/Kyiv". @throws RangeError when the name is unknown
 */
export function localCalendar(timeZone: string, lastInstant: Date, lastDay: number): Calendar {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const offsetAt = (instant: number) => parseOffset(format.formatToParts(instant).find((part) => part.type === "timeZoneName")?.value);
  const localDayNumber = (instant: number) => Math.floor((instant + offsetAt(instant)) / dayMs);
  const firstDayNumber = localDayNumber(lastInstant.getTime()) - lastDay;

  const midnights = new Map<number, number>();
  const midnight = (day: number) => {
    const known = midnights.get(day);
    if (known !== undefined) return known;
    const asUtc = (firstDayNumber + day) * dayMs;
    const local = asUtc - offsetAt(asUtc + dayMs / 2); // the offset of about noon: the day's opening hours have it
    midnights.set(day, local);
    return local;
  };
  return {
    dayOfCalendar: (day) => {
      const date = new Date((firstDayNumber + day) * dayMs);
      const newYear = Date.UTC(date.getUTCFullYear(), 0, 1);
      return { weekday: (date.getUTCDay() + 6) % 7, dayOfYear: (date.getTime() - newYear) / dayMs };
    },
    instant: (day, minute) => midnight(day) + minute * minuteMs,
    dayOf: (instant) => localDayNumber(instant) - firstDayNumber,
    dateOf: (day) => new Date((firstDayNumber + day) * dayMs).toISOString().slice(0, 10),
  };
}

/** "GMT+03:00" in ms; "GMT" is 0. */
function parseOffset(text = "GMT"): number {
  const match = /([+-])(\d{2}):(\d{2})/.exec(text);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * minuteMs;
}
