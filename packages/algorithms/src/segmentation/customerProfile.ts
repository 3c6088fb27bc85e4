import type { FeatureState } from "./featureState.js";

/** Parts of the day, in the tenant's time zone. */
export const DAY_PARTS = ["mornings", "lunchtimes", "afternoons", "evenings"] as const;
/** First hour of each part; evenings last until the next morning. */
const PART_STARTS = [5, 11, 14, 18];

/** A customer's habits at one moment, in units that people read. */
export interface CustomerProfile {
  readonly purchaseCount: number;
  /** Days since the last purchase. */
  readonly recencyDays: number;
  /** Purchases a week since the first one (at least one week). */
  readonly frequencyPerWeek: number;
  /** Median days between the last purchases; null with fewer than two. */
  readonly medianGapDays: number | null;
  readonly averageOrderMinor: number;
  /** Units per purchase. */
  readonly basketSize: number;
  /** Shares of the purchases per part of the day; they sum to 1. */
  readonly dayParts: readonly number[];
  /** Share of the purchases on Saturdays and Sundays. */
  readonly weekendShare: number;
  /** Shares of the spend per category, of the purchases per venue and channel; each sums to 1, or is empty. */
  readonly categories: Readonly<Record<string, number>>;
  readonly venues: Readonly<Record<string, number>>;
  readonly channels: Readonly<Record<string, number>>;
  /** What is expected of the customer in a year, minor units; null or absent where it is not known. `withLifetimeValue` tells it, `profileAt` does not. */
  readonly lifetimeValueMinor?: number | null;
}

const DAY = 86_400_000;

/** The habits that a state tells at the moment `now` (milliseconds), or null before the first purchase. */
export function profileAt(state: FeatureState, now: number): CustomerProfile | null {
  const { firstAt, lastAt, purchaseCount } = state;
  if (firstAt === null || lastAt === null) return null;
  const weeks = Math.max(1, (now - firstAt) / (7 * DAY));
  return {
    purchaseCount,
    recencyDays: Math.max(0, (now - lastAt) / DAY),
    frequencyPerWeek: purchaseCount / weeks,
    medianGapDays: medianGapDays(state),
    averageOrderMinor: state.totalMinor / purchaseCount,
    basketSize: state.units / purchaseCount,
    dayParts: dayParts(state.hours, purchaseCount),
    weekendShare: (state.weekdays[5]! + state.weekdays[6]!) / purchaseCount,
    categories: shares(state.categories),
    venues: shares(state.venues),
    channels: shares(state.channels),
  };
}

/** Median days between the last purchases (`RECENT` at most), or null with fewer than two. */
export function medianGapDays({ recent }: FeatureState): number | null {
  if (recent.length < 2) return null;
  const gaps = recent
    .slice(1)
    .map((at, i) => (recent[i]! - at) / DAY)
    .sort((a, b) => a - b);
  const middle = gaps.length >> 1;
  return gaps.length % 2 === 1 ? gaps[middle]! : (gaps[middle - 1]! + gaps[middle]!) / 2;
}

function dayParts(hours: readonly number[], purchaseCount: number): number[] {
  const counts = DAY_PARTS.map(() => 0);
  hours.forEach((count, hour) => {
    const part = PART_STARTS.findLastIndex((start) => hour >= start);
    counts[part === -1 ? PART_STARTS.length - 1 : part]! += count;
  });
  return counts.map((count) => count / purchaseCount);
}

/** What is negative (a returned line) counts as nothing. */
function shares(amounts: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(amounts).filter(([, amount]) => amount > 0);
  const total = entries.reduce((sum, [, amount]) => sum + amount, 0);
  return Object.fromEntries(entries.map(([key, amount]) => [key, amount / total]));
}
