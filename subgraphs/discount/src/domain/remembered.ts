/** The depth that a customer remembers (r of the game), week by week. */
import { remember } from "@kava/algorithms/game/demand";

/** What is kept of a customer: the last week that had a depth, that depth, and what was remembered before it. Percent. */
export interface RememberedWeek {
  week: string | null;
  weekDepth: number | null;
  remembered: number;
}

/**
 * What is remembered at the beginning of `week`, percent: the depth of the last one as far as it was seen, then weeks without. Whether an offer was
 * seen is not known, so each counts as seen: the customer is believed to have learned more rather than less.
 *
 * @param memory ρ, the share that a week leaves, 0 to 1
 */
export const rememberedIn = (week: string, { week: last, weekDepth, remembered }: RememberedWeek, memory: number): number => {
  if (last === null || weekDepth === null || last >= week) return remembered;
  const free = weeksBetween(last, week) - 1;
  return remember(memory, remembered, weekDepth) * memory ** free;
};

/** Whole weeks from one ISO week to a later one. Throws a RangeError when one is not written `2026-W47`. */
export const weeksBetween = (from: string, to: string): number => Math.round((mondayOf(to) - mondayOf(from)) / (7 * DAY_MS));

const DAY_MS = 86_400_000;

/** The fourth of January is always in week 1. */
const mondayOf = (week: string): number => {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
  if (!year || !number) throw new RangeError(`"${week}" is no ISO week, such as 2026-W47`);
  const fourth = new Date(Date.UTC(Number(year), 0, 4));
  return fourth.getTime() - ((fourth.getUTCDay() || 7) - 1) * DAY_MS + (Number(number) - 1) * 7 * DAY_MS;
};
