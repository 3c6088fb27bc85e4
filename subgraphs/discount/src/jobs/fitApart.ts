import { answerAsWorker, runInWorker } from "@kava/platform/worker";
import { fitModel, type FitInput, type Fitted } from "../domain/fitModel.js";

/** Fits and compares in a thread of its own: requests do not wait. */
export const fitApart = (input: FitInput): Promise<Fitted | null> => runInWorker(new URL("./fitApart.js", import.meta.url), input);

answerAsWorker(fitModel);
