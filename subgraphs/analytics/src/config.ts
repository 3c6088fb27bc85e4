import { ConfigurationError, readEnvironment } from "@kava/platform/config";
import { z } from "zod";
import type { ClickHousePlace } from "./storage/clickhouse/engine.js";

/** The variables of analytics alone. */
export const AnalyticsEnvironment = z.object({
  CLICKHOUSE_URL: z.string().optional(),
  CLICKHOUSE_PATH: z.string().optional(),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[a-z][a-z_]{0,30}$/, "lower-case letters and underscores, at most 31")
    .default("kava"),
});

export interface AnalyticsConfig {
  /** A server, or the embedded engine over a folder. */
  clickhouse: ClickHousePlace;
  /** What the names of ClickHouse's databases begin with: `kava_0123456789ab`. */
  databasePrefix: string;
}

/** Reads the environment. Throws ConfigurationError when neither a server nor a folder is named. */
export const analyticsConfig = (environment?: NodeJS.ProcessEnv): AnalyticsConfig => {
  const read = readEnvironment(AnalyticsEnvironment, environment);
  const place = read.CLICKHOUSE_URL ? { url: read.CLICKHOUSE_URL } : read.CLICKHOUSE_PATH ? { path: read.CLICKHOUSE_PATH } : null;
  if (!place)
    throw new ConfigurationError(
      "Set CLICKHOUSE_URL (a server, http://user:password@host:8123) or CLICKHOUSE_PATH (a folder for the embedded engine; only one process can hold it)",
    );
  return { clickhouse: place, databasePrefix: read.CLICKHOUSE_DATABASE };
};
