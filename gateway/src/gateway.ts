import { systemClock, type Clock } from "@kava/platform/clock";
import { tokenVerifier } from "@kava/platform/identity/tokens";
import { createLogger, type Logger } from "@kava/platform/telemetry/logger";
import type { Wakeups } from "@kava/platform/bus/port";
import type { FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import { readRequirements } from "./access/requirements.js";
import type { GatewayConfig } from "./config.js";
import { PoolDataSource } from "./dataSource/poolDataSource.js";
import { startExecutor } from "./executor.js";
import { createHttpApp } from "./http/app.js";
import { trustIn } from "./http/callerAddress.js";
import { addGraphqlRoute } from "./http/graphqlRoute.js";
import { addGatewayHealth } from "./http/health.js";
import { addJwks } from "./http/jwks.js";
import { viewerFinder } from "./identity/viewer.js";
import { createRateLimiter } from "./limits/rate.js";
import { createGatewayMetrics, type GatewayMetrics } from "./metrics.js";
import { factsReader } from "./operation/facts.js";
import { createGuard } from "./operation/guard.js";
import { addFrontPage } from "./pages/frontPage.js";
import { addSubscriptions } from "./subscriptions/sockets.js";
import { openWakeups } from "./subscriptions/wakeups.js";
import { apiSchemaOf, readSupergraph } from "./supergraph.js";

/** What a test gives instead of the real thing. */
export interface GatewayParts {
  clock?: Clock;
  /** Hints that a customer has a new push; from the bus when absent. */
  wakeups?: Pick<Wakeups, "subscribe">;
  supergraphSdl?: string;
  logger?: Logger;
}

export interface RunningGateway {
  /** `http://host:port`; the graph is at `/graphql`. */
  url: string;
  logger: Logger;
  metrics: GatewayMetrics;
  /** Stops taking requests, ends the sockets, finishes what is under way. */
  close(): Promise<void>;
}

/** Starts the gateway in this process. Throws when the supergraph, the key or the environment does not fit. */
export const startGateway = async (config: GatewayConfig, parts: GatewayParts = {}): Promise<RunningGateway> => {
  const core = await openCore(config, parts);
  const { logger, metrics, executor, subgraphs } = core;
  const app = await httpFace(config, core);
  const wakeups = openWakeups(parts.wakeups ?? config.bus, logger);
  const sockets = addSubscriptions(app.server, {
    ...core,
    wakeups,
    limits: config.limits,
    pollMs: config.pushPollMs,
  });
  await app.listen({ host: config.host, port: config.port });
  return {
    url: addressOf(app),
    logger,
    metrics,
    close: async () => {
      for (const step of [
        () => sockets.close(),
        () => app.close(),
        () => executor.server.stop(),
        () => wakeups.close(),
        () => subgraphs.close(),
      ])
        await Promise.resolve(step()).catch((error: unknown) => logger.warn({ err: error }, "a part did not close cleanly"));
    },
  };
};

/** What both transports share. */
const openCore = async (config: GatewayConfig, parts: GatewayParts) => {
  const logger = parts.logger ?? createLogger("gateway", config.logLevel);
  const metrics = createGatewayMetrics();
  const supergraphSdl = parts.supergraphSdl ?? readSupergraph(config.supergraphFile);
  const schema = apiSchemaOf(supergraphSdl);
  const facts = factsReader(schema, readRequirements(supergraphSdl));
  const rate = createRateLimiter(config.rate);
  const guard = createGuard({ facts, limits: config.limits, rate, introspection: config.introspection });
  const findViewer = viewerFinder(await tokenVerifier(config.tokens), config.defaultTenantId, logger);
  const subgraphs = dataSources(config, logger, metrics);
  const executor = await startExecutor({ supergraphSdl, schema, dataSource: subgraphs.of, guard, limits: config.limits, metrics, logger });
  const trustsProxy = config.trustProxy === "off" ? undefined : trustIn(config.trustProxy);
  return { logger, metrics, trustsProxy, schema, facts, rate, guard, findViewer, subgraphs, executor, now: parts.clock ?? systemClock };
};

const httpFace = async (
  config: GatewayConfig,
  { logger, metrics, trustsProxy, executor, findViewer, rate, now }: Awaited<ReturnType<typeof openCore>>,
): Promise<FastifyInstance> => {
  const refused = (code: string): void => metrics.refusals.inc({ code });
  const app = await createHttpApp({ logger, refused, trustsProxy, bodyBytes: config.limits.bodyBytes });
  addGatewayHealth(app, config.subgraphUrls, config.notReadyFile);
  app.get("/metrics", async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));
  await addJwks(app, config.tokens);
  addFrontPage(app);
  addGraphqlRoute(app, { executor, findViewer, rate, bodyBytes: config.limits.bodyBytes, now });
  return app;
};

const dataSources = (config: GatewayConfig, logger: Logger, metrics: GatewayMetrics) => {
  const open = new Map<string, PoolDataSource>();
  return {
    of: (name: string): PoolDataSource => {
      const url = config.subgraphUrls[name];
      if (url === undefined)
        throw new Error(`The supergraph has a subgraph "${name}" whose address is not configured: set ${name.toUpperCase()}_URL`);
      const source =
        open.get(name) ??
        new PoolDataSource({
          name,
          url,
          internalKey: config.internalKey,
          timeoutMs: config.subgraphTimeoutMs,
          logger,
          seconds: metrics.subgraphSeconds,
        });
      open.set(name, source);
      return source;
    },
    close: async (): Promise<void> => void (await Promise.all([...open.values()].map((source) => source.close()))),
  };
};

const addressOf = (app: FastifyInstance): string => {
  const { address, port } = app.server.address() as AddressInfo;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
};
