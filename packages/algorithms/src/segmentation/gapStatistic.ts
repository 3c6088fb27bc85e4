import type { Random } from "../random.js";
import { fitKMeans } from "./kMeans.js";
import { fromAxes, principalAxes, toAxes, type PrincipalAxes } from "./principalAxes.js";

export interface Gap {
  readonly k: number;
  /** Mean ln inertia of uniform references − ln inertia of the points. */
  readonly gap: number;
  /** Standard error of it, with the factor √(1 + 1 / references). */
  readonly error: number;
}

export interface GapOptions {
  readonly random: Random;
  readonly from: number;
  readonly to: number;
  /** Uniform data sets to compare with; 8 unless told. */
  readonly references?: number;
  /** Called before each k. */
  readonly onK?: (k: number) => void;
}

/**
 * The gap statistic for each k: how much tighter the clusters are than those of uniform points in a box along the points' principal axes
 * (a box along the columns would take their mere correlation for clusters). Tibshirani, Walther & Hastie 2001.
 */
export function gapStatistic(points: number[][], { random, from, to, references = 8, onK }: GapOptions): Gap[] {
  const axes = principalAxes(points);
  const boxes = Array.from({ length: references }, (_, r) => uniformLike(points, axes, random.fork("reference", r)));
  const gaps: Gap[] = [];
  for (let k = from; k <= to; k++) {
    onK?.(k);
    const own = logInertia(points, k, random.fork("own", k), 4);
    const others = boxes.map((box, r) => logInertia(box, k, random.fork("box", k, r), 1));
    const mean = others.reduce((sum, value) => sum + value, 0) / references;
    const variance = others.reduce((sum, value) => sum + (value - mean) ** 2, 0) / references;
    gaps.push({ k, gap: mean - own, error: Math.sqrt(variance * (1 + 1 / references)) });
  }
  return gaps;
}

/** The rule of the paper: the smallest k whose gap is not below the next one's less its error; the last k when there is none. */
export function chooseByGap(gaps: readonly Gap[]): number {
  const found = gaps.find(({ gap }, i) => {
    const next = gaps[i + 1];
    return next === undefined || gap >= next.gap - next.error;
  });
  if (found === undefined) throw new RangeError("No gap was given, so no k can be chosen.");
  return found.k;
}

function logInertia(points: number[][], k: number, random: Random, restarts: number): number {
  return Math.log(Math.max(1e-300, fitKMeans(points, k, { random, restarts }).inertia));
}

function uniformLike(points: readonly number[][], axes: PrincipalAxes, random: Random): number[][] {
  const turned = points.map((point) => toAxes(axes, point));
  const box = axes.centre.map((_, c) => {
    let least = Infinity;
    let greatest = -Infinity;
    for (const point of turned) {
      least = Math.min(least, point[c]!);
      greatest = Math.max(greatest, point[c]!);
    }
    return { least, width: greatest - least };
  });
  return points.map(() =>
    fromAxes(
      axes,
      box.map(({ least, width }) => least + width * random.uniform()),
    ),
  );
}
