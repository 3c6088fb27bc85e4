import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@kava/algorithms/random";
import type { Matrix } from "@kava/algorithms/matrix";
import { numbersOf } from "../options.js";
import type { Bench, Report } from "../report.js";
import { median, tenth } from "../statistics.js";
import { compare, type Agreement } from "./agreement.js";
import { runOurs, type Predictions } from "./ours.js";
import { runPython, type Exercise, type Timings } from "./pythonXgboost.js";

const JUDGING_ROWS = 50_000;
const DEFAULTS = { rows: 2_000_000, columns: 20, "exact-rows": 200_000, rounds: 20, repeats: 3, customers: 1_000_000 };

export const bench: Bench = {
  summary: "training, prediction and batch scoring of boosted trees, against XGBoost for Python",
  async run(options) {
    const { rows, columns, "exact-rows": exactRows, rounds, repeats, customers } = numbersOf(options, DEFAULTS);
    const { features, targets } = makeData(Math.max(rows, exactRows) + JUDGING_ROWS, columns);
    const folder = await mkdtemp(join(tmpdir(), "kava-bench-boosting-"));
    try {
      const files = { features: join(folder, "features"), targets: join(folder, "targets"), predictions: join(folder, "predictions") };
      await writeFile(files.features, Float32Array.from(features.values));
      await writeFile(files.targets, Float32Array.from(targets));
      const learned = { rows: Math.max(rows, exactRows), judgingRows: JUDGING_ROWS, scoringRows: Math.min(features.rows, 100_000) };
      const exercise: Exercise = { ...files, ...learned, columns, exactRows, rounds, repeats, customers };
      const python = await runPython(exercise);
      const ours = runOurs(exercise, features, targets);
      const agreement =
        typeof python === "string"
          ? null
          : compare(ours.predictions, await readPredictions(files.predictions), targets.subarray(learned.rows));
      return reportOf(exercise, ours.timings, python, agreement);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const readPredictions = async (file: string): Promise<Predictions> => {
  const both = Float64Array.from(new Float32Array(new Uint8Array(await readFile(file)).buffer));
  return { hist: both.subarray(0, JUDGING_ROWS), exact: both.subarray(JUDGING_ROWS) };
};

/** Standard normal features, every hundredth not known; amounts with a bend, an interaction and noise. */
const makeData = (rows: number, columns: number): { features: Matrix; targets: Float64Array } => {
  const random = createRandom(1, "bench", "boosting");
  const values = Float64Array.from({ length: rows * columns }, (_, i) => (i % 101 === 100 ? Number.NaN : Math.fround(random.normal())));
  const known = (row: number, column: number) => values[row * columns + (column % columns)]! || 0;
  const targets = Float64Array.from({ length: rows }, (_, i) =>
    Math.fround(Math.max(known(i, 0), 0) + known(i, 1) * known(i, 2) + random.normal()),
  );
  return { features: { rows, columns, values }, targets };
};

const reportOf = (
  exercise: Exercise,
  ours: Timings,
  python: Awaited<ReturnType<typeof runPython>>,
  agreement: Agreement | null,
): Report => {
  const peer = typeof python === "string" ? undefined : python;
  const { rows, columns, exactRows, rounds, customers, repeats } = exercise;
  const row = (what: string, unit: string, mine: readonly number[], theirs: readonly number[] | undefined) => ({
    what,
    unit,
    ours: tenth(median(mine)),
    "XGBoost for Python": theirs ? tenth(median(theirs)) : "–",
    "ours / theirs": theirs ? Math.round((median(mine) / median(theirs)) * 100) / 100 : "–",
  });
  return {
    title: `Boosted trees: processor time on one thread, medians of ${repeats}`,
    rows: [
      row(`training, hist, ${rows} × ${columns}, ${rounds} rounds`, "s", ours.hist, peer?.hist),
      row(`training, exact, ${exactRows} × ${columns}, ${rounds} rounds`, "s", ours.exact, peer?.exact),
      row("one prediction, 150 trees", "µs", ours.single, peer?.single),
      row(`${customers} customers × 9 depths, 150 trees`, "s", ours.batch, peer?.batch),
      row("memory of the process at its peak, training with hist", "MB", [ours.peakMb], peer && [peer.peakMb]),
    ],
    notes: [
      ...(typeof python === "string"
        ? [`SKIPPED: XGBoost for Python, since ${python}. Debian has it as python3-xgboost.`]
        : [`XGBoost for Python is ${python.version}.`]),
      ...(agreement ? [saidOf(agreement)] : []),
      "Ours is ml-xgboost 1.1.2 (XGBoost of 2018 in WebAssembly) for training; predictions are made by the trees taken out of it, in JavaScript.",
      "Features are held in double precision here and in single precision in Python: the memory of the process holds both ours and XGBoost's copy.",
      "Python's peak is that of its whole run, which is the training as well.",
    ],
    figures: { exercise: { rows, columns, exactRows, rounds, customers, repeats }, ours, python, agreement },
  };
};

const saidOf = ({ histError, exactGap }: Agreement): string =>
  `On ${JUDGING_ROWS} rows that no learner has seen, trees by hist err by ${histError.ours.toFixed(4)} here and ${histError.theirs.toFixed(4)} in Python; ` +
  `those by exact without sampling predict the same: 99.9 % of rows within ${exactGap.usual.toExponential(1)}, all within ${exactGap.largest.toExponential(1)}.`;
