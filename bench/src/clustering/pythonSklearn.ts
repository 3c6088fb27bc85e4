import { askPython } from "../python.js";

/** What scikit-learn is asked to do. The file holds double-precision numbers, row after row. */
export interface Exercise {
  readonly points: string;
  readonly columns: number;
  readonly k: number;
  readonly restarts: number;
  readonly eps: number;
  readonly minSamples: number;
  /** Where the labels of DBSCAN go: 32-bit whole numbers. */
  readonly labels: string;
  readonly repeats: number;
  /** Whether K-Means is asked for too. */
  readonly kMeans: boolean;
}

export interface Answer {
  readonly version: string;
  /** Processor seconds of each repetition. */
  readonly kMeans: readonly number[];
  readonly dbscan: readonly number[];
  readonly inertia: number;
}

const SCRIPT = `
import json, sys, time
import numpy as np, sklearn
from sklearn.cluster import DBSCAN, KMeans
t = json.loads(sys.argv[1])
x = np.fromfile(t["points"], dtype=np.float64).reshape(-1, t["columns"])
def timed(make):
    start = time.process_time()
    fitted = make().fit(x)
    return fitted, time.process_time() - start
out = {"version": sklearn.__version__, "inertia": 0, "kMeans": []}
if t["kMeans"]:
    runs = [timed(lambda: KMeans(n_clusters=t["k"], n_init=t["restarts"], algorithm="lloyd", random_state=seed)) for seed in range(t["repeats"])]
    out["kMeans"] = [taken for _, taken in runs]
    out["inertia"] = min(fitted.inertia_ for fitted, _ in runs)
runs = [timed(lambda: DBSCAN(eps=t["eps"], min_samples=t["minSamples"])) for _ in range(t["repeats"])]
out["dbscan"] = [taken for _, taken in runs]
runs[0][0].labels_.astype(np.int32).tofile(t["labels"])
print(json.dumps(out))
`;

/** The same exercise by scikit-learn, or the reason why not. */
export const runSklearn = (exercise: Exercise): Promise<Answer | string> => askPython<Answer>(SCRIPT, ["numpy", "sklearn"], exercise);
