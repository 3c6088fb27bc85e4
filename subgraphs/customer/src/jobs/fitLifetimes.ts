import { defineJob } from "@kava/platform/bus/port";
import { z } from "zod";
import type { Step } from "../domain/modelLife.js";

const AN_HOUR_MS = 3_600_000;

/** What the job is called and takes, for whoever asks for it. */
export const FitLifetimes = { name: "fit-lifetimes", input: z.object({ tenantId: z.uuid() }) };

/** Fits one tenant's lifetime parameters now. */
export const fitLifetimesJob = (fit: (tenantId: string, progress: (step: Step) => Promise<void>) => Promise<void>) =>
  defineJob({ ...FitLifetimes, run: ({ tenantId }, progress) => fit(tenantId, async ({ done, total }) => progress(done, total)) });

/** What the review needs: who the tenants are, whether a fit of one is due, and how to do it. */
export interface LifetimeReviewParts {
  tenantIds(): Promise<string[]>;
  isDue(tenantId: string): Promise<boolean>;
  fit(tenantId: string): Promise<void>;
}

/** Looks every hour at every tenant's lifetime parameters. */
export const reviewLifetimesJob = ({ tenantIds, isDue, fit }: LifetimeReviewParts) =>
  defineJob({
    name: "review-lifetimes",
    input: z.object({}),
    every: { ms: AN_HOUR_MS, input: {} },
    run: async () => {
      for (const tenantId of await tenantIds()) if (await isDue(tenantId)) await fit(tenantId);
    },
  });
