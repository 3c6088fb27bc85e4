import { openBus } from "@kava/platform/bus/bullmqBus";
import type { Wakeups } from "@kava/platform/bus/port";
import type { Logger } from "@kava/platform/telemetry/logger";
import type { GatewayConfig } from "../config.js";
import { TOPIC_PATTERN } from "./binding.js";

/** What a listener waits for: news of one key under a topic. */
export interface Wakeup {
  topic: string;
  key: string;
}

/** Wake-ups inside this process: one subscription to the bus, fanned out by topic and key. */
export interface LocalWakeups {
  /** Calls the listener at each such wake-up until the returned function is called. */
  listen(wakeup: Wakeup, listener: () => void): () => void;
  close(): Promise<void>;
}

interface Source {
  wakeups: Pick<Wakeups, "subscribe">;
  close(): Promise<void>;
}

type Hear = Parameters<Wakeups["subscribe"]>[1];

const nameOf = ({ topic, key }: Wakeup): string => `${topic} ${key}`;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Opens the source in the background and again when that fails: subscriptions live by polling until it is there. */
export const openWakeups = (from: Pick<Wakeups, "subscribe"> | GatewayConfig["bus"], logger: Logger): LocalWakeups => {
  const listeners = new Map<string, Set<() => void>>();
  const hear: Hear = (topic, keys) => keys.forEach((key) => listeners.get(nameOf({ topic, key }))?.forEach((listener) => listener()));
  const connection =
    "subscribe" in from ? keepTrying(async () => ({ wakeups: from, close: async () => {} }), hear, logger) : connectBus(from, hear, logger);
  return {
    listen: (wakeup, listener) => {
      const name = nameOf(wakeup);
      const list = listeners.get(name) ?? new Set();
      listeners.set(name, list.add(listener));
      return () => {
        list.delete(listener);
        if (list.size === 0 && listeners.get(name) === list) listeners.delete(name);
      };
    },
    close: () => connection.close(),
  };
};

const connectBus = ({ databaseUrl, redisUrl, pool }: GatewayConfig["bus"], hear: Hear, logger: Logger): { close(): Promise<void> } => {
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

const keepTrying = (open: () => Promise<Source>, hear: Hear, logger: Logger): { close(): Promise<void> } => {
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
