import { shuffledIndices, type Random } from "../random.js";
import { bootstrapStability } from "./bootstrapStability.js";
import { chooseByGap, gapStatistic, type Gap } from "./gapStatistic.js";
import { fitKMeans } from "./kMeans.js";

export const LEAST_K = 2;
export const MOST_K = 8;
/** Mean bootstrap ARI from which a clustering is stable. */
export const STABLE = 0.85;

/** How k was found; kept with the segments. */
export interface ChoiceOfK {
  readonly k: number;
  /**
   * - `gap`: the gap statistic's k is stable
   * - `previous`: it is not, but the k of the model in service still is, and changing it would change who belongs together
   * - `largestStable`: neither is; the largest stable k below it (or, if there is none, the smallest above it) is taken
   * - `mostStable`: no k is stable; the most stable one is taken
   * - `tooFew`: too few different customers to cluster; one segment
   */
  readonly by: "gap" | "previous" | "largestStable" | "mostStable" | "tooFew";
  readonly gaps: readonly Gap[];
  /** Mean bootstrap ARI of each k that was tried, in the order of trying. */
  readonly stabilities: readonly { readonly k: number; readonly ari: number }[];
}

export interface ChoiceOptions {
  readonly random: Random;
  /** Points that the gap statistic and the bootstrap work on, drawn at random; 1,000 unless told. */
  readonly sampleSize?: number;
  /** k of the model in service, if there is one. */
  readonly previous?: number | null;
}

/** Fewer points than this say nothing about their own grouping. */
const LEAST_POINTS = 40;

/**
 * The number of clusters, 2 to 8, by the gap statistic, kept only if the bootstrap finds it stable.
 *
 * The work is on a sample, so that it does not grow with the number of customers: about a second on one core.
 */
export function chooseK(points: number[][], { random, sampleSize = 1000, previous = null }: ChoiceOptions): ChoiceOfK {
  const sample =
    points.length <= sampleSize ? points : Array.from(shuffledIndices(random.fork("sample"), points.length, sampleSize), (i) => points[i]!);
  const different = new Set(sample.map((point) => point.join())).size;
  if (points.length < LEAST_POINTS || different <= MOST_K) return { k: 1, by: "tooFew", gaps: [], stabilities: [] };
  const gaps = gapStatistic(sample, { random: random.fork("gap"), from: LEAST_K, to: MOST_K });
  const byGap = chooseByGap(gaps);
  const stabilities: { k: number; ari: number }[] = [];
  const isStable = (k: number): boolean => {
    const fit = fitKMeans(sample, k, { random: random.fork("base", k) });
    const ari = bootstrapStability(sample, fit, { random: random.fork("stability", k) });
    stabilities.push({ k, ari });
    return ari >= STABLE;
  };
  const kept = previous !== null && previous >= LEAST_K && previous <= MOST_K ? [previous] : [];
  const order = [...new Set([byGap, ...kept, ...downFrom(byGap), ...upFrom(byGap + 1)])];
  const stable = order.find(isStable);
  if (stable !== undefined)
    return { k: stable, by: stable === byGap ? "gap" : stable === previous ? "previous" : "largestStable", gaps, stabilities };
  const most = stabilities.reduce((a, b) => (b.ari > a.ari ? b : a));
  return { k: most.k, by: "mostStable", gaps, stabilities };
}

function downFrom(k: number): number[] {
  return Array.from({ length: k - LEAST_K + 1 }, (_, i) => k - i);
}

function upFrom(k: number): number[] {
  return Array.from({ length: Math.max(0, MOST_K - k + 1) }, (_, i) => k + i);
}
