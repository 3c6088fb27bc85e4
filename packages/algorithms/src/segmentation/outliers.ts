import type { Matrix } from "../matrix.js";
import type { Random } from "../random.js";
import { dbscan } from "./dbscan.js";
import { kDistances, quantileOf } from "./kDistance.js";

/** As in the k-dist graph: eps is measured to the tenth other customer, and ten make a core. */
const NEIGHBOURS = 10;
/** Tukey's outer fence: what lies beyond the upper quartile by three times the distance of the quartiles is "far out". */
const FENCE = 3;
/** A dense group of fewer than this is no segment. */
const LEAST_SHARE = 0.01;
/** Where more than this would be exceptions, there is no rule that they are the exceptions of. */
const MOST_SHARE = 0.1;
/** Fewer points than this say nothing about who is usual. */
const LEAST_POINTS = 40;

export interface Outliers {
  /** Indices of the points that fit no group, ascending. */
  readonly indices: readonly number[];
  /** The radius that DBSCAN worked with; 0 when it did not run. */
  readonly eps: number;
}

/**
 * The customers that fit no segment: DBSCAN's noise, and members of clusters of less than 1 %. Nobody is one among fewer than 40, where most customers
 * are alike, or where more than a tenth would be.
 *
 * eps is the upper quartile of the distances to the tenth neighbour plus three times their interquartile range (the outer fence of Tukey 1977 on the
 * sorted k-dist graph of Ester et al. 1996). A quantile near the end of that graph, the usual choice, marks its share whether or not there is
 * anything to mark, and is itself an outlier's distance as soon as there are a few: with 3 % of corporate orders, staff and fraud planted, the
 * 98 % quantile grew from 1.1 to 3.3 and hid a third of them; quartiles stay where they are until a quarter of the customers is odd.
 *
 * @param points n × d, every number finite
 * @throws RangeError for a number that is not finite
 */
export function findOutliers(points: Matrix, { random }: { readonly random: Random }): Outliers {
  if (points.rows < LEAST_POINTS) return { indices: [], eps: 0 };
  const distances = kDistances(points, { neighbours: NEIGHBOURS, random });
  const upper = quantileOf(distances, 0.75);
  const eps = upper + FENCE * (upper - quantileOf(distances, 0.25));
  if (!(eps > 0)) return { indices: [], eps: 0 };
  const { labels, clusters } = dbscan(points, { eps, minSamples: NEIGHBOURS });
  const sizes = new Uint32Array(clusters);
  for (const label of labels) if (label >= 0) sizes[label]!++;
  const indices = Array.from(labels.keys()).filter((i) => labels[i]! < 0 || sizes[labels[i]!]! < LEAST_SHARE * points.rows);
  return { indices: indices.length > MOST_SHARE * points.rows ? [] : indices, eps };
}
