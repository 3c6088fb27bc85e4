import { askPython } from "../python.js";

/** What both sides are asked to do. Files hold single-precision numbers, rows after rows. */
export interface Exercise {
  readonly features: string;
  readonly targets: string;
  readonly columns: number;
  /** Rows of the file that learners see; those after them are there to judge by. */
  readonly rows: number;
  readonly judgingRows: number;
  /** Where predictions for the judging rows go, single precision: by `hist` on all rows, then by `exact` without sampling. */
  readonly predictions: string;
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
    model = xgb.train(dict(P, tree_method=method, base_score=float(y[:rows].mean())), xgb.DMatrix(x[:rows], y[:rows]), rounds)
    return model, time.process_time() - start
again = range(t["repeats"])
out = {"version": xgb.__version__}
hist = [fit(t["rows"], "hist", t["rounds"]) for _ in again]
out["hist"] = [taken for _, taken in hist]
out["exact"] = [fit(t["exactRows"], "exact", t["rounds"])[1] for _ in again]
judged = x[t["rows"]:t["rows"] + t["judgingRows"]]
exact = xgb.train(dict(P, tree_method="exact", subsample=1, colsample_bytree=1, base_score=.5), xgb.DMatrix(x[:t["exactRows"]], y[:t["exactRows"]]), t["rounds"])
np.concatenate([hist[0][0].inplace_predict(judged), exact.inplace_predict(judged)]).astype(np.float32).tofile(t["predictions"])
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
  askPython<PythonTimings>(SCRIPT, ["numpy", "xgboost"], exercise);
