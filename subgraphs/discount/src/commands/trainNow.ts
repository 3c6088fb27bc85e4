import { setTimeout as pause } from "node:timers/promises";
import type { JobQueue } from "@kava/platform/bus/port";
import { FitResponse } from "../jobs/fitResponse.js";

const POLL_MS = 200;

/** Asks the service to fit a chain's model and waits until it has. Throws when it was given up, or when no service takes it up. */
export const trainNow = async (queue: JobQueue, tenantId: string, say: (text: string) => void, patienceMs = 600_000): Promise<void> => {
  const key = `${tenantId}.asked`;
  await queue.enqueue({ ...FitResponse, attempts: 1 }, { tenantId, thenDecide: false }, { key });
  const [start, told] = [Date.now(), { seconds: 0 }];
  for (;;) {
    if ((await queue.pending(FitResponse.name)) === 0) break;
    const seconds = Math.floor((Date.now() - start) / 1_000);
    if (seconds > told.seconds) say(`fitting … ${(told.seconds = seconds)} s`);
    if (Date.now() - start > patienceMs) throw new Error("No service has taken up the fit: is the discount service running?");
    await pause(POLL_MS);
  }
  const why = await queue.whyGivenUp(FitResponse.name, key);
  if (why !== null) throw new Error(`The model could not be fitted: ${why}`);
};
