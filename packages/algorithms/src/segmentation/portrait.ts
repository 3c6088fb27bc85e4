import { DAY_PARTS, type CustomerProfile } from "./customerProfile.js";

/** What a group of customers is like, in units that people read. */
export interface SegmentPortrait {
  /** Medians. */
  readonly recencyDays: number;
  readonly frequencyPerWeek: number;
  readonly averageOrderMinor: number;
  readonly basketSize: number;
  readonly purchaseCount: number;
  /** Recency over the own usual gap; above 1 the customers are late. */
  readonly lateness: number;
  /** Means of the members' shares. */
  readonly dayParts: readonly number[];
  readonly weekendShare: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly venues: Readonly<Record<string, number>>;
  readonly channels: Readonly<Record<string, number>>;
}

/** The portrait of a group; with nobody in it all numbers are 0. */
export function portraitOf(profiles: readonly CustomerProfile[]): SegmentPortrait {
  return {
    recencyDays: median(profiles.map((p) => p.recencyDays)),
    frequencyPerWeek: median(profiles.map((p) => p.frequencyPerWeek)),
    averageOrderMinor: median(profiles.map((p) => p.averageOrderMinor)),
    basketSize: median(profiles.map((p) => p.basketSize)),
    purchaseCount: median(profiles.map((p) => p.purchaseCount)),
    lateness: median(profiles.map(latenessOf)),
    dayParts: DAY_PARTS.map((_, part) => mean(profiles.map((p) => p.dayParts[part] ?? 0))),
    weekendShare: mean(profiles.map((p) => p.weekendShare)),
    categories: meanShares(profiles.map((p) => p.categories)),
    venues: meanShares(profiles.map((p) => p.venues)),
    channels: meanShares(profiles.map((p) => p.channels)),
  };
}

/** Days since the last purchase over the usual days between two. */
export function latenessOf(profile: CustomerProfile): number {
  const gap = profile.medianGapDays ?? 7 / Math.max(profile.frequencyPerWeek, 1 / 52);
  return profile.recencyDays / Math.max(0.5, gap);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function meanShares(shares: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const share of shares) for (const [key, value] of Object.entries(share)) sums.set(key, (sums.get(key) ?? 0) + value);
  return Object.fromEntries(
    [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key, sum]) => [key, sum / shares.length]),
  );
}
