import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { trainModel, type SegmentModel, type TrainingInput } from "../domain/segmentation.js";

const THREAD = new URL("./trainingThread.js", import.meta.url);

/**
 * Fits segments in a thread, so that requests do not wait for the seconds it takes. A thread can only be made of compiled code: where this runs from
 * its TypeScript (under Vitest) the fit runs in place.
 */
export const trainApart = async (input: TrainingInput): Promise<SegmentModel> => (existsSync(THREAD) ? inThread(input) : trainModel(input));

const inThread = (input: TrainingInput): Promise<SegmentModel> => new Promise((resolve, reject) => {
  const worker = new Worker(THREAD, { workerData: input });
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.once("exit", (code) => reject(new Error(`The training's thread ended with code ${code} before it had an answer`)));
});
