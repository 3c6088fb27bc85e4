import { answerAsWorker, runInWorker } from "@kava/platform/worker";
import { fitLifetime, type LifetimeInput, type LifetimeModel } from "../domain/lifetime.js";

/** Fits lifetime parameters in a thread of its own: requests do not wait for the seconds it takes. */
export const fitLifetimeApart = (input: LifetimeInput): Promise<LifetimeModel | null> =>
  runInWorker(new URL("./fitLifetimeApart.js", import.meta.url), input);

answerAsWorker(fitLifetime);
