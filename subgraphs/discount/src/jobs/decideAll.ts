import type { Platform } from "@kava/platform/service";
import { defineJob, type Job } from "@kava/platform/bus/port";
import { z } from "zod";
import type { Deciding } from "../deciding/Deciding.js";
import type { Popularity } from "../deciding/Popularity.js";
import { countCustomers, customersAfter } from "../storage/affectedOffers.js";
import { CHUNK, inChunks } from "./chunks.js";
import type { Progress } from "./progress.js";

const Input = z.object({ tenantId: z.uuid(), trigger: z.enum(["load", "tenant"]) });
type Input = z.infer<typeof Input>;

export interface DecideAll {
  job: Job<Input>;
  /** One run for all that is asked for before it begins. */
  enqueue(input: Input, delayMs?: number): Promise<void>;
  /** Why the last such run was given up; null when it was not. */
  whyGivenUp(input: Input): Promise<string | null>;
}

/** Decides for all customers of a chain. After a load nobody is pushed; when the chain's rules changed, who sees a change is told. */
export const decideAllJob = (platform: Platform, deciding: Deciding, popularity: Popularity, progress: Progress): DecideAll => {
  const job = defineJob<Input>({
    name: "decide all",
    input: Input,
    run: async ({ tenantId, trigger }) => {
      popularity.forget(tenantId);
      const total = await countCustomers(platform.database.sql, tenantId);
      let done = 0;
      progress.report(tenantId, "offers", done, total);
      await inChunks(
        (after) => customersAfter(platform.database.sql, tenantId, after, CHUNK),
        async (customerIds) => {
          await deciding.run({ tenantId, customerIds, trigger, push: trigger === "load" ? "never" : "changes", now: platform.clock() });
          done += customerIds.length;
          progress.report(tenantId, "offers", done, total);
        },
      );
      // a first run fills tables of which nothing is known: without this each purchase would be planned as if they were still empty
      await platform.database.sql.query("ANALYZE push_counter, decision, offer");
    },
  });
  return {
    job,
    enqueue: (input, delayMs) =>
      platform.bus.jobs(platform.name).enqueue(job, input, { key: keyOf(input), ...(delayMs ? { delayMs } : {}) }),
    whyGivenUp: (input) => platform.bus.jobs(platform.name).whyGivenUp(job.name, keyOf(input)),
  };
};

const keyOf = ({ tenantId, trigger }: Input): string => `${tenantId}.${trigger}`;
