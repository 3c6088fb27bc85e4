import { answerAsWorker, runInWorker } from "@kava/platform/worker";
import { trainModel, type Trained, type TrainingInput } from "../domain/segmentation.js";

/** Fits segments in a thread of its own: requests do not wait for the seconds it takes. */
export const trainApart = (input: TrainingInput): Promise<Trained> => runInWorker(new URL("./trainApart.js", import.meta.url), input);

answerAsWorker(trainModel);
