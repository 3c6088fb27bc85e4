import { DAY_PARTS, type CustomerProfile } from "@kava/algorithms/segmentation/customerProfile";
import type { CustomerDays } from "./purchases.js";

/** What the segments are made of, for each customer. */
export interface Rfm {
  /** Days since the last visit. */
  readonly recency: number;
  /** Days with a purchase. */
  readonly frequency: number;
  /** Paid in all. */
  readonly money: number;
}

export const FEATURES = ["recency", "frequency", "money"] as const;

/** Recency, frequency and money at the end of the table. */
export const rfmOf = ({ days, values }: CustomerDays, end: number): Rfm => ({
  recency: end - days.at(-1)!,
  frequency: days.length,
  money: values.reduce((sum, value) => sum + value, 0),
});

/** ln(1 + x) of each, as columns of mean 0 and deviation 1; a column that never varies is 0. Money below 0 (returns) counts as 0. */
export const standardised = (rfm: readonly Rfm[]): number[][] => {
  const rows = rfm.map(({ recency, frequency, money }) => [recency, frequency, Math.max(0, money)].map(Math.log1p));
  const columns = FEATURES.map((_, c) => {
    const mean = rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length;
    return { mean, deviation: Math.sqrt(rows.reduce((sum, row) => sum + (row[c]! - mean) ** 2, 0) / rows.length) };
  });
  return rows.map((row) => row.map((x, c) => (columns[c]!.deviation > 1e-9 ? (x - columns[c]!.mean) / columns[c]!.deviation : 0)));
};

const PART_OF_HOUR = (hour: number): number => (hour < 5 || hour >= 18 ? 3 : hour < 11 ? 0 : hour < 14 ? 1 : 2);

/** The habits that names are made from. What the table does not say (baskets, categories, venues) is the same for everybody. */
export const profileOf = ({ days, values, hours }: CustomerDays, end: number): CustomerProfile => {
  const weeks = Math.max(1, (end - days[0]!) / 7);
  const total = values.reduce((sum, value) => sum + value, 0);
  const gaps = days.slice(1).map((day, i) => day - days[i]!);
  const parts = DAY_PARTS.map((_, part) => hours.filter((hour) => PART_OF_HOUR(hour) === part).length / Math.max(1, hours.length));
  return {
    purchaseCount: days.length,
    recencyDays: end - days.at(-1)!,
    frequencyPerWeek: days.length / weeks,
    medianGapDays: gaps.length < 2 ? null : middle(gaps),
    averageOrderMinor: (100 * total) / days.length,
    basketSize: 1,
    dayParts: parts,
    // day 0 of 1970 was a Thursday
    weekendShare: days.filter((day) => (day + 3) % 7 >= 5).length / days.length,
    categories: {},
    venues: {},
    channels: {},
  };
};

export const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};
