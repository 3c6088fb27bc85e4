import { defineJob, type Job } from "@kava/platform/bus/port";
import { missingFromInbox } from "@kava/platform/events/inbox";
import type { Platform } from "@kava/platform/service";
import { z } from "zod";
import type { Deciding } from "../deciding/Deciding.js";
import { customersOffered } from "../storage/affectedOffers.js";
import { CHUNK, inChunks } from "./chunks.js";

/** `eventId`: what changed the items, or the promotions on them. */
const Input = z.object({ tenantId: z.uuid(), eventId: z.uuid(), itemIds: z.array(z.uuid()), trigger: z.enum(["item", "promotion"]) });
type Input = z.infer<typeof Input>;

export interface DecideOffered {
  job: Job<Input>;
  /** To be called in the event's own transaction: it begins when that is committed. */
  enqueue(input: Input): Promise<void>;
}

/** A moment for the transaction to commit. */
const COMMIT_MS = 500;

/**
 * Decides again for all who have a live offer on these items, when they are too many for the transaction of the event. It looks for them once the
 * event is committed: a decision that did not see the change has then either made its offer, or sees it.
 */
export const decideOfferedJob = ({ name, bus, clock, database: { sql } }: Platform, deciding: Deciding): DecideOffered => {
  const job = defineJob<Input>({
    name: "decide offered",
    input: Input,
    run: async ({ tenantId, eventId, itemIds, trigger }) => {
      if ((await missingFromInbox(sql, name, [eventId])).length > 0)
        throw new Error(
          `Event ${eventId} is not applied yet, so that its offers cannot be decided again: this is tried once more in a moment`,
        );
      await inChunks(
        (after) => customersOffered(sql, tenantId, itemIds, CHUNK, after),
        (customerIds) => deciding.run({ tenantId, customerIds, trigger, push: "changes", now: clock() }),
      );
    },
  });
  return { job, enqueue: (input) => bus.jobs(name).enqueue(job, input, { key: input.eventId, delayMs: COMMIT_MS }) };
};
