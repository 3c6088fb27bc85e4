import { squaredDistance } from "./squaredDistance.js";

/**
 * Mean silhouette: (b − a) / max(a, b), where a is a point's mean distance to its own cluster and b to the nearest other. −1 to 1; a point alone
 * in its cluster counts 0. Rousseeuw 1987. Time is n² · d: give a sample of at most a few thousand points.
 *
 * @returns 0 with fewer than two clusters
 */
export function silhouette(points: readonly number[][], labels: ArrayLike<number>): number {
  const widths = silhouetteWidths(points, labels);
  return widths.length === 0 ? 0 : widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

/** The silhouette of each point, in their order; all 0 with fewer than two clusters. */
export function silhouetteWidths(points: readonly number[][], labels: ArrayLike<number>): Float64Array {
  const clusters = Array.from(labels).reduce((most, label) => Math.max(most, label), -1) + 1;
  const sizes = new Float64Array(clusters);
  for (let i = 0; i < points.length; i++) sizes[labels[i]!]!++;
  const widths = new Float64Array(points.length);
  if (sizes.filter((size) => size > 0).length < 2) return widths;
  const distances = new Float64Array(clusters);
  for (let i = 0; i < points.length; i++) {
    distances.fill(0);
    for (let j = 0; j < points.length; j++) distances[labels[j]!]! += Math.sqrt(squaredDistance(points[i]!, points[j]!));
    widths[i] = widthOf(distances, sizes, labels[i]!);
  }
  return widths;
}

function widthOf(distances: Float64Array, sizes: Float64Array, own: number): number {
  if (sizes[own]! < 2) return 0;
  const inside = distances[own]! / (sizes[own]! - 1);
  let outside = Infinity;
  for (let cluster = 0; cluster < sizes.length; cluster++) {
    if (cluster !== own && sizes[cluster]! > 0) outside = Math.min(outside, distances[cluster]! / sizes[cluster]!);
  }
  const greater = Math.max(inside, outside);
  return greater === 0 ? 0 : (outside - inside) / greater;
}
