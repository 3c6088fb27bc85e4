import type { DomainEvent } from "@kava/contracts/events";
import type { AfterCommit } from "@kava/platform/events/inbox";
import type { Transaction } from "@kava/platform/database/sql";
import { CHUNK } from "../jobs/chunks.js";
import { customersOffered } from "../storage/affectedOffers.js";
import type { EffectParts } from "./effects.js";

type Change = DomainEvent<"menu.item.priced"> | DomainEvent<"menu.promotion.changed">;

/** Those who have a live offer on these items; null when they are too many for one transaction. */
export const fewOffered = async (tx: Transaction, tenantId: string, itemIds: readonly string[]): Promise<string[] | null> => {
  const customerIds = await customersOffered(tx, tenantId, itemIds, CHUNK + 1);
  return customerIds.length > CHUNK ? null : customerIds;
};

/**
 * Decides again for whoever has a live offer on these items, and tells who sees a change: in the event's transaction when they are few, else by a job
 * after it. Until that has come to a customer, readers get what the margin check says of their offer at that moment.
 */
export const decideOffered = async (
  { platform: { clock }, decider, deciding, decideOffered: later }: EffectParts,
  { id, tenantId, type }: Change,
  itemIds: readonly string[],
  tx: Transaction,
  afterCommit: AfterCommit,
): Promise<void> => {
  const trigger = type === "menu.item.priced" ? "item" : "promotion";
  const customerIds = await fewOffered(tx, tenantId, itemIds);
  if (customerIds === null) return later.enqueue({ tenantId, eventId: id, itemIds: [...itemIds], trigger });
  if (customerIds.length === 0) return;
  const pushed = await decider.decide(tx, { tenantId, customerIds, trigger, push: "changes", now: clock() });
  afterCommit(() => deciding.wake(tenantId, pushed));
};
