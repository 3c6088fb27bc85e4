import { assignment } from "./assignment.js";
import { squaredDistance } from "./squaredDistance.js";

/** A new cluster that looks for its predecessor. */
export interface Cluster {
  readonly centroid: readonly number[];
  /** Root mean square distance of its members. */
  readonly radius: number;
}

/**
 * For each new cluster the index of the old centroid that it continues, or null when it is new: the assignment of least total squared
 * distance (Hungarian), of which only those pairs count that are no further apart than a typical member is from the centroid.
 *
 * @param old old centroids, already in the new space
 */
export function matchSegments(old: readonly (readonly number[])[], clusters: readonly Cluster[]): (number | null)[] {
  const far = 1e6; // fills the matrix where there are more of the one than of the other
  const size = Math.max(old.length, clusters.length);
  if (size === 0) return [];
  const costs = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => {
      const cluster = clusters[row];
      const centroid = old[column];
      if (cluster === undefined || centroid === undefined) return far;
      const squared = squaredDistance(cluster.centroid, centroid);
      return squared <= reach(cluster) ? squared : far;
    }),
  );
  const columns = assignment(costs);
  return clusters.map((_, row) => {
    const column = columns[row]!;
    return costs[row]![column]! < far ? column : null;
  });
}

/** Even a cluster of equal customers reaches a little. */
function reach({ radius }: Cluster): number {
  return Math.max(radius, 0.25) ** 2;
}
