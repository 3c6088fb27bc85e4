import { setTimeout as pause } from "node:timers/promises";
import type { PurchaseInput, RecordedPurchase } from "./documents.js";
import { recordUntilAcknowledged } from "./till.js";

export interface TrafficOptions {
  /** The gateway's /graphql. */
  url: string;
  /** Of staff, valid for as long as the traffic lasts. */
  token: string;
  /** Who buys, in turn. */
  customers: readonly string[];
  items: readonly { id: string }[];
  venues: readonly { id: string }[];
  /** Purchases a second, evenly spaced. */
  rate: number;
  /** Before every key, so that two runs are two sets of purchases. */
  name: string;
  retryMs?: number;
}

export interface Sale {
  input: PurchaseInput & { customerId: string };
  /** `performance.now()` when it was first sent. */
  sentAt: number;
  acknowledged: RecordedPurchase;
  acknowledgedAt: number;
}

/** Purchases that arrive at a steady rate whatever the answers do (an open loop): a slow answer does not hold up the next customer. */
export interface Traffic {
  /** All that were acknowledged so far, in the order of their acknowledgements. */
  readonly sales: readonly Sale[];
  /** Sent so far. */
  sent(): number;
  /** Sends nothing new, and waits until all that was sent is acknowledged. Throws when one was refused, or when the patience ends. */
  stop(patienceMs?: number): Promise<void>;
}

export const startTraffic = ({ url, token, customers, items, venues, rate, name, retryMs = 100 }: TrafficOptions): Traffic => {
  const sales: Sale[] = [];
  const underWay = new Set<Promise<void>>();
  const givingUp = new AbortController();
  let failure: unknown;
  let sent = 0;
  const ending = new AbortController();
  const send = async (n: number): Promise<void> => {
    const customerId = customers[n % customers.length]!;
    const input = {
      customerId,
      venueId: venues[n % venues.length]!.id,
      idempotencyKey: `${name}:${n}`,
      lines: [
        { itemId: items[(n * 7) % items.length]!.id, quantity: 1 + (n % 2) },
        ...(n % 3 === 0 ? [{ itemId: items[(n * 7 + 1) % items.length]!.id, quantity: 1 }] : []),
      ],
    };
    const sentAt = performance.now();
    const acknowledged = await recordUntilAcknowledged({ url, token, retryMs, signal: givingUp.signal }, input);
    sales.push({ input, sentAt, acknowledged, acknowledgedAt: performance.now() });
  };
  const run = async (): Promise<void> => {
    for (const begin = performance.now(); !ending.signal.aborted;) {
      const due = Math.floor(((performance.now() - begin) * rate) / 1000) + 1;
      for (; sent < due; sent += 1) {
        const one = send(sent)
          .catch((error: unknown) => void (failure ??= error))
          .finally(() => underWay.delete(one));
        underWay.add(one);
      }
      await pause(Math.max(1, (sent * 1000) / rate - (performance.now() - begin)));
    }
  };
  const running = run();
  return {
    sales,
    sent: () => sent,
    stop: async (patienceMs = 60_000) => {
      ending.abort();
      await running;
      const timer = setTimeout(() => givingUp.abort(new Error(`${underWay.size} purchases were never acknowledged`)), patienceMs);
      await Promise.all(underWay);
      clearTimeout(timer);
      if (failure) throw failure;
    },
  };
};
