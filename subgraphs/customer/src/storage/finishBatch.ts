import type { Database } from "@kava/platform/database/database";
import { appendToOutbox } from "@kava/platform/events/outbox";
import { completeBatch } from "./loadBatches.js";

/** Closes a batch and tells what it brought, in one transaction; an empty one is closed in silence. */
export const finishBatch = (database: Database, tenantId: string, batchId: string, now: Date): Promise<void> =>
  database.transaction(async (tx) => {
    const batch = await completeBatch(tx, tenantId, batchId);
    if (!batch || batch.purchases + batch.customers === 0) return;
    await appendToOutbox(tx, [
      {
        type: "purchases.loaded",
        tenantId,
        aggregateId: batchId,
        aggregateVersion: 1,
        occurredAt: now,
        data: {
          batchId,
          purchases: batch.purchases,
          customers: batch.customers,
          from: batch.firstAt?.toISOString() ?? null,
          to: batch.lastAt?.toISOString() ?? null,
        },
      },
    ]);
  });
