import { defineJob, type JobQueue } from "@kava/platform/bus/port";
import { z } from "zod";
import { LearnPreferences, type LearningParts } from "./learnPreferences.js";
import { RefreshTastes } from "./refreshTastes.js";

const EVERY_MS = 5 * 60_000;
/** Learning anew pays when so much is new: this share of what was known, but not for less than this many purchases. */
const GROWTH = 0.02;
const LEAST_NEW = 50;

/** Looks now and then whether a chain has bought enough since its tastes were learned, and whether a refresh was lost with its process. */
export const learnWhenChanged = ({ stores, tenants }: LearningParts, queue: JobQueue) =>
  defineJob({
    name: "learn-when-changed",
    input: z.object({}),
    every: { ms: EVERY_MS, input: {} },
    run: async () => {
      for (const { tenantId } of await tenants.all()) {
        const [purchases, learned] = [await stores.histories.purchases(tenantId), await stores.models.of(tenantId)];
        // what was refused has seen them too: it is tried again when there is more
        const known = await stores.models.purchasesSeen(tenantId);
        // a model of another shape is none: it is learned anew whatever is new
        if (purchases > 0 && (!learned || purchases - known >= Math.max(LEAST_NEW, GROWTH * known)))
          await queue.enqueue(LearnPreferences, { tenantId, afterLoad: false }, { key: tenantId });
      }
      for (const tenantId of await stores.changes.tenants()) await queue.enqueue(RefreshTastes, { tenantId }, { key: tenantId });
    },
  });
