// Sends the visit query for as long as it is told, each request for another customer with that customer's token, and reports every time.
import { readFileSync } from "node:fs";
import autocannon from "autocannon";
import { quantile } from "../statistics.js";
import { VISIT } from "./visit.js";

/** What the bench passes: `node load.js FILE`. */
export interface LoadOrder {
  url: string;
  seconds: number;
  connections: number;
  visitors: { id: string; token: string }[];
}

export interface LoadResult {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  requests: number;
  /** Answers that were no whole visit. */
  failed: number;
}

const order = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as LoadOrder;
process.on("disconnect", () => process.exit(1));
const times: number[] = [];
const run = autocannon(
  {
    url: order.url,
    duration: order.seconds,
    connections: order.connections,
    method: "POST",
    requests: order.visitors.map(({ id, token }) => ({
      method: "POST" as const,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: VISIT, variables: { id } }),
    })),
    verifyBody: (body) => String(body).includes('"personalPrice":{') && !String(body).includes('"errors"'),
  },
  (error: Error | null, { requests, duration, errors, timeouts, non2xx, mismatches }) => {
    if (error) throw error;
    const result: LoadResult = {
      requestsPerSecond: requests.total / duration,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      requests: requests.total,
      failed: errors + timeouts + non2xx + mismatches,
    };
    process.send?.(result, () => process.exit(0));
  },
);
run.on("response", (_client, _status, _bytes, milliseconds) => void times.push(milliseconds));
