import type { Consumer } from "@kava/contracts/events";
import type { LoadStatus } from "@kava/contracts/loading";
import type { EntitySchema } from "@mikro-orm/postgresql";
import type { FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import { openBus } from "./bus/bullmqBus.js";
import type { AnyJob, Bus } from "./bus/port.js";
import { openCache, type Cache } from "./cache.js";
import { systemClock, type Clock } from "./clock.js";
import type { PlatformConfig } from "./config.js";
import { openDatabase, type Database, type MigrationClass } from "./database/database.js";
import { keepHouse } from "./events/housekeeping.js";
import { applyEvents, missingFromInbox, type Effects } from "./events/inbox.js";
import { OutboxRelay } from "./events/outbox.js";
import type { RequestContext } from "./graphql/context.js";
import type { FederatedSchema } from "./graphql/federatedSchema.js";
import { addLoading, type AnyLoader } from "./http/loading.js";
import { subgraphServer, type ReadinessCheck } from "./http/serve.js";
import { createLogger, type Logger } from "./telemetry/logger.js";
import { createMetrics, Gauge, type Registry } from "./telemetry/metrics.js";

/** What every subgraph is given: opened before it is built, closed after it. */
export interface Platform {
  readonly name: Consumer;
  readonly config: PlatformConfig;
  readonly database: Database;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly clock: Clock;
  /** Call after a commit that wrote to the outbox: its events leave at once. */
  wakeOutbox(): void;
}

/** What a subgraph says of itself; `service.ts` of each builds one. */
export interface Subgraph {
  schema: FederatedSchema["schema"];
  /** The service's own part of a request's context: stores and per-request loaders. */
  context: (request: RequestContext) => object;
  effects?: Effects;
  consumeConcurrency?: number;
  jobs?: readonly AnyJob[];
  loaders?: Record<string, AnyLoader>;
  finishLoading?: (tenantId: string, batchId: string) => Promise<void>;
  loadStatus?: (tenantId: string) => Promise<LoadStatus>;
  missingEvents?: (eventIds: readonly string[]) => Promise<string[]>;
  routes?: (app: FastifyInstance) => void;
  readiness?: Record<string, ReadinessCheck>;
  /** Runs when everything else is up: timers, warm-ups. */
  start?: () => Promise<void>;
  close?: () => Promise<void>;
}

export interface SubgraphDefinition {
  name: Consumer;
  entities: EntitySchema[];
  migrations: Record<string, MigrationClass>;
  build: (platform: Platform) => Promise<Subgraph>;
}

export interface RunningSubgraph {
  url: string;
  platform: Platform;
  /** Stops taking requests, finishes what is under way, then lets go of everything. */
  close(): Promise<void>;
}

/** Starts a subgraph in this process: database and schema, bus, consumers, jobs, HTTP. */
export const startSubgraph = async (
  definition: SubgraphDefinition,
  config: PlatformConfig,
  clock: Clock = systemClock,
): Promise<RunningSubgraph> => {
  const { name } = definition;
  const logger = createLogger(name, config.logLevel);
  const metrics = createMetrics(name);
  const database = await openDatabase({
    url: config.databaseUrl,
    schema: name,
    entities: definition.entities,
    migrations: definition.migrations,
    pool: config.databasePool,
    logger,
  });
  const bus = await openBus({ databaseUrl: config.databaseUrl, redisUrl: config.redisUrl, pool: config.busPool, logger });
  const cache = openCache(name, config.redisUrl);
  const relay = new OutboxRelay(database, bus.events, logger);
  const platform: Platform = { name, config, database, bus, cache, logger, metrics, clock, wakeOutbox: () => relay.wake() };
  const subgraph = await definition.build(platform);
  const app = await subgraphServer({
    name,
    schema: subgraph.schema,
    extendContext: subgraph.context,
    internalKey: config.internalKey,
    logger,
    metrics,
    clock,
    readiness: { database: async () => (await database.sql.query("SELECT 1")).rowCount === 1, ...subgraph.readiness },
    routes: (server) => {
      addLoading(server, {
        loaders: subgraph.loaders ?? {},
        ...(subgraph.finishLoading ? { finish: subgraph.finishLoading } : {}),
        status: subgraph.loadStatus ?? (async () => ({ state: "idle" })),
        missingEvents: subgraph.missingEvents ?? ((ids) => missingFromInbox(database.sql, name, ids)),
      });
      subgraph.routes?.(server);
    },
  });
  observeQueues(platform);
  await app.listen({ host: config.host, port: config.port });
  relay.start();
  const house = keepHouse(database, clock, logger);
  const consumer = await bus.events.consume(
    name,
    async (events) => {
      await applyEvents(database, name, subgraph.effects ?? {}, events);
      relay.wake();
    },
    { concurrency: subgraph.consumeConcurrency ?? 8 },
  );
  const worker = subgraph.jobs?.length ? await bus.jobs(name).work(subgraph.jobs) : undefined;
  await subgraph.start?.();
  const { address, port } = app.server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}/graphql`,
    platform,
    close: async () => {
      for (const step of [
        () => app.close(),
        () => consumer.close(),
        () => worker?.close(),
        () => relay.close(),
        () => house.close(),
        () => subgraph.close?.(),
        () => cache.disconnectAll(),
        () => bus.close(),
        () => database.close(),
      ])
        await Promise.resolve(step()).catch((error: unknown) => logger.warn({ err: error }, "a part did not close cleanly"));
    },
  };
};

const observeQueues = ({ name, bus, database, metrics }: Platform): void => {
  new Gauge({
    name: "kava_events_waiting",
    help: "Events and batches of events that wait for this consumer",
    registers: [metrics],
    async collect() {
      this.set(await bus.events.depth(name));
    },
  });
  new Gauge({
    name: "kava_outbox_waiting",
    help: "Events that wait in the outbox, on each of its lanes",
    registers: [metrics],
    async collect() {
      const { rows } = await database.sql.query<{ waiting: number }>(
        "SELECT (SELECT count(*) FROM outbox WHERE relayed_at IS NULL) + (SELECT count(*) FROM outbox WHERE batched_at IS NULL) AS waiting",
      );
      this.set(rows[0]?.waiting ?? 0);
    },
  });
};
