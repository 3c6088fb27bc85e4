import type { Installation } from "@kava/harness/installation";
import type { Service } from "@kava/harness/processes";

/** How late a service's event loop was, milliseconds, since it was asked last. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How often Node.js looks, which its figures contain: a loop that is never late shows 10 ms. */
const MONITOR_MS = 10;

/** What each service's /metrics say of its event loop; asking begins the next span of time (`perf_hooks.monitorEventLoopDelay`, set back at each question). */
export const loopDelays = async ({ instance }: Installation): Promise<Record<Service, LoopDelay>> => {
  const asked = Object.entries(instance.urls).map(async ([service, url]) => [service, await delayOf(url)] as const);
  return Object.fromEntries(await Promise.all(asked)) as Record<Service, LoopDelay>;
};

const delayOf = async (url: string): Promise<LoopDelay> => {
  const text = await (await fetch(new URL("/metrics", url))).text();
  const late = (which: string): number => {
    const found = new RegExp(`^nodejs_eventloop_lag_${which}_seconds(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1];
    if (found === undefined) throw new Error(`${url} says nothing of its event loop's ${which}`);
    return Math.max(0, Number(found) * 1000 - MONITOR_MS);
  };
  return { p50Ms: late("p50"), p99Ms: late("p99"), maxMs: late("max") };
};
