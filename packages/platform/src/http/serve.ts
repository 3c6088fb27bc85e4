import { timingSafeEqual } from "node:crypto";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER, REQUEST_ID_HEADER } from "@kava/contracts/identity";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import mercurius from "mercurius";
import type { Clock } from "../clock.js";
import type { RequestContext } from "../graphql/context.js";
import { decodeIdentity } from "../identity/header.js";
import { languageOf } from "../language/because.js";
import type { Logger } from "../telemetry/logger.js";
import { Histogram, type Registry } from "../telemetry/metrics.js";

/** Whether a part that the service needs answers; the name is shown by /health/ready when it does not. */
export type ReadinessCheck = () => Promise<boolean>;

export interface SubgraphServerOptions {
  name: string;
  schema: GraphQLSchema;
  /** Adds the service's own part to the context of one request. */
  extendContext: (context: RequestContext) => object;
  readiness: Record<string, ReadinessCheck>;
  routes: (app: FastifyInstance) => void;
  internalKey: string;
  logger: Logger;
  metrics: Registry;
  clock: Clock;
}

const BODY_LIMIT = 1_048_576;

/** A subgraph's HTTP server: GraphQL, health, metrics and the internal routes. Subgraphs answer who holds the internal key, nobody else. */
export const subgraphServer = async (options: SubgraphServerOptions): Promise<FastifyInstance> => {
  const app: FastifyInstance = Fastify({
    logController: new LogController({ disableRequestLogging: true }),
    loggerInstance: options.logger as FastifyBaseLogger,
    bodyLimit: BODY_LIMIT,
    requestIdHeader: REQUEST_ID_HEADER,
    keepAliveTimeout: 75_000,
    forceCloseConnections: "idle",
  });
  addHealth(app, options.readiness);
  app.get("/metrics", async (_request, reply) => reply.type(options.metrics.contentType).send(await options.metrics.metrics()));
  const isInternal = keyCheck(options.internalKey);
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/health/") || request.url === "/metrics" || request.url.startsWith("/.well-known/")) return;
    if (!isInternal(request.headers[INTERNAL_KEY_HEADER]))
      await reply.code(401).send({ message: "Subgraphs answer the gateway alone: ask it" });
  });
  const seconds = new Histogram({
    name: "kava_graphql_seconds",
    help: "Time of a GraphQL request in this subgraph",
    registers: [options.metrics],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  });
  app.addHook(
    "onResponse",
    async (request, reply) => void (request.url.startsWith("/graphql") && seconds.observe(reply.elapsedTime / 1000)),
  );
  await app.register(mercurius, {
    schema: options.schema,
    jit: 1,
    graphiql: false,
    path: "/graphql",
    context: (request: FastifyRequest) => contextOf(request, options) as object,
    errorFormatter: (execution, context) => {
      const errors = (execution.errors ?? []).map((error) =>
        maskError(error, options.logger, (context as { requestId?: string }).requestId),
      );
      return { statusCode: 200, response: { data: execution.data ?? null, errors: errors as never } };
    },
  });
  options.routes(app);
  return app;
};

/** Routes that say whether the process lives, and whether all it needs answers. `heldBack` gives a reason for which it is not ready whatever answers. */
export const addHealth = (
  app: FastifyInstance,
  readiness: Record<string, ReadinessCheck>,
  heldBack: () => Promise<string | null> = async () => null,
): void => {
  app.get("/health/live", async () => ({ status: "live" }));
  app.get("/health/ready", async (_request, reply) => {
    const missing: string[] = [];
    await Promise.all(
      Object.entries(readiness).map(async ([part, check]) => {
        if (!(await check().catch(() => false))) missing.push(part);
      }),
    );
    const reason = await heldBack();
    if (reason !== null) missing.push(reason);
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .send(missing.length === 0 ? { status: "ready" } : { status: "not ready", missing: missing.sort() });
  });
};

/** Compares in constant time whether a header holds the key. Throws for an empty key, which a request without a header would hold. */
export const keyCheck = (key: string): ((given: string | string[] | undefined) => boolean) => {
  if (key === "")
    throw new Error("The internal key is empty, so everybody would be taken for the gateway: set INTERNAL_KEY or INTERNAL_KEY_FILE");
  const expected = Buffer.from(key);
  return (given) => {
    const actual = Buffer.from(typeof given === "string" ? given : "");
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  };
};

const contextOf = (request: FastifyRequest, { clock, extendContext, logger }: SubgraphServerOptions): RequestContext => {
  const base: RequestContext = {
    identity: decodeIdentity(String(request.headers[IDENTITY_HEADER] ?? "")),
    language: languageOf(request.headers["accept-language"]),
    now: clock(),
    requestId: request.id,
    logger,
  };
  return Object.assign(base, extendContext(base));
};

/** Nothing internal leaves: an unexpected error becomes a reference that the log knows. Errors made for the client keep their message and code. */
const maskError = (error: GraphQLError, logger: Logger, reference = "unknown"): GraphQLError => {
  const code = error.extensions?.["code"]; // what Mercurius compiled makes errors without extensions
  if (!error.originalError || (error.originalError instanceof GraphQLError && code !== undefined)) return error;
  logger.error({ err: error.originalError, reference, path: error.path }, "a request failed");
  return new GraphQLError(`Something went wrong on our side; the reference is ${reference}`, {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    ...(error.path ? { path: error.path } : {}),
    extensions: { code: "INTERNAL_SERVER_ERROR", reference },
  });
};
