import { defineJob } from "@kava/platform/bus/port";
import { z } from "zod";

/** Trains one tenant's segments now. */
export const trainSegmentsJob = (train: (tenantId: string, progress: (done: number, total: number) => Promise<void>) => Promise<void>) =>
  defineJob({
    name: "train-segments",
    input: z.object({ tenantId: z.uuid() }),
    run: ({ tenantId }, progress) => train(tenantId, async (done, total) => progress(done, total)),
  });
