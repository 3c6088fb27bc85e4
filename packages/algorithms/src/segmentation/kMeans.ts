/** K-means by `ml-kmeans` (Lloyd), seeded, with k-means++ starts of our own (faster on plain arrays) and restarts. */
import { kmeans } from "ml-kmeans";
import { shuffledIndices, type Random } from "../random.js";
import { assignPoint, squaredDistance } from "./squaredDistance.js";

export interface KMeansFit {
  readonly centroids: number[][];
  /** For each point the index of its centroid. */
  readonly labels: Uint32Array;
  /** Sum of the squared distances to the own centroid. */
  readonly inertia: number;
}

export interface KMeansOptions {
  readonly random: Random;
  /** Starts of which the best counts; 10 unless told (one start was 12 % worse than the best of ten). */
  readonly restarts?: number;
  /** Above this many points the restarts run on a random sample and only the best is refined on all; 5,000 unless told. */
  readonly sampleSize?: number;
}

/**
 * The best of several k-means fits.
 *
 * @param points n × d, every number finite
 * @param k from 1 to n
 * @throws RangeError when k is not in its range, a number is not finite, or points differ in their number of columns
 */
export function fitKMeans(points: number[][], k: number, { random, restarts = 10, sampleSize = 5000 }: KMeansOptions): KMeansFit {
  if (!(Number.isInteger(k) && k >= 1 && k <= points.length))
    throw new RangeError(`K-means needs k from 1 to the number of points (${points.length}), not ${k}.`);
  const wrong = points.findIndex((point) => !point.every(Number.isFinite));
  if (wrong >= 0)
    throw new RangeError(`Point ${wrong} has a coordinate that is not a finite number; leave the customer out or fill the feature.`);
  const columns = points[0]!.length;
  const ragged = points.findIndex((point) => point.length !== columns);
  if (columns === 0 || ragged >= 0)
    throw new RangeError(
      `Point ${Math.max(0, ragged)} has ${points[Math.max(0, ragged)]!.length} columns; all need as many, and at least one.`,
    );
  const sampled = points.length > sampleSize && sampleSize >= k;
  const used = sampled ? Array.from(shuffledIndices(random.fork("sample"), points.length, sampleSize), (i) => points[i]!) : points;
  let best: KMeansFit | null = null;
  for (let start = 0; start < restarts; start++) {
    const fit = lloyd(used, seedCentroids(used, k, random.fork("start", start)));
    if (best === null || fit.inertia < best.inertia) best = fit;
  }
  if (best === null) throw new RangeError("K-means needs at least one start.");
  return sampled ? lloyd(points, best.centroids) : best;
}

function lloyd(points: number[][], initialization: number[][]): KMeansFit {
  const { centroids } = kmeans(points, initialization.length, { initialization, maxIterations: 300 });
  return label(points, centroids);
}

/** Labels and inertia of points under given centroids. */
export function label(points: readonly number[][], centroids: number[][]): KMeansFit {
  const labels = new Uint32Array(points.length);
  let inertia = 0;
  points.forEach((point, i) => {
    const { index, squared } = assignPoint(centroids, point);
    labels[i] = index;
    inertia += squared;
  });
  return { centroids, labels, inertia };
}

/** k-means++ (Arthur & Vassilvitskii 2007): each next centroid is a point drawn with probability proportional to its squared distance. */
function seedCentroids(points: readonly number[][], k: number, random: Random): number[][] {
  const centroids = [points[random.integer(points.length)]!];
  const nearest = Float64Array.from(points, (point) => squaredDistance(point, centroids[0]!));
  while (centroids.length < k) {
    const total = nearest.reduce((sum, squared) => sum + squared, 0);
    let left = random.uniform() * total;
    let chosen = nearest.findIndex((squared) => (left -= squared) < 0);
    if (chosen === -1) chosen = random.integer(points.length);
    const centroid = points[chosen]!;
    centroids.push(centroid);
    points.forEach((point, i) => (nearest[i] = Math.min(nearest[i]!, squaredDistance(point, centroid))));
  }
  return centroids.map((centroid) => [...centroid]);
}
