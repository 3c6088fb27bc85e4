/** Squared Euclidean distance of two points of equal dimension. */
export function squaredDistance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
  }
  return sum;
}

/** The nearest of some centroids, ties to the first. Time is k · d. */
export function assignPoint(centroids: readonly (readonly number[])[], point: readonly number[]): { index: number; squared: number } {
  let index = 0;
  let squared = Infinity;
  for (let i = 0; i < centroids.length; i++) {
    const candidate = squaredDistance(centroids[i]!, point);
    if (candidate < squared) {
      squared = candidate;
      index = i;
    }
  }
  return { index, squared };
}
