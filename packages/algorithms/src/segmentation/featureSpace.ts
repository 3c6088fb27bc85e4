/**
 * The space in which customers are near or far: log-scaled, standardised, with the day's timing and the basket's composition each
 * weighing as much as one feature. Plain JSON.
 *
 * Columns in order: four of activity, the day's timing, the composition, and the lifetime value where it is known. A further feature goes to the end and
 * is noted in the space, so that models that were stored before it keep their columns.
 */
import { DAY_PARTS, type CustomerProfile } from "./customerProfile.js";

export interface FeatureSpace {
  /** Categories of the composition, in column order. */
  readonly categories: readonly string[];
  /** Mean of each column, in its own unit. */
  readonly means: readonly number[];
  /** Each column is (x − mean) / scale; Infinity-free: a column that never varied has scale 0 and is 0 for everybody. */
  readonly scales: readonly number[];
  /** Whether the last column is the lifetime value; spaces from before there was one say nothing. */
  readonly lifetimeValue?: boolean;
}

/** Columns before the composition: four of activity, then the parts of the day and the weekend. */
const ACTIVITY = 4;
const TIMING = DAY_PARTS.length + 1;
/** More categories than this say more of the catalogue than of the customer; the greatest are kept. */
const MOST_CATEGORIES = 24;
/** Shares of a customer with few purchases are drawn towards everybody's by so many purchases. */
const SHARE_PRIOR = 3;
/** The basket's size says half of what the order value already says. */
const ACTIVITY_WEIGHTS = [1, 1, 1, 0.5];
/** The lifetime value is told from recency, frequency and order value, and says half of what they do. */
const LIFETIME_WEIGHT = 0.5;
/** It is a column where so many customers have one; the others are average there. */
const LIFETIME_KNOWN = 0.5;

/** Learns means and scales from the profiles of one moment. With no profile every column is 0. */
export function fitFeatureSpace(profiles: readonly CustomerProfile[]): FeatureSpace {
  const categories = greatestCategories(profiles);
  const known = profiles.filter((profile) => typeof profile.lifetimeValueMinor === "number").length;
  const lifetimeValue = known > 0 && known >= LIFETIME_KNOWN * profiles.length;
  const layout = { categories, lifetimeValue };
  const rows = profiles.map((profile) => rawColumns(profile, layout));
  const end = ACTIVITY + TIMING + categories.length;
  const means = meanOf(rows, lifetimeValue ? end + 1 : end);
  const drawn = profiles.map((profile, i) => drawToMean(rows[i]!, means, profile.purchaseCount, end));
  const variances = means.map((mean, c) => drawn.reduce((sum, row) => sum + (row[c]! - mean) ** 2, 0) / Math.max(1, drawn.length));
  const scales = variances.map((variance, c) => {
    if (c < ACTIVITY) return sound(Math.sqrt(variance)) / ACTIVITY_WEIGHTS[c]!;
    if (c === end) return sound(Math.sqrt(variance)) / LIFETIME_WEIGHT;
    const [from, to] = c < ACTIVITY + TIMING ? [ACTIVITY, ACTIVITY + TIMING] : [ACTIVITY + TIMING, end];
    return sound(Math.sqrt(variances.slice(from, to).reduce((sum, v) => sum + v, 0)));
  });
  return { categories, means, scales, lifetimeValue };
}

/** Where a customer stands. Time is the number of columns. */
export function project(space: FeatureSpace, profile: CustomerProfile): number[] {
  const end = ACTIVITY + TIMING + space.categories.length;
  const row = drawToMean(rawColumns(profile, space), space.means, profile.purchaseCount, end);
  return row.map((value, c) => (space.scales[c] === 0 ? 0 : (value - space.means[c]!) / space.scales[c]!));
}

/** The same point in another space (after a retraining): columns that the other does not know are dropped, new ones are average. */
export function transfer(point: readonly number[], from: FeatureSpace, to: FeatureSpace): number[] {
  return to.means.map((mean, c) => {
    const source = c < ACTIVITY + TIMING ? c : sourceOf(to.categories[c - ACTIVITY - TIMING], from);
    if (source === null || to.scales[c] === 0) return 0;
    return (point[source]! * from.scales[source]! + from.means[source]! - mean) / to.scales[c]!;
  });
}

/**
 * Recency is read as no less than half of the customer's own gap: seen at a random moment an active customer is half a gap away from the last
 * purchase, so that the segment does not flip at the moment of a purchase, when it is assigned.
 */
function rawColumns(
  profile: CustomerProfile,
  { categories, lifetimeValue = false }: Pick<FeatureSpace, "categories" | "lifetimeValue">,
): number[] {
  const value = profile.lifetimeValueMinor ?? null;
  const gap = profile.medianGapDays ?? 7 / Math.max(profile.frequencyPerWeek, 1 / 52);
  return [
    Math.log1p(Math.max(profile.recencyDays, gap / 2)),
    Math.log1p(profile.frequencyPerWeek),
    Math.log1p(Math.max(0, profile.averageOrderMinor)),
    Math.log1p(profile.basketSize),
    ...profile.dayParts,
    profile.weekendShare,
    ...categories.map((category) => profile.categories[category] ?? 0),
    ...(lifetimeValue ? [value === null ? NaN : Math.log1p(Math.max(0, value))] : []),
  ];
}

/** Shares are drawn towards the mean where purchases are few; a lifetime value that is not known (NaN) is the mean. `end` is where shares end. */
function drawToMean(row: readonly number[], means: readonly number[], purchaseCount: number, end: number): number[] {
  const own = purchaseCount / (purchaseCount + SHARE_PRIOR);
  return row.map((value, c) => {
    if (c >= end) return Number.isNaN(value) ? means[c]! : value;
    return c < ACTIVITY ? value : own * value + (1 - own) * means[c]!;
  });
}

function greatestCategories(profiles: readonly CustomerProfile[]): string[] {
  const sums = new Map<string, number>();
  for (const { categories } of profiles) {
    for (const [category, share] of Object.entries(categories)) sums.set(category, (sums.get(category) ?? 0) + share);
  }
  const bySum = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return bySum
    .slice(0, MOST_CATEGORIES)
    .map(([category]) => category)
    .sort();
}

function meanOf(rows: readonly (readonly number[])[], columns: number): number[] {
  return Array.from({ length: columns }, (_, c) => {
    const known = rows.map((row) => row[c]!).filter((value) => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  });
}

/** The column of a category, or of the lifetime value where there is no category (any more). */
function sourceOf(category: string | undefined, space: FeatureSpace): number | null {
  if (category === undefined) return space.lifetimeValue === true ? ACTIVITY + TIMING + space.categories.length : null;
  const at = space.categories.indexOf(category);
  return at === -1 ? null : ACTIVITY + TIMING + at;
}

/** Rounding noise is no variation. */
function sound(deviation: number): number {
  return deviation > 1e-9 ? deviation : 0;
}
