/** The wall clock of a time zone at a moment. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  /** ISO: 1 = Monday … 7 = Sunday. */
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
    });
    formats.set(timeZone, format);
  }
  return format;
};

/** Throws a RangeError when the time zone is not one of the IANA database. */
export const localTime = (at: Date, timeZone: string): LocalTime => {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year = 0, month = 1, day = 1, hour = 0] = [parts["year"], parts["month"], parts["day"], parts["hour"]];
  return { year, month, day, hour, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7 };
};

const DAY_MS = 86_400_000;

/** The ISO week of a moment in a time zone, such as `2026-W47`: the span over which a customer's depth is sticky. */
export const isoWeek = (at: Date, timeZone: string): string => {
  const { year, month, day, weekday } = localTime(at, timeZone);
  const thursday = new Date(Date.UTC(year, month - 1, day + 4 - weekday));
  const firstOfYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - firstOfYear) / DAY_MS / 7) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
};
