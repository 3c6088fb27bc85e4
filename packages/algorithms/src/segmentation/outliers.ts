import { rowOf, selectRows, type Matrix } from "../matrix.js";
import type { Random } from "../random.js";
import { dbscan, type DbscanFit } from "./dbscan.js";
import { GridIndex } from "./gridIndex.js";
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
  /** Core points of the groups, so that anybody else can be told apart by them; of none everybody is usual. */
  readonly cores: Matrix;
}

/**
 * The customers that fit no segment: DBSCAN's noise, and members of clusters of less than 1 % (a border point that a greater cluster reaches as well is none).
 * Nobody is one among fewer than 40, where most customers are alike, or where more than a tenth would be.
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
  const nobody = { indices: [], eps: 0, cores: { rows: 0, columns: points.columns, values: new Float64Array(0) } };
  if (points.rows < LEAST_POINTS) return nobody;
  const distances = kDistances(points, { neighbours: NEIGHBOURS, random });
  const upper = quantileOf(distances, 0.75);
  const eps = upper + FENCE * (upper - quantileOf(distances, 0.25));
  if (!(eps > 0)) return nobody;
  const cores = coresOfGroups(points, dbscan(points, { eps, minSamples: NEIGHBOURS }));
  const isUsual = reachedBy({ cores, eps });
  const indices = Array.from({ length: points.rows }, (_, i) => i).filter((i) => !isUsual(rowOf(points, i)));
  return indices.length > MOST_SHARE * points.rows ? nobody : { indices, eps, cores };
}

/**
 * Tells of any point whether it lies within eps of a core point, which is DBSCAN's own rule for who belongs to a cluster: of the points that the cores were
 * found among it tells the same. Without cores everybody is usual. Building takes n log n for n cores; a question looks at the cores within eps along three columns.
 */
export function reachedBy({ cores, eps }: { readonly cores: Matrix; readonly eps: number }): (point: Float64Array) => boolean {
  if (cores.rows === 0) return () => true;
  const index = new GridIndex(cores, eps);
  return (point) => index.isReached(point);
}

/** The core points of all clusters that are no exception themselves. */
function coresOfGroups(points: Matrix, { labels, core, clusters }: DbscanFit): Matrix {
  const sizes = new Uint32Array(clusters);
  for (const label of labels) if (label >= 0) sizes[label]!++;
  return selectRows(
    points,
    Array.from(labels.keys()).filter((i) => core[i] === 1 && sizes[labels[i]!]! >= LEAST_SHARE * points.rows),
  );
}
