import type { Matrix } from "@kava/algorithms/matrix";
import { createRandom, type Random } from "@kava/algorithms/random";
import { kDistances, quantileOf } from "@kava/algorithms/segmentation/kDistance";

const COLUMNS = 6;
const CLOUDS = 8;
/** Share of points that belong to no cloud. */
const STRAY = 0.03;
/** As findOutliers of packages/algorithms asks for them: that many neighbours make a core point. */
export const MIN_SAMPLES = 10;
export const K = 5;
export const RESTARTS = 10;

/** Clouds of different widths and sizes that overlap, and some points between them: like customers after scaling, and no clear number of groups. */
export const makePoints = (rows: number): Matrix => {
  const random = createRandom(1, "bench", "clustering", rows);
  const clouds = Array.from({ length: CLOUDS }, (_, i) => ({
    centre: Array.from({ length: COLUMNS }, () => 2.5 * random.normal()),
    width: 0.5 + 0.1 * i,
  }));
  const values = new Float64Array(rows * COLUMNS);
  for (let row = 0; row < rows; row++) values.set(pointOf(clouds, random), row * COLUMNS);
  return { rows, columns: COLUMNS, values };
};

const pointOf = (clouds: readonly { centre: number[]; width: number }[], random: Random): number[] => {
  if (random.uniform() < STRAY) return Array.from({ length: COLUMNS }, () => 16 * random.uniform() - 8);
  const { centre, width } = clouds[random.integer(clouds.length)]!;
  return centre.map((middle) => middle + width * random.normal());
};

/** A radius by the sorted distances to the tenth neighbour (Ester et al. 1996): nine of ten points are core points or nearly so. */
export const makeEps = (points: Matrix): number =>
  quantileOf(kDistances(points, { neighbours: MIN_SAMPLES, random: createRandom(1, "bench", "eps") }), 0.9);
