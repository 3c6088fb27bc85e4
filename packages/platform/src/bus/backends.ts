import {
  Relay,
  createPostgresBackend,
  createPostgresRelayBackend,
  createRedisBackend,
  createRedisRelayBackend,
  runMigrations,
  withBackend,
  type IQueueBackend,
  type PgPool,
  type Processor,
  type Queue,
  type QueueOptions,
  type Worker,
  type WorkerOptions,
} from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import type { Logger } from "../telemetry/logger.js";

export type AnyQueue<Data> = Queue<Data, unknown, string, Data, unknown, string, IQueueBackend, never>;
export type AnyWorker<Data> = Worker<Data, unknown, string, IQueueBackend>;

/** Where BullMQ runs: it makes queues, workers and relays over one connection of the process. */
export interface Backend {
  readonly name: "postgres" | "redis";
  queue<Data>(name: string, options?: Omit<QueueOptions, "connection">): AnyQueue<Data>;
  worker<Data>(name: string, processor: Processor<Data, unknown>, options: Omit<WorkerOptions, "connection">): AnyWorker<Data>;
  relay(): Relay<never>;
  close(): Promise<void>;
}

const SCHEMA = "bullmq";

/**
 * BullMQ on PostgreSQL, in a schema of its own and over one pool a process. A supplied pool is not migrated by BullMQ, so this does it, under
 * BullMQ's own advisory lock. Each worker and each relay keeps one client for itself: `pool` must leave room for them.
 */
export const postgresBackend = async (url: string, pool: number, logger: Logger): Promise<Backend> => {
  await migrateQueues(url);
  const clients = new pg.Pool({
    connectionString: url,
    max: pool,
    // A commit of the queues need not wait for the disk: what is told from the outbox is marked there by a commit that does wait, and a log that is
    // written in order holds what came before it. A completion that a crash forgets is delivered again, and the inbox knows it.
    // A queue's table is nearly empty whenever statistics are taken, so that PostgreSQL would read all of it, dead rows included, for every job: its
    // indexes are right whatever the statistics say. A plain scan of an index also forgets the dead rows that it met; a bitmap scan meets them again.
    options: `-c search_path=${SCHEMA} -c synchronous_commit=off -c enable_seqscan=off -c enable_bitmapscan=off`,
    application_name: "kava-bus",
    keepAlive: true,
  });
  const lost = (error: Error) => logger.warn({ err: error }, "the bus lost a connection to PostgreSQL");
  clients.on("error", lost);
  clients.on("connect", (client) => client.on("error", lost));
  const connection = clients as PgPool;
  const classes = withBackend(createPostgresBackend);
  return {
    name: "postgres",
    queue: (name, options) => new classes.Queue(name, { ...options, connection }) as never,
    worker: (name, processor, options) => new classes.Worker(name, processor as never, { ...options, connection }) as never,
    relay: () => new Relay({ connection, backend: createPostgresRelayBackend, name: "kava" }),
    close: () => clients.end(),
  };
};

const migrateQueues = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`).catch((error: { code?: string }) => {
      if (error.code !== "23505") throw error; // another process made it in the same instant
    });
    await client.query(`SET search_path = ${SCHEMA}`);
    await runMigrations(client, SCHEMA);
  } finally {
    await client.end();
  }
};

/** BullMQ on Redis. The server must run with `maxmemory-policy noeviction`: an evicted job would be a lost event, so anything else is refused. */
export const redisBackend = async (url: string, logger: Logger): Promise<Backend> => {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on("error", (error) => logger.warn({ err: error }, "the bus lost its connection to Redis"));
  const answer: unknown = await connection.config("GET", "maxmemory-policy").catch(() => null);
  if (Array.isArray(answer) && typeof answer[1] === "string" && answer[1] !== "noeviction") {
    connection.disconnect();
    throw new Error(`Redis at ${new URL(url).host} has maxmemory-policy ${answer[1]}, which can drop events: set it to noeviction`);
  }
  const classes = withBackend(createRedisBackend);
  return {
    name: "redis",
    queue: (name, options) => new classes.Queue(name, { ...options, connection }) as never,
    worker: (name, processor, options) => new classes.Worker(name, processor as never, { ...options, connection }) as never,
    relay: () => new Relay({ connection, backend: createRedisRelayBackend, name: "kava" }),
    close: async () => void (await connection.quit().catch(() => connection.disconnect())),
  };
};
