import { answerAsWorker, runInWorker } from "@kava/platform/worker";
import type { OnStep } from "../domain/modelLife.js";
import { trainModel, type Trained, type TrainingInput } from "../domain/segmentation.js";

/** Fits segments in a thread of its own: requests do not wait for the seconds it takes. */
export const trainApart = (input: TrainingInput, onProgress: OnStep): Promise<Trained> =>
  runInWorker(new URL("./trainApart.js", import.meta.url), input, { onProgress });

answerAsWorker(trainModel);
