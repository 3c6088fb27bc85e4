import type { VisitParameters } from "../lifetime/visitModel.js";
import type { ChoiceOfK } from "./chooseK.js";
import type { CustomerProfile } from "./customerProfile.js";
import { project, type FeatureSpace } from "./featureSpace.js";
import { withLifetimeValue } from "./lifetimeFeature.js";
import type { SegmentPortrait } from "./portrait.js";
import { assignPoint } from "./squaredDistance.js";

/** One segment. `id` is a small number that stays with it over retrainings and is never given to another. */
export interface Segment {
  readonly id: number;
  /** What sets it apart, in a few words; unique within the model. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Place in the model's space. */
  readonly centroid: readonly number[];
  /** Root mean square distance of the members to the centroid. */
  readonly radius: number;
  /** Members at the time of training, outliers aside. */
  readonly size: number;
  readonly portrait: SegmentPortrait;
}

/** Everything that assignment, naming and the next retraining need. Plain JSON. */
export interface SegmentModel {
  readonly formatVersion: 1;
  readonly space: FeatureSpace;
  /** Tells a customer's lifetime value at a purchase as it was told at the training; models from before it was a feature have none. */
  readonly visits?: VisitParameters;
  readonly segments: readonly Segment[];
  /** The id that the next new segment gets. */
  readonly nextId: number;
  /** Customers that it was trained on, and those of them who fit no segment; models from before these were sought say nothing. */
  readonly trainedOn: number;
  readonly outliers?: number;
  readonly choice: ChoiceOfK;
  /** Mean silhouette on a sample, −1 to 1; 0 for one segment. */
  readonly silhouette: number;
}

export interface Membership {
  readonly segment: Segment;
  /** Distance to the centroid; a typical member is `segment.radius` away. */
  readonly distance: number;
}

/** The nearest segment of a customer. Time is columns × segments: it does not grow with the number of customers. */
export function assignNearest(model: SegmentModel, profile: CustomerProfile): Membership {
  const { index, squared } = assignPoint(
    model.segments.map((segment) => segment.centroid),
    project(model.space, model.visits === undefined ? profile : withLifetimeValue(profile, model.visits)),
  );
  const segment = model.segments[index];
  if (segment === undefined) throw new RangeError("The segment model has no segment; train it again.");
  return { segment, distance: Math.sqrt(squared) };
}
