import type { Random } from "../random.js";
import { adjustedRandIndex } from "./adjustedRandIndex.js";
import { fitKMeans, label, type KMeansFit } from "./kMeans.js";

export interface StabilityOptions {
  readonly random: Random;
  /** Resamples; 10 unless told. */
  readonly replicates?: number;
}

/**
 * Whether a clustering would come out again: k-means on resamples of the points (with replacement), each labelling compared with
 * the original on all points. Mean adjusted Rand index; kept as stable from 0.85. Hennig 2007.
 */
export function bootstrapStability(points: readonly number[][], fit: KMeansFit, { random, replicates = 10 }: StabilityOptions): number {
  let sum = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const draw = random.fork("resample", replicate);
    const resample = points.map(() => points[draw.integer(points.length)]!);
    const again = fitKMeans(resample, fit.centroids.length, { random: random.fork("fit", replicate), restarts: 3 });
    sum += adjustedRandIndex(fit.labels, label(points, again.centroids).labels);
  }
  return sum / replicates;
}
