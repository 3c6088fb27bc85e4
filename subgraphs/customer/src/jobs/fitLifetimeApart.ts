import { answerAsWorker, runInWorker } from "@kava/platform/worker";
import { fitLifetime, type LifetimeFitted, type LifetimeInput } from "../domain/fitLifetime.js";
import type { OnStep } from "../domain/modelLife.js";

/** Fits lifetime parameters in a thread of its own: requests do not wait for the seconds it takes. */
export const fitLifetimeApart = (input: LifetimeInput, onProgress: OnStep): Promise<LifetimeFitted | null> =>
  runInWorker(new URL("./fitLifetimeApart.js", import.meta.url), input, { onProgress });

answerAsWorker(fitLifetime);
