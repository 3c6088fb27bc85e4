import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { hasRedis, startRedis } from "@kava/tests/support/redisServer";
import { createLogger } from "../../telemetry/logger.js";
import type { BusOptions } from "../bullmqBus.js";
import type { Bus } from "../port.js";

/** Opens the bus of a further process; it is closed after the test. */
export type Connect = (options?: Pick<BusOptions, "attempts" | "backoffMs" | "lockMs">) => Promise<Bus>;

/** The server that an adapter needs, for one run of the contract. */
export interface BusServer extends Pick<BusOptions, "databaseUrl" | "redisUrl"> {
  stop(): Promise<void>;
}

export const silent = createLogger("bus-test", "silent");
/** What a test's name says where Redis is missing. */
export const needsRedis = hasRedis ? "" : " (skipped: needs redis-server)";

export const ADAPTERS: { adapter: string; skip: boolean; server(): Promise<BusServer> }[] = [
  {
    adapter: "on PostgreSQL",
    skip: false,
    server: async () => ({ databaseUrl: await freshDatabase(), redisUrl: undefined, stop: async () => {} }),
  },
  {
    adapter: `on Redis${needsRedis}`,
    skip: !hasRedis,
    server: async () => {
      const redis = await startRedis();
      return { databaseUrl: "", redisUrl: redis.url, stop: () => redis.stop() };
    },
  },
];
