import type { Habits } from "./habits.js";

export interface SegmentModel { schema: string }

/** The segmentation of a chain that is in service. */
export interface Segmentation {
  /** Rises with each training; 0 before the first. */
  generation: number;
  model: SegmentModel | null;
  /** Names of the segments that stand, by id. */
  names: ReadonlyMap<string, string>;
  /** The segment of those who fit none yet. */
  newcomersId: string;
}

/** What is known of a customer when a segment is chosen. */
export interface Placed { habits: Habits; purchaseCount: number; tastes: readonly string[]; homeVenueId: string | null }

export const placeCustomer = (segmentation: Segmentation, _customer: Placed, _now: Date): { segmentId: string; provisional: boolean } =>
  ({ segmentId: segmentation.newcomersId, provisional: true });

/** Where everyone is before the first training, and who has declared nothing after it. */
export const NEWCOMERS = { name: "Newcomers", description: "Customers whose habits are not known yet." };
