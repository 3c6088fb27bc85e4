import { pairedDifference } from "../uplift/clusteredMean.js";
import { adjustedRandIndex } from "./adjustedRandIndex.js";
import { stabilityOf } from "./chooseK.js";
import type { CustomerProfile } from "./customerProfile.js";
import { project } from "./featureSpace.js";
import { withLifetimeValue } from "./lifetimeFeature.js";
import { assignNearest, type SegmentModel } from "./segmentModel.js";
import { silhouetteWidths } from "./silhouette.js";

/** How new segments do on customers whom they were not made of, beside those in service. */
export interface SegmentsComparison {
  /** Customers that are judged on. */
  readonly customers: number;
  readonly segments: number;
  /** Mean bootstrap ARI at the own training, new and in service; null where nothing was clustered. */
  readonly stability: number | null;
  readonly stabilityInService: number | null;
  /** Mean silhouettes of these customers in the new segments and in those in service, both in the new space, −1 to 1; null when none is in service. */
  readonly silhouette: number;
  readonly silhouetteInService: number | null;
  /** The new silhouette less the one in service, paired by customer: above 0 the new one is better. The bounds leave out 10 % on each side. */
  readonly gain: { readonly mean: number; readonly low: number; readonly high: number } | null;
  /** Adjusted Rand index of the two partitions of these customers: 1 when they are the same. */
  readonly agreement: number | null;
}

/** Two-sided 80 %: 1.28 standard errors. */
const CONFIDENCE = 0.8;

/**
 * Compares two partitions on customers that the challenger has not seen. Both are measured in the challenger's space, which is how customers differ now: widths
 * of two spaces could not be compared. Time is n² · d: give at most a few thousand customers.
 *
 * @throws RangeError when there are none
 */
export function judgeSegments(
  inService: SegmentModel | null,
  challenger: SegmentModel,
  customers: readonly CustomerProfile[],
): SegmentsComparison {
  if (customers.length === 0) throw new RangeError("Segments cannot be judged by no customers; hold some out of the training.");
  const { space, visits } = challenger;
  const points = customers.map((profile) => project(space, visits === undefined ? profile : withLifetimeValue(profile, visits)));
  const labels = labelsOf(challenger, customers);
  const widths = silhouetteWidths(points, labels);
  const own = {
    customers: customers.length,
    segments: challenger.segments.length,
    stability: stabilityOf(challenger.choice),
    silhouette: meanOf(widths),
  };
  if (inService === null) return { ...own, stabilityInService: null, silhouetteInService: null, gain: null, agreement: null };
  const labelsBefore = labelsOf(inService, customers);
  const before = silhouetteWidths(points, labelsBefore);
  const { mean, low, high } = pairedDifference(widths, before, { confidence: CONFIDENCE });
  return {
    ...own,
    stabilityInService: stabilityOf(inService.choice),
    silhouetteInService: meanOf(before),
    gain: { mean, low, high },
    agreement: adjustedRandIndex(labels, labelsBefore),
  };
}

function labelsOf(model: SegmentModel, customers: readonly CustomerProfile[]): number[] {
  return customers.map((profile) => model.segments.indexOf(assignNearest(model, profile).segment));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
