/** A chain's own calendar at a moment. */
export interface LocalDay {
  /** `2026-11-22` */
  day: string;
  /** 0 to 23 */
  hour: number;
}

const SLOT_MS = 15 * 60_000;

/** One look-up serves a slot, because time zones change their offset at its edges, nearly always; half a year of history is 17,000 of them. */
const MOST_SLOTS = 200_000;

interface Zone {
  format: Intl.DateTimeFormat;
  slots: Map<number, LocalDay>;
}
const zones = new Map<string, Zone>();

const zoneOf = (timeZone: string): Zone => {
  let zone = zones.get(timeZone);
  if (!zone) {
    zone = {
      format: new Intl.DateTimeFormat("en-CA", {
        timeZone,
        hourCycle: "h23",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
      }),
      slots: new Map(),
    };
    zones.set(timeZone, zone);
  }
  return zone;
};

/** The day and hour of a moment (milliseconds since 1970) where the chain is. Throws a RangeError for a time zone that is not IANA's. */
export const localDay = (at: number, timeZone: string): LocalDay => {
  const { format, slots } = zoneOf(timeZone);
  const slot = Math.floor(at / SLOT_MS);
  const known = slots.get(slot);
  if (known) return known;
  const found = lookUp(format, slot * SLOT_MS);
  // St John's used to change at one minute past midnight: such a slot is looked up at each moment
  if (lookUp(format, (slot + 1) * SLOT_MS - 1).hour !== found.hour) return lookUp(format, at);
  if (slots.size >= MOST_SLOTS) slots.clear();
  slots.set(slot, found);
  return found;
};

const lookUp = (format: Intl.DateTimeFormat, at: number): LocalDay => {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: `${parts["year"]?.padStart(4, "0")}-${parts["month"]}-${parts["day"]}`, hour: Number(parts["hour"]) };
};
