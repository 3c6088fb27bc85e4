import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rowOf, type Matrix } from "@kava/algorithms/matrix";
import { createRandom } from "@kava/algorithms/random";
import { dbscan } from "@kava/algorithms/segmentation/dbscan";
import { fitKMeans } from "@kava/algorithms/segmentation/kMeans";
import { numbersOf } from "../options.js";
import { processorSeconds } from "../processorTime.js";
import type { Bench, Report } from "../report.js";
import { median } from "../statistics.js";
import { K, makeEps, makePoints, MIN_SAMPLES, RESTARTS } from "./exercise.js";
import { runSklearn, type Answer } from "./pythonSklearn.js";

const DEFAULTS = { points: 20_000, many: 100_000, repeats: 3 };
/** The best of ten starts may be another one: so much more inertia than the other's is still the same answer. */
const MOST_INERTIA = 1.01;

interface Timings {
  readonly points: number;
  /** Restarts on all points, as scikit-learn does it. */
  readonly kMeans: readonly number[];
  /** Restarts on a sample of 5,000 points, the best refined on all: as segments are trained. */
  readonly asServed: readonly number[];
  readonly dbscan: readonly number[];
  readonly inertia: number;
  readonly inertiaAsServed: number;
  readonly noise: number;
  readonly clusters: number;
}

export const bench: Bench = {
  summary: "K-Means and DBSCAN against scikit-learn, the results compared",
  async run(options) {
    const { points, many, repeats } = numbersOf(options, DEFAULTS);
    const folder = await mkdtemp(join(tmpdir(), "kava-bench-clustering-"));
    try {
      const sizes = [...new Set([Math.max(100, Math.round(points / 10)), points, many])].toSorted((a, b) => a - b);
      const measured = [];
      for (const size of sizes) measured.push(await measure(folder, size, size <= points, repeats));
      return reportOf(measured, repeats);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Measured {
  readonly ours: Timings;
  readonly theirs: Answer | string;
}

/** Both sides on the same points. Throws when they do not agree. */
const measure = async (folder: string, size: number, withKMeans: boolean, repeats: number): Promise<Measured> => {
  process.stderr.write(`${size} points …\n`);
  const points = makePoints(size);
  const eps = makeEps(points);
  const files = { points: join(folder, `points-${size}`), labels: join(folder, `labels-${size}`) };
  await writeFile(files.points, points.values);
  const { columns } = points;
  const exercise = { ...files, columns, k: K, restarts: RESTARTS, eps, minSamples: MIN_SAMPLES, repeats, kMeans: withKMeans };
  const theirs = await runSklearn(exercise);
  const { timings: ours, labels } = measureOurs(points, eps, withKMeans, repeats);
  if (typeof theirs !== "string") {
    requireEqual(labels, new Int32Array(new Uint8Array(await readFile(files.labels)).buffer), size);
    requireAlike(ours, theirs);
  }
  return { ours, theirs };
};

const measureOurs = (points: Matrix, eps: number, withKMeans: boolean, repeats: number): { timings: Timings; labels: Int32Array } => {
  const rows = Array.from({ length: points.rows }, (_, i) => [...rowOf(points, i)]);
  const times = withKMeans ? repeats : 0;
  const all = repeated(times, (seed) =>
    fitKMeans(rows, K, { random: createRandom(seed), restarts: RESTARTS, sampleSize: Number.POSITIVE_INFINITY }),
  );
  const asServed = repeated(times, (seed) => fitKMeans(rows, K, { random: createRandom(seed), restarts: RESTARTS }));
  const found = repeated(repeats, () => dbscan(points, { eps, minSamples: MIN_SAMPLES }));
  const { labels, clusters } = found.results[0]!;
  const least = (fits: readonly { inertia: number }[]) => Math.min(...fits.map(({ inertia }) => inertia));
  const timings = {
    points: points.rows,
    kMeans: all.seconds,
    asServed: asServed.seconds,
    dbscan: found.seconds,
    inertia: least(all.results),
    inertiaAsServed: least(asServed.results),
    noise: labels.filter((label) => label < 0).length,
    clusters,
  };
  return { timings, labels };
};

const repeated = <Result>(times: number, once: (seed: number) => Result): { results: Result[]; seconds: number[] } => {
  const results: Result[] = [];
  const seconds = Array.from({ length: times }, (_, seed) => processorSeconds(() => void results.push(once(seed))));
  return { results, seconds };
};

const requireEqual = (ours: Int32Array, theirs: Int32Array, size: number): void => {
  const differs = ours.findIndex((label, i) => label !== theirs[i]);
  if (differs >= 0 || ours.length !== theirs.length)
    throw new Error(
      `DBSCAN of ${size} points: point ${differs} is in cluster ${ours[differs]} here, in ${theirs[differs]} for scikit-learn`,
    );
};

const requireAlike = ({ points, kMeans, inertia, inertiaAsServed }: Timings, theirs: Answer): void => {
  if (kMeans.length === 0) return;
  const worst = Math.max(inertia, inertiaAsServed);
  if (worst > MOST_INERTIA * theirs.inertia)
    throw new Error(`K-Means of ${points} points has an inertia of ${worst} here, ${theirs.inertia} for scikit-learn`);
};

const reportOf = (measured: readonly Measured[], repeats: number): Report => {
  const reason = measured.map(({ theirs }) => theirs).find((theirs) => typeof theirs === "string");
  const version = measured.map(({ theirs }) => theirs).find((theirs) => typeof theirs !== "string")?.version;
  return {
    title: `Clustering in 6 dimensions: processor seconds on one thread, medians of ${repeats}`,
    rows: measured.flatMap(rowsOf),
    notes: [
      reason === undefined
        ? `scikit-learn is ${version}. DBSCAN's labels are equal, point by point; the inertia of K-Means is within 1 %.`
        : `SKIPPED: scikit-learn, since ${reason}. Debian has it as python3-sklearn.`,
      `K-Means: k = ${K}, ${RESTARTS} starts by k-means++, at most 300 steps of Lloyd; "as served" tries the starts on 5,000 points and refines the best on all.`,
      `DBSCAN: ${MIN_SAMPLES} neighbours make a core point; eps is the 90 % quantile of the distances to the tenth neighbour.`,
      ...measured.map(({ ours }) => `${ours.points} points: ${ours.clusters} clusters, ${ours.noise} points of noise.`),
    ],
    figures: { measured, repeats },
  };
};

const rowsOf = ({ ours, theirs }: Measured): Report["rows"] => {
  const peer = typeof theirs === "string" ? undefined : theirs;
  const row = (what: string, mine: readonly number[], their: readonly number[] | undefined) => ({
    what: `${what}, ${ours.points} points`,
    "ours s": thousandth(median(mine)),
    "scikit-learn s": their ? thousandth(median(their)) : "–",
    "ours / theirs": their ? thousandth(median(mine) / median(their)) : "–",
  });
  const kMeans =
    ours.kMeans.length === 0 ? [] : [row("K-Means", ours.kMeans, peer?.kMeans), row("K-Means as served", ours.asServed, peer?.kMeans)];
  return [...kMeans, row("DBSCAN", ours.dbscan, peer?.dbscan)];
};

const thousandth = (value: number): number => Math.round(value * 1000) / 1000;
