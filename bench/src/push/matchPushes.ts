import type { Received } from "@kava/harness/pushSubscriber";
import type { Sale } from "@kava/harness/traffic";

/** What became of purchases at the subscribers. */
export interface Matched {
  /** Milliseconds from a purchase's sending to its push's arrival. */
  delays: number[];
  /** Purchases after which no push came. */
  lost: number;
  /** Pushes that came twice (the same cursor). */
  doubled: number;
  /** Pushes that no purchase explains: an offer that was decided again because a taste or a price changed. */
  additional: number;
}

/**
 * Pairs the purchases of one customer with what their subscriber received: each purchase, oldest first, with the first push after its sending that
 * is not another's. Pushes name no purchase, so one that has another cause can stand in for a purchase's own; with seconds between the purchases of
 * a customer that is rare.
 */
export const matchPushes = (sales: readonly Pick<Sale, "sentAt">[], received: readonly Pick<Received, "at" | "cursor">[]): Matched => {
  const unique = received.filter((push, i) => received.findIndex((other) => other.cursor === push.cursor) === i);
  const delays: number[] = [];
  let next = 0;
  let lost = 0;
  for (const { sentAt } of sales.toSorted((a, b) => a.sentAt - b.sentAt)) {
    while (next < unique.length && unique[next]!.at < sentAt) next += 1;
    const push = unique[next];
    if (!push) {
      lost += 1;
      continue;
    }
    delays.push(push.at - sentAt);
    next += 1;
  }
  return { delays, lost, doubled: received.length - unique.length, additional: unique.length - delays.length };
};
