import { answerAsWorker, runInWorker } from "@kava/platform/worker";
import { trainModel, type SegmentModel, type TrainingInput } from "../domain/segmentation.js";

/** Fits segments in a thread of its own: requests do not wait for the seconds it takes. */
export const trainApart = (input: TrainingInput): Promise<SegmentModel> => runInWorker(new URL("./trainApart.js", import.meta.url), input);

answerAsWorker(trainModel);
