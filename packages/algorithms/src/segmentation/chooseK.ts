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
   * - `gap`: the gap statistic's k is stable, and there is no other k in service that still does
   * - `previous`: the k of the model in service is still stable and not clearly looser; another would change who belongs together
   * - `largestStable`: neither will do; the largest stable k below it (or, if there is none, the smallest above it) is taken
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
  /** Told before each piece of work: what, and how many of its pieces are done. */
  readonly onStep?: (step: string, done: number, total: number) => void;
}

/**
 * The gap statistic's k takes the place of a stable k in service only if its clusters are tighter by a fifth, measured against uniform points. From sample to
 * sample the gaps of neighbouring k change by 0.1 and the best k with them; a group that is new changes them by more than 1.
 */
const CLEARLY_TIGHTER = Math.log(1.25);

/** Fewer points than this say nothing about their own grouping. */
const LEAST_POINTS = 40;

/**
 * The number of clusters, 2 to 8: that of the model in service while the bootstrap finds it stable and the gap statistic no other clearly better, so that
 * segments keep their identity; else by the gap statistic, kept only if stable.
 *
 * The work is on a sample, so that it does not grow with the number of customers: about a second on one core.
 */
export function chooseK(points: number[][], { random, sampleSize = 1000, previous = null, onStep }: ChoiceOptions): ChoiceOfK {
  const sample =
    points.length <= sampleSize ? points : Array.from(shuffledIndices(random.fork("sample"), points.length, sampleSize), (i) => points[i]!);
  const different = new Set(sample.map((point) => point.join())).size;
  if (points.length < LEAST_POINTS || different <= MOST_K) return { k: 1, by: "tooFew", gaps: [], stabilities: [] };
  const tries = MOST_K - LEAST_K + 1;
  const gaps = gapStatistic(sample, {
    random: random.fork("gap"),
    from: LEAST_K,
    to: MOST_K,
    onK: (k) => onStep?.("how many segments", k - LEAST_K, tries),
  });
  const byGap = chooseByGap(gaps);
  const stabilities: { k: number; ari: number }[] = [];
  const isStable = (k: number): boolean => {
    onStep?.("how stable they are", stabilities.length, tries);
    const fit = fitKMeans(sample, k, { random: random.fork("base", k) });
    const ari = bootstrapStability(sample, fit, { random: random.fork("stability", k) });
    stabilities.push({ k, ari });
    return ari >= STABLE;
  };
  const order = inOrder(byGap, previous, gaps);
  const stable = order.find(isStable);
  if (stable !== undefined)
    return { k: stable, by: stable === byGap ? "gap" : stable === previous ? "previous" : "largestStable", gaps, stabilities };
  const most = stabilities.reduce((a, b) => (b.ari > a.ari ? b : a));
  return { k: most.k, by: "mostStable", gaps, stabilities };
}

/** Mean bootstrap ARI of the k that was taken; null where nothing was clustered. */
export function stabilityOf({ k, stabilities }: ChoiceOfK): number | null {
  return stabilities.find((each) => each.k === k)?.ari ?? null;
}

/** Every k once, the most wanted first. */
function inOrder(byGap: number, previous: number | null, gaps: readonly Gap[]): number[] {
  const gapOf = (k: number | null): number | undefined => gaps.find((gap) => gap.k === k)?.gap;
  const before = gapOf(previous);
  const inService = previous === null || before === undefined ? [] : [previous];
  const first = before !== undefined && gapOf(byGap)! - before < CLEARLY_TIGHTER ? inService : [];
  return [...new Set([...first, byGap, ...inService, ...downFrom(byGap), ...upFrom(byGap + 1)])];
}

function downFrom(k: number): number[] {
  return Array.from({ length: k - LEAST_K + 1 }, (_, i) => k - i);
}

function upFrom(k: number): number[] {
  return Array.from({ length: Math.max(0, MOST_K - k + 1) }, (_, i) => k + i);
}
