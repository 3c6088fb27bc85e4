import { medianGapDays, profileAt } from "@kava/algorithms/segmentation/customerProfile";
import { emptyState, updateFeatures, type FeatureState } from "@kava/algorithms/segmentation/featureState";
import { localHourAndWeekday } from "@kava/algorithms/segmentation/localHourAndWeekday";

/** What is remembered of a customer's purchases: updated at each in constant time and space, kept as JSON, independent of the order of purchases. */
export type Habits = FeatureState;

/** A sale as habits see it; minor units. */
export interface Sale {
  at: Date;
  venueId: string | null;
  lines: readonly { category: string; quantity: number; paidMinor: number }[];
}

/** What the habits come to at a moment; money in minor units. */
export interface Features {
  purchaseCount: number;
  /** Days since the last purchase; null when there is none. */
  recencyDays: number | null;
  /** Purchases a week since the first. */
  frequencyPerWeek: number;
  averageOrderMinor: number;
  medianGapDays: number | null;
}

/** Of a customer without a purchase. */
export const noHabits = (): Habits => emptyState();

/** The habits after one more sale. `timeZone`: the tenant's, for the hours and weekdays of visits. */
export const afterSale = (habits: Habits, { at, venueId, lines }: Sale, timeZone: string): Habits =>
  updateFeatures(habits, { at: at.getTime(), ...localHourAndWeekday(at.getTime(), timeZone), lines, venue: venueId });

/** What habits come to at a moment. */
export const featuresAt = (habits: Habits, now: Date): Features => {
  const profile = profileAt(habits, now.getTime());
  if (!profile) return { purchaseCount: 0, recencyDays: null, frequencyPerWeek: 0, averageOrderMinor: 0, medianGapDays: null };
  const { purchaseCount, recencyDays, frequencyPerWeek, averageOrderMinor } = profile;
  return {
    purchaseCount,
    recencyDays,
    frequencyPerWeek,
    averageOrderMinor: Math.round(averageOrderMinor),
    medianGapDays: medianGapDays(habits),
  };
};
