import type { Progress } from "@kava/importer/terminal/progress";
import { matrixOf } from "@kava/algorithms/matrix";
import { shuffledIndices, type Random } from "@kava/algorithms/random";
import { bootstrapStability } from "@kava/algorithms/segmentation/bootstrapStability";
import { chooseK, type ChoiceOfK } from "@kava/algorithms/segmentation/chooseK";
import { dbscan, NOISE } from "@kava/algorithms/segmentation/dbscan";
import { kDistances, quantileOf } from "@kava/algorithms/segmentation/kDistance";
import { fitKMeans, label, type KMeansFit } from "@kava/algorithms/segmentation/kMeans";
import { silhouetteWidths } from "@kava/algorithms/segmentation/silhouette";
import { standardised, type Rfm } from "./rfm.js";

/** Segments of customers, and how far they can be believed. */
export interface RfmFit {
  readonly points: readonly number[][];
  readonly kMeans: KMeansFit;
  /** How k was found; null where it was given. */
  readonly choice: ChoiceOfK | null;
  /** Mean adjusted Rand index over bootstrap resamples, −1 to 1. */
  readonly stability: number;
  /** The customers whose silhouettes were measured, and those. */
  readonly sample: { readonly customers: readonly number[]; readonly widths: Float64Array; readonly mean: number };
  /** Customers that fit no segment. */
  readonly outliers: readonly number[];
}

export interface FitOptions {
  readonly k: number | undefined;
  readonly random: Random;
  readonly progress: Progress;
}

/** Silhouettes take the square of this. */
const SILHOUETTE_SAMPLE = 10_000;
/** The bootstrap fits thirty times. */
const STABILITY_SAMPLE = 5_000;
/** More points than this are too many to look for outliers among all. */
const MOST_FOR_OUTLIERS = 200_000;
const NEIGHBOURS = 10;
/** Distance to the tenth neighbour that most customers are below: who has fewer than ten others within it fits nowhere. */
const REACH = 0.98;

/** K-means of the standardised logarithms, with its silhouettes, its stability, and the outliers that DBSCAN finds. */
export const fitRfm = (rfm: readonly Rfm[], { k, random, progress }: FitOptions): RfmFit => {
  const points = standardised(rfm);
  if (k === undefined) progress.part("choosing the number of segments", 0);
  const choice = k === undefined ? chooseK(points, { random: random.fork("k") }) : null;
  progress.part("finding segments", 0);
  const kMeans = fitKMeans(points, k ?? choice!.k, { random: random.fork("fit") });
  progress.part("finding them again in resamples", 0);
  const some = take(points, random.fork("stability sample"), STABILITY_SAMPLE).map((i) => points[i]!);
  const stability = bootstrapStability(some, label(some, kMeans.centroids), { random: random.fork("stability") });
  progress.part("measuring silhouettes", 0);
  const customers = take(points, random.fork("silhouette"), SILHOUETTE_SAMPLE);
  const widths = silhouetteWidths(
    customers.map((i) => points[i]!),
    customers.map((i) => kMeans.labels[i]!),
  );
  const mean = widths.reduce((sum, width) => sum + width, 0) / widths.length;
  progress.part("looking for outliers", 0);
  return { points, kMeans, choice, stability, sample: { customers, widths, mean }, outliers: outliersOf(points, random.fork("outliers")) };
};

const take = (points: readonly unknown[], random: Random, count: number): number[] =>
  Array.from(shuffledIndices(random, points.length, count)).sort((a, b) => a - b);

const outliersOf = (points: readonly number[][], random: Random): number[] => {
  if (points.length <= NEIGHBOURS || points.length > MOST_FOR_OUTLIERS) return [];
  const matrix = matrixOf(points);
  const eps = quantileOf(kDistances(matrix, { neighbours: NEIGHBOURS, random }), REACH);
  if (!(eps > 0)) return [];
  const { labels } = dbscan(matrix, { eps, minSamples: NEIGHBOURS });
  return Array.from(labels).flatMap((cluster, i) => (cluster === NOISE ? [i] : []));
};
