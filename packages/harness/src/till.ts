import { setTimeout as pause } from "node:timers/promises";
import { RECORD_PURCHASE, type PurchaseAnswer, type PurchaseInput, type RecordedPurchase } from "./documents.js";
import { askGraph } from "./graphClient.js";

export interface TillOptions {
  /** The gateway's /graphql. */
  url: string;
  token: string;
  /** Pause before a purchase that was not acknowledged is sent again the first time, milliseconds; it doubles each time, up to five seconds. */
  retryMs?: number;
  /** Gives up retrying. */
  signal?: AbortSignal;
}

const LONGEST_PAUSE_MS = 5_000;

/**
 * Records a purchase as a till must: the same key again and again until it is acknowledged, whatever breaks on the way. Throws when the graph
 * refuses the purchase for what is in it, and when the signal gives up.
 */
export const recordUntilAcknowledged = async (
  { url, token, retryMs = 200, signal }: TillOptions,
  input: PurchaseInput,
): Promise<RecordedPurchase> => {
  for (let pauseMs = retryMs; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    const answer = await askGraph<PurchaseAnswer>(url, { query: RECORD_PURCHASE, variables: { input }, token }).catch(() => undefined);
    const recorded = answer?.data?.recordPurchase;
    if (recorded?.__typename === "Purchase") return recorded;
    if (recorded) throw new Error(`The purchase ${input.idempotencyKey} was refused: ${recorded.__typename}, ${recorded.message}`);
    await pause(pauseMs * (0.5 + Math.random())); // spread, so that all tills of an outage do not come back in the same instant
  }
};
