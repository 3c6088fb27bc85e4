import { setTimeout as pause } from "node:timers/promises";
import { mkdir } from "node:fs/promises";
import { createClient, type ClickHouseClient } from "@clickhouse/client";
import { ConfigurationError } from "@kava/platform/config";
import type { Logger } from "@kava/platform/telemetry/logger";

/** Where ClickHouse is: a server, or the embedded engine over a folder that no other process may hold at the same time. */
export type ClickHousePlace = { url: string } | { path: string };

/**
 * ClickHouse, with a client for each kind of work: the embedded engine serves one query at a time per client, and a report must not
 * wait behind a batch, nor a batch behind the mining.
 */
export interface Engine {
  readonly inserts: ClickHouseClient;
  readonly reports: ClickHouseClient;
  readonly mining: ClickHouseClient;
  /** Whether it answers. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

const REPORT_SECONDS = 20;
const MINING_SECONDS = 300;
const PATIENCE_MS = 15_000;

/** The embedded engine: its first client holds the folder, further ones share it. */
const embedded = async (path: string, logger: Logger): Promise<[ClickHouseClient, () => ClickHouseClient]> => {
  await mkdir(path, { recursive: true });
  const { createChdbConnection } = await import("chdb/connection");
  // never: chdb names the types of @clickhouse/client-common, which the client carries a copy of
  const open = () => createClient({ connection: createChdbConnection({ path }) as never });
  const end = Date.now() + PATIENCE_MS;
  for (let said = false; ; said = true) {
    try {
      return [open(), open];
    } catch (cause) {
      if (Date.now() > end)
        throw new ConfigurationError(
          `CLICKHOUSE_PATH ${path} cannot be opened: another process may hold it (only one can), or it is not ClickHouse's. End that process, or name another folder`,
          { cause },
        );
      if (!said) logger.info({ path }, "waiting for the folder of ClickHouse: the process before this one still holds it");
      await pause(200);
    }
  }
};

const server = (url: string): [ClickHouseClient, () => ClickHouseClient] => {
  const open = () => createClient({ url, request_timeout: 300_000, max_open_connections: 4 });
  return [open(), open];
};

/** Opens ClickHouse. Throws ConfigurationError when a folder is held by another process for longer than 15 seconds. */
export const openEngine = async (place: ClickHousePlace, logger: Logger): Promise<Engine> => {
  const [reports, open] = "url" in place ? server(place.url) : await embedded(place.path, logger);
  const [inserts, mining] = [open(), open()];
  return {
    inserts,
    reports,
    mining,
    answers: async () => (await reports.ping()).success,
    close: async () => {
      for (const client of [mining, reports, inserts]) await client.close();
    },
  };
};

/** Rows of a query. `seconds`: ClickHouse gives up after so long. */
export const rowsOfQuery = async <Row>(
  client: ClickHouseClient,
  query: string,
  query_params: Record<string, unknown> = {},
  seconds = REPORT_SECONDS,
): Promise<Row[]> => {
  const result = await client.query({
    query,
    query_params,
    format: "JSONEachRow",
    clickhouse_settings: { max_execution_time: seconds, output_format_json_quote_64bit_integers: 0 },
  });
  return result.json<Row>();
};

/** The answer as text, one JSON array a line: for what is parsed elsewhere, in a worker. */
export const linesOfQuery = async (
  client: ClickHouseClient,
  query: string,
  query_params: Record<string, unknown> = {},
): Promise<string> => {
  const result = await client.query({
    query,
    query_params,
    format: "JSONCompactEachRow",
    clickhouse_settings: { max_execution_time: MINING_SECONDS, output_format_json_quote_64bit_integers: 0 },
  });
  return result.text();
};
