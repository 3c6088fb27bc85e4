import { openBus } from "@kava/platform/bus/bullmqBus";
import type { Wakeups } from "@kava/platform/bus/port";
import type { Logger } from "@kava/platform/telemetry/logger";
import type { GatewayConfig } from "../config.js";
import { TOPIC_PATTERN } from "./binding.js";

/** Wake-ups inside this process: one subscription to the bus, fanned out by topic. */
export interface LocalWakeups {
  /** Calls the listener at each wake-up of the topic until the returned function is called. */
  listen(topic: string, listener: () => void): () => void;
  close(): Promise<void>;
}

interface Source {
  wakeups: Pick<Wakeups, "subscribe">;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Opens the source in the background and again when that fails: subscriptions live by polling until it is there. */
export const openWakeups = (from: Pick<Wakeups, "subscribe"> | GatewayConfig["bus"], logger: Logger): LocalWakeups => {
  const listeners = new Map<string, Set<() => void>>();
  const hear = (topic: string): void => listeners.get(topic)?.forEach((listener) => listener());
  const connection =
    "subscribe" in from ? keepTrying(async () => ({ wakeups: from, close: async () => {} }), hear, logger) : connectBus(from, hear, logger);
  return {
    listen: (topic, listener) => {
      const list = listeners.get(topic) ?? new Set();
      listeners.set(topic, list.add(listener));
      return () => {
        list.delete(listener);
        if (list.size === 0 && listeners.get(topic) === list) listeners.delete(topic);
      };
    },
    close: () => connection.close(),
  };
};

const connectBus = (
  { databaseUrl, redisUrl, pool }: GatewayConfig["bus"],
  hear: (topic: string) => void,
  logger: Logger,
): { close(): Promise<void> } => {
  if (databaseUrl === undefined && redisUrl === undefined) {
    logger.warn("no DATABASE_URL and no REDIS_URL: subscriptions find their pushes by polling alone");
    return { close: async () => {} };
  }
  return keepTrying(
    async () => {
      const bus = await openBus({ databaseUrl: databaseUrl ?? "", redisUrl, pool, logger });
      return { wakeups: bus.wakeups, close: () => bus.close() };
    },
    hear,
    logger,
  );
};

const keepTrying = (open: () => Promise<Source>, hear: (topic: string) => void, logger: Logger): { close(): Promise<void> } => {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let opened: Promise<Source | undefined>;
  const attempt = async (pause: number): Promise<Source | undefined> => {
    let source: Source | undefined;
    try {
      source = await open();
      await source.wakeups.subscribe(TOPIC_PATTERN, hear);
      return source;
    } catch (error) {
      logger.warn({ err: error, retryInMs: pause }, "wake-ups cannot be heard: subscriptions poll meanwhile");
      await source?.close().catch(() => undefined);
      if (!closed) timer = setTimeout(() => (opened = attempt(Math.min(2 * pause, LONGEST_PAUSE_MS))), pause);
      return undefined;
    }
  };
  opened = attempt(FIRST_PAUSE_MS);
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await (await opened)?.close();
    },
  };
};
