import { profileAt, type CustomerProfile } from "@kava/algorithms/segmentation/customerProfile";
import { fitSegments } from "@kava/algorithms/segmentation/fitSegments";
import { provisionalSegment } from "@kava/algorithms/segmentation/provisionalSegment";
import { assignNearest, type SegmentModel } from "@kava/algorithms/segmentation/segmentModel";
import { derivedId } from "@kava/contracts/ids";
import type { Habits } from "./habits.js";

export type { CustomerProfile, SegmentModel };

/** Where everyone is before the first training, and after it who has neither bought nor said what they like. */
export const NEWCOMERS = { name: "Newcomers", description: "Customers whose habits are not known yet." };
export const newcomersIdOf = (tenantId: string): string => derivedId(tenantId, "segment", "newcomers");

/** Fewer customers with purchases than this are no groups: all stay newcomers. */
export const FEWEST_BUYERS = 10;
/** A training looks at this many customers at the most, drawn evenly: a few thousand say the same as a million. */
export const MOST_BUYERS = 20_000;

/** The segmentation of a chain that is in service. */
export interface Segmentation {
  tenantId: string;
  /** Rises with each training; 0 before the first. */
  generation: number;
  /** Null before the first training. */
  model: SegmentModel | null;
  /** Names by id, newcomers included. */
  names: ReadonlyMap<string, string>;
}

export const segmentationOf = (tenantId: string, generation: number, model: SegmentModel | null): Segmentation => ({
  tenantId,
  generation,
  model,
  names: new Map([
    [newcomersIdOf(tenantId), NEWCOMERS.name],
    ...(model?.segments ?? []).map((segment): [string, string] => [segmentIdOf(tenantId, segment.id), segment.name]),
  ]),
});

/** A model numbers its segments; here they have identifiers, which stay with them through trainings. */
export const segmentIdOf = (tenantId: string, number: number): string => derivedId(tenantId, "segment", String(number));

/** What is known of a customer when a segment is chosen. */
export interface Placed {
  habits: Habits;
  tastes: readonly string[];
  homeVenueId: string | null;
}

/**
 * The segment that fits a customer at a moment: the nearest centroid of their habits; before the first purchase the likeliest one for what they
 * declared. The work does not grow with the number of customers.
 */
export const placeCustomer = (
  { tenantId, model }: Segmentation,
  { habits, tastes, homeVenueId }: Placed,
  now: Date,
): { segmentId: string; provisional: boolean } => {
  const profile = profileAt(habits, now.getTime());
  if (model && profile) return { segmentId: segmentIdOf(tenantId, assignNearest(model, profile).segment.id), provisional: false };
  if (model && (tastes.length > 0 || homeVenueId !== null))
    return { segmentId: segmentIdOf(tenantId, provisionalSegment(model, { tastes, venue: homeVenueId }).segment.id), provisional: true };
  return { segmentId: newcomersIdOf(tenantId), provisional: true };
};

/** What a training takes; it crosses to a thread of its own. */
export interface TrainingInput {
  profiles: CustomerProfile[];
  /** The model in service: a segment that is found again keeps its identity and its name. */
  previous: SegmentModel | null;
  money: { currency: string; minorDigits: number };
}

/** The profile that a training sees of a customer; null before the first purchase. */
export const profileForTraining = (habits: Habits, now: Date): CustomerProfile | null => profileAt(habits, now.getTime());

/** What a training gives. */
export interface Trained {
  model: SegmentModel;
  /** Indices of the profiles that fit no segment well. They are assigned to the nearest one, which was made without them. */
  outliers: readonly number[];
}

/** Fits the segments of a chain: about two seconds of computing for some thousand customers. */
export const trainModel = ({ profiles, previous, money }: TrainingInput): Trained => {
  const { model, outliers } = fitSegments(profiles, { previous, money });
  return { model, outliers };
};

/** What is known of a tenant's segments when they are reviewed. */
export interface SegmentsAge {
  /** Of the last training and of the last time that everyone was placed; null when there was none. */
  fittedAt: Date | null;
  placedAt: Date | null;
  /** Customers with purchases, and those of them who bought since the last training. */
  buyers: number;
  boughtSince: number;
}

const A_DAY_MS = 86_400_000;
const ENOUGH_SHARE = 0.1;
const ENOUGH_BUYERS = 50;

/**
 * Trains when a tenth of the buyers (and at least 50) bought since the last training, or daily when anybody did; otherwise everyone is placed anew
 * once a day, because who does not buy drifts towards the lapsing.
 */
export const whatIsDue = ({ fittedAt, placedAt, buyers, boughtSince }: SegmentsAge, now: Date): "train" | "place" | "nothing" => {
  if (buyers < FEWEST_BUYERS) return "nothing";
  if (fittedAt === null || boughtSince >= Math.max(ENOUGH_BUYERS, ENOUGH_SHARE * buyers)) return "train";
  const isOld = (moment: Date | null): boolean => moment === null || now.getTime() - moment.getTime() >= A_DAY_MS;
  if (boughtSince > 0 && isOld(fittedAt)) return "train";
  return isOld(placedAt) ? "place" : "nothing";
};
