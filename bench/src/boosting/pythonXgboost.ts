import { spawn } from "node:child_process";

/** What both sides are asked to do. Files hold single-precision numbers, rows after rows. */
export interface Exercise {
  readonly features: string;
  readonly targets: string;
  readonly columns: number;
  readonly rows: number;
  readonly exactRows: number;
  readonly scoringRows: number;
  readonly rounds: number;
  readonly repeats: number;
  readonly customers: number;
}

/** Processor seconds of each repetition, so that what else runs on the machine does not count; microseconds for single predictions. */
export interface Timings {
  readonly hist: readonly number[];
  readonly exact: readonly number[];
  readonly single: readonly number[];
  readonly batch: readonly number[];
  readonly peakMb: number;
}

export interface PythonTimings extends Timings {
  readonly version: string;
}

/** One thread, as ours is; the same parameters, trees and rows. */
const SCRIPT = `
import json, resource, sys, time
import numpy as np, xgboost as xgb
t = json.loads(sys.argv[1])
x = np.fromfile(t["features"], dtype=np.float32).reshape(-1, t["columns"])
y = np.fromfile(t["targets"], dtype=np.float32)
P = dict(eta=.05, max_depth=4, min_child_weight=20, subsample=.8, colsample_bytree=.8, reg_lambda=5, nthread=1, verbosity=0, seed=1, objective="reg:squarederror")
def fit(rows, method, rounds):
    start = time.process_time()
    model = xgb.train(dict(P, tree_method=method), xgb.DMatrix(x[:rows], y[:rows]), rounds)
    return model, time.process_time() - start
again = range(t["repeats"])
out = {"version": xgb.__version__}
out["hist"] = [fit(t["rows"], "hist", t["rounds"])[1] for _ in again]
out["exact"] = [fit(t["exactRows"], "exact", t["rounds"])[1] for _ in again]
model, _ = fit(t["scoringRows"], "hist", 150)
def single():
    start = time.process_time()
    for i in range(2000): model.inplace_predict(x[i:i + 1])
    return (time.process_time() - start) / 2000 * 1e6
out["single"] = [single() for _ in again]
def batch():
    taken = 0.
    for begin in range(0, t["customers"], 10000):
        block = x[np.arange(begin, min(begin + 10000, t["customers"])) % len(x)]
        start = time.process_time()
        asked = np.repeat(block, 9, axis=0)
        asked[:, 0] = np.tile(np.arange(9, dtype=np.float32) * 5, len(block))
        model.inplace_predict(asked)
        taken += time.process_time() - start
    return taken
out["batch"] = [batch() for _ in again]
out["peakMb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(out))
`;

/** The same exercise by Python's XGBoost, or the reason why not. */
export const runPython = (exercise: Exercise): Promise<PythonTimings | string> =>
  new Promise((resolve) => {
    const python = spawn("python3", ["-c", SCRIPT, JSON.stringify(exercise)], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    let wrong = "";
    python.stdout.on("data", (text: Buffer) => (said += text.toString()));
    python.stderr.on("data", (text: Buffer) => (wrong += text.toString()));
    python.once("error", (error) => resolve(`python3 cannot be started (${error.message})`));
    python.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(said) as PythonTimings);
      else resolve(`python3 ended with code ${code}: ${wrong.trim().split("\n").at(-1) ?? ""}`);
    });
  });
