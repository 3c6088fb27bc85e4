import { defineJob, type Job } from "@kava/platform/bus/port";
import { runInWorker } from "@kava/platform/worker";
import { z } from "zod";
import { explainBy, keepLists, keepPopular, rankInput } from "./keepLists.js";
import type { Lists } from "./learner.js";
import type { LearningParts } from "./learnPreferences.js";

const Input = z.object({ tenantId: z.uuid() });
export const RankEveryone = { name: "rank-everyone", input: Input };

/** Makes every list anew by the model in service, after it was put back; nothing is learned. */
export const rankEveryone = (parts: LearningParts): Job<z.infer<typeof Input>> =>
  defineJob({
    ...RankEveryone,
    run: async ({ tenantId }) => {
      const { platform, stores, batcher } = parts;
      await batcher.flush();
      const served = await stores.models.of(tenantId);
      if (!served) return;
      const input = await rankInput(parts, tenantId);
      const { ranked } = await runInWorker<{ ranked: Lists }>(new URL("./learner.js", import.meta.url), { ...input, given: served.model });
      const kept = { tenantId, version: served.servedAs, explain: explainBy(input, served.model.items) };
      await platform.database.transaction((tx) => keepPopular(parts, tx, { ...kept, popular: ranked.popular }));
      const changed = await keepLists(parts, { ...kept, afterLoad: false, at: platform.clock(), lists: ranked.lists });
      platform.logger.info({ tenantId, changed, customers: ranked.lists.customerIds.length }, "everyone was ranked anew");
    },
  });
