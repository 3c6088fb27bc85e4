const formats = new Map<string, Intl.DateTimeFormat>();
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * The hour (0–23) and ISO weekday (1 = Monday) of a moment in a time zone.
 *
 * @param at milliseconds since 1970
 * @param timeZone an IANA name such as "Europe/Kyiv"
 * @throws RangeError when the zone or the moment does not exist
 */
export function localHourAndWeekday(at: number, timeZone: string): { hour: number; weekday: number } {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", { timeZone, hour: "2-digit", hourCycle: "h23", weekday: "short" });
    formats.set(timeZone, format);
  }
  const parts = format.formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  return { hour: Number(of("hour")), weekday: WEEKDAYS.indexOf(of("weekday")) + 1 };
}
