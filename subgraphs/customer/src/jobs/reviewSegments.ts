import { defineJob } from "@kava/platform/bus/port";
import { z } from "zod";

const AN_HOUR_MS = 3_600_000;

/** What the review needs: who the tenants are, what to do about one, and how to do it. */
export interface ReviewParts {
  tenantIds(): Promise<string[]>;
  /** `train`: enough has changed; `place`: a day has passed, and who does not buy drifts towards another segment; `nothing`. */
  due(tenantId: string): Promise<"train" | "place" | "nothing">;
  train(tenantId: string): Promise<void>;
  place(tenantId: string): Promise<void>;
}

/** Looks every hour at every tenant's segments. */
export const reviewSegmentsJob = (parts: ReviewParts) =>
  defineJob({
    name: "review-segments",
    input: z.object({}),
    every: { ms: AN_HOUR_MS, input: {} },
    run: async () => {
      for (const tenantId of await parts.tenantIds()) {
        const due = await parts.due(tenantId);
        if (due === "train") await parts.train(tenantId);
        if (due === "place") await parts.place(tenantId);
      }
    },
  });
