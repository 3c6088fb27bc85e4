import { profileAt, type CustomerProfile } from "@kava/algorithms/segmentation/customerProfile";
import { createRandom, shuffledIndices } from "@kava/algorithms/random";
import { fitSegments } from "@kava/algorithms/segmentation/fitSegments";
import { judgeSegments, type SegmentsComparison } from "@kava/algorithms/segmentation/judgeSegments";
import { provisionalSegment } from "@kava/algorithms/segmentation/provisionalSegment";
import { assignNearest, type SegmentModel } from "@kava/algorithms/segmentation/segmentModel";
import { usualIn, type UsualRegion } from "@kava/algorithms/segmentation/usualRegion";
import { derivedId } from "@kava/contracts/ids";
import type { Habits } from "./habits.js";
import { learnedFrom, shiftsSince, type Learned, type OnStep, type Shift } from "./modelLife.js";

export type { UsualRegion };
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
  /** What the model in service learned from, if that is known. */
  learnedInService: Learned | null;
}

/** The profile that a training sees of a customer; null before the first purchase. */
export const profileForTraining = (habits: Habits, now: Date): CustomerProfile | null => profileAt(habits, now.getTime());

/** What a training gives. */
export interface Trained {
  model: SegmentModel;
  /** Tells who fits no segment. They are placed with the nearest one, which was made without those of them who were in the training. */
  usual: UsualRegion;
  comparison: SegmentsComparison;
  learned: Learned;
  /** How far buyers now are from what it learned from, and from what the model in service did. */
  shift: Shift[];
  shiftInService: Shift[] | null;
}

/** Of the buyers a fifth is held out to judge by, and so many at the most: a silhouette measures every pair. */
const HELD_OUT_SHARE = 0.2;
const MOST_HELD_OUT = 1_500;
/** Among fewer nobody can be spared. */
const LEAST_TO_HOLD_OUT = 50;

/** Fits the segments of a chain and judges them on buyers that they were not made of: some three seconds of computing for some thousand customers. */
export const trainModel = ({ profiles, previous, money, learnedInService }: TrainingInput, onStep: OnStep = () => {}): Trained => {
  const { learnFrom, heldOut } = split(profiles);
  const { model, usual } = fitSegments(learnFrom, { previous, money, onStep: (step, done, total) => onStep({ step, done, total }) });
  onStep({ step: "judging", done: 0, total: 1 });
  const isUsual = usualIn(usual);
  const judges = heldOut.filter(isUsual);
  const now = featuresOf(profiles);
  const learned = learnedFrom(featuresOf(learnFrom));
  return {
    model,
    usual,
    comparison: judgeSegments(previous, model, judges.length > 1 ? judges : heldOut),
    learned,
    shift: shiftsSince(learned, now),
    shiftInService: learnedInService && shiftsSince(learnedInService, now),
  };
};

/** The same buyers are held out again as long as they are the same. A few are judged by themselves. */
const split = (profiles: CustomerProfile[]): { learnFrom: CustomerProfile[]; heldOut: CustomerProfile[] } => {
  if (profiles.length < LEAST_TO_HOLD_OUT) return { learnFrom: profiles, heldOut: profiles };
  const order = Array.from(shuffledIndices(createRandom(1, "held out"), profiles.length), (i) => profiles[i]!);
  const held = Math.min(MOST_HELD_OUT, Math.floor(HELD_OUT_SHARE * order.length));
  return { learnFrom: order.slice(held), heldOut: order.slice(0, held) };
};

/** What would show that a chain's buyers are others than they were. */
const featuresOf = (profiles: readonly CustomerProfile[]): Record<string, Float64Array> => ({
  recencyDays: Float64Array.from(profiles, (profile) => profile.recencyDays),
  frequencyPerWeek: Float64Array.from(profiles, (profile) => profile.frequencyPerWeek),
  medianGapDays: Float64Array.from(profiles, (profile) => profile.medianGapDays ?? NaN),
  averageOrderMinor: Float64Array.from(profiles, (profile) => profile.averageOrderMinor),
  basketSize: Float64Array.from(profiles, (profile) => profile.basketSize),
  weekendShare: Float64Array.from(profiles, (profile) => profile.weekendShare),
});

/** Tells of habits whether they fit no segment; who never bought fits everywhere. */
export const outlierTest = (usual: UsualRegion): ((habits: Habits, now: Date) => boolean) => {
  const isUsual = usualIn(usual);
  return (habits, now) => {
    const profile = profileAt(habits, now.getTime());
    return profile !== null && !isUsual(profile);
  };
};

/** What is known of a tenant's segments when they are reviewed. */
export interface SegmentsAge {
  /** Of the last training, refused or not, and of the last time that everyone was placed; null when there was none. */
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
