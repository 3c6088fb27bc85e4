import type { VisitParameters } from "../lifetime/visitModel.js";
import type { Matrix } from "../matrix.js";
import type { CustomerProfile } from "./customerProfile.js";
import { project, type FeatureSpace } from "./featureSpace.js";
import { withLifetimeValue } from "./lifetimeFeature.js";
import { reachedBy } from "./outliers.js";

/** Where the customers of a training are who fit a segment; anybody else can be told apart by it. */
export interface UsualRegion {
  /** The space in which outliers were sought, which is that of everybody. */
  readonly space: FeatureSpace;
  readonly visits: VisitParameters;
  /** Whoever is further than this from every core point fits no segment. */
  readonly eps: number;
  /** Core points, one a row; of none everybody is usual. */
  readonly cores: Matrix;
}

/** Whether a customer is where the usual ones are: as DBSCAN told it of the customers that it saw. The work does not grow with the number of customers. */
export function usualIn(region: UsualRegion): (profile: CustomerProfile) => boolean {
  const isReached = reachedBy(region);
  return (profile) => isReached(Float64Array.from(project(region.space, withLifetimeValue(profile, region.visits))));
}
