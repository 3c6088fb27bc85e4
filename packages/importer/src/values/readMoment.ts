/** A moment on the wall clock of a place, as milliseconds since 1970 read as if the place were on UTC. `zoned`: it is UTC already. */
export interface WallClock {
  ms: number;
  zoned: boolean;
}

export type ReadMoment = (text: string) => WallClock | null;

const PARTS: Record<string, { name: keyof Fields; pattern: string }> = {
  yyyy: { name: "year", pattern: "(\\d{4})" },
  yy: { name: "shortYear", pattern: "(\\d{2})" },
  MM: { name: "month", pattern: "(\\d{2})" },
  M: { name: "month", pattern: "(\\d{1,2})" },
  dd: { name: "day", pattern: "(\\d{2})" },
  d: { name: "day", pattern: "(\\d{1,2})" },
  HH: { name: "hour", pattern: "(\\d{2})" },
  H: { name: "hour", pattern: "(\\d{1,2})" },
  h: { name: "hour", pattern: "(\\d{1,2})" },
  mm: { name: "minute", pattern: "(\\d{2})" },
  m: { name: "minute", pattern: "(\\d{1,2})" },
  ss: { name: "second", pattern: "(\\d{2})" },
  s: { name: "second", pattern: "(\\d{1,2})" },
  a: { name: "half", pattern: "([AaPp][Mm])" },
};
interface Fields {
  year?: string;
  shortYear?: string;
  month?: string;
  day?: string;
  hour?: string;
  minute?: string;
  second?: string;
  half?: string;
}

/** A reader for a format: "d/M/yyyy H:mm:ss", "yyyyMMdd", or "iso" for what ISO 8601 allows (with or without a zone). Throws for a format without a day. */
export const momentReader = (format: string): ReadMoment => {
  if (format === "iso") return readIso;
  const names: (keyof Fields)[] = [];
  const pattern = format.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/yyyy|yy|MM?|dd?|HH?|h|mm?|ss?|a/g, (part) => {
    names.push(PARTS[part]!.name);
    return PARTS[part]!.pattern;
  });
  if (!names.includes("day") || !names.includes("month"))
    throw new Error(`The date format "${format}" names no day and month: write d, M and yyyy, for example "d/M/yyyy H:mm:ss"`);
  const expression = new RegExp(`^${pattern}$`);
  return (text) => {
    const match = expression.exec(text.trim());
    if (!match) return null;
    return fromFields(Object.fromEntries(names.map((name, i) => [name, match[i + 1]])) as Fields);
  };
};

const fromFields = ({ year, shortYear, month, day, hour = "0", minute = "0", second = "0", half }: Fields): WallClock | null => {
  const full = year ? Number(year) : 2000 + Number(shortYear);
  const hours = half ? (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hour);
  return wallClock(full, Number(month), Number(day), hours, Number(minute), Number(second));
};

/** Null for the 31st of February and its like. */
const wallClock = (year: number, month: number, day: number, hour: number, minute: number, second: number): WallClock | null => {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? { ms, zoned: false } : null;
};

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

const readIso: ReadMoment = (text) => {
  const match = ISO.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, second, zone] = match;
  const wall = wallClock(Number(year), Number(month), Number(day), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0));
  if (!wall || !zone) return wall;
  return { ms: wall.ms - offsetMs(zone), zoned: true };
};

const offsetMs = (zone: string): number => {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -1 : 1) * minutes * 60_000;
};
