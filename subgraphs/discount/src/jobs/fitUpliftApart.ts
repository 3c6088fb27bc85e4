import { upliftBoosting } from "@kava/boosting/upliftBoosting";
import { answerAsWorker, runInWorker, type WorkerProgress } from "@kava/platform/worker";
import { fitUplift, type FittedUplift, type FitUpliftInput } from "../domain/fitUplift.js";

/** The log as objects and as arrays, and XGBoost's copy. */
const MEMORY_MB = 2_048;

/** Learns and judges what depths change in a thread of its own: requests do not wait. `onProgress` hears how far it is. */
export const fitUpliftApart = (input: FitUpliftInput, onProgress: (progress: WorkerProgress) => void): Promise<FittedUplift> =>
  runInWorker(new URL("./fitUpliftApart.js", import.meta.url), input, { memoryMb: MEMORY_MB, onProgress });

answerAsWorker((input: FitUpliftInput, report) => fitUplift(input, upliftBoosting, report));
