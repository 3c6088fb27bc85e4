/**
 * Mean silhouette: (b − a) / max(a, b), where a is a point's mean distance to its own cluster and b to the nearest other. −1 to 1; a point alone
 * in its cluster counts 0. Rousseeuw 1987. Time is n² · d: give a sample of at most a few thousand points.
 *
 * @returns 0 with fewer than two clusters
 * @throws RangeError when there are not as many labels as points, or a point has a number that is not finite
 */
export function silhouette(points: readonly number[][], labels: ArrayLike<number>): number {
  const widths = silhouetteWidths(points, labels);
  return widths.length === 0 ? 0 : widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

/** The silhouette of each point, in their order; all 0 with fewer than two clusters. */
export function silhouetteWidths(points: readonly number[][], labels: ArrayLike<number>): Float64Array {
  if (labels.length !== points.length)
    throw new RangeError(`${points.length} points cannot have ${labels.length} labels; label each once.`);
  const wrong = points.findIndex((point) => !point.every(Number.isFinite));
  if (wrong >= 0) throw new RangeError(`Point ${wrong} has a coordinate that is not a finite number; leave it out or fill the feature.`);
  const clusters = Array.from(labels).reduce((most, label) => Math.max(most, label), -1) + 1;
  const sizes = new Float64Array(clusters);
  for (let i = 0; i < points.length; i++) sizes[labels[i]!]!++;
  const widths = new Float64Array(points.length);
  if (sizes.filter((size) => size > 0).length < 2) return widths;
  const sums = distanceSums(points, labels, clusters);
  return widths.map((_, i) => widthOf(sums.subarray(i * clusters, (i + 1) * clusters), sizes, labels[i]!));
}

/** For each point the sum of its distances to the points of each cluster: n × clusters. Each pair is measured once. */
function distanceSums(points: readonly number[][], labels: ArrayLike<number>, clusters: number): Float64Array {
  const d = points[0]!.length;
  const flat = Float64Array.from(points.flat());
  const sums = new Float64Array(points.length * clusters);
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < i; j++) {
      let squared = 0;
      for (let c = 0; c < d; c++) squared += (flat[i * d + c]! - flat[j * d + c]!) ** 2;
      const distance = Math.sqrt(squared);
      sums[i * clusters + labels[j]!]! += distance;
      sums[j * clusters + labels[i]!]! += distance;
    }
  }
  return sums;
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
