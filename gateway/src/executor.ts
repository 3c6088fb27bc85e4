import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import type { Logger } from "@kava/platform/telemetry/logger";
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from "graphql";
import { withoutSecurityDemand } from "./access/securityLinks.js";
import { silenceApolloTelemetry } from "./config.js";
import type { GatewayContext } from "./context.js";
import type { PoolDataSource } from "./dataSource/poolDataSource.js";
import { maskError } from "./errors/mask.js";
import { Refusal } from "./errors/refusal.js";
import { CompiledGateway } from "./execution/compiledGateway.js";
import type { Limits } from "./limits/limits.js";
import type { GatewayMetrics } from "./metrics.js";
import type { Guard } from "./operation/guard.js";

export type Executor = ApolloServer<GatewayContext>;

export interface ExecutorOptions {
  supergraphSdl: string;
  /** What clients see of the supergraph. */
  schema: GraphQLSchema;
  dataSource: (name: string) => PoolDataSource;
  guard: Guard;
  limits: Limits;
  metrics: GatewayMetrics;
  logger: Logger;
}

/** Apollo Server over Apollo Gateway, with the guard in front of execution and masked errors behind it. Started; stop it with `stop()`. */
export const startExecutor = async (options: ExecutorOptions): Promise<Executor> => {
  const { supergraphSdl, schema, dataSource, limits, logger } = options;
  silenceApolloTelemetry();
  const gateway = new CompiledGateway({
    schema,
    fetch: (planned, variables, context) => dataSource(planned.subgraph).fetch(planned, variables, context),
    supergraphSdl: withoutSecurityDemand(supergraphSdl),
    buildService: ({ name }) => dataSource(name),
    logger: quiet(logger),
  });
  const server: Executor = new ApolloServer<GatewayContext>({
    gateway,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    validationOptions: { hideSuggestions: true },
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    nodeEnv: "production",
    parseOptions: { maxTokens: limits.tokens },
    status400ForVariableCoercionErrors: true,
    stringifyResult: (result) => JSON.stringify(result),
    logger: quiet(logger),
    plugins: [policy(options)],
    // reached by what fails before there is a context only; the rest is masked with its reference below
    formatError: (formatted, error) =>
      isForClients(formatted.extensions?.["code"])
        ? { message: formatted.message, extensions: { code: formatted.extensions?.["code"] } }
        : maskError(error instanceof GraphQLError ? error : new GraphQLError("failed"), "unknown", logger),
  });
  await server.start();
  return server;
};

const isForClients = (code: unknown): boolean =>
  code === "BAD_REQUEST" || code === "GRAPHQL_PARSE_FAILED" || code === "GRAPHQL_VALIDATION_FAILED";

const policy = ({ guard, metrics, logger }: ExecutorOptions): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async ({ request }) => {
    const transport = request.http ? "http" : "websocket";
    const started = performance.now();
    return {
      didResolveOperation: async ({ document, operation, request: { variables }, contextValue }) => {
        if (!operation || !document) return; // Apollo Server answers that the operation is not named
        if (operation.operation === OperationTypeNode.SUBSCRIPTION)
          throw new Refusal(
            "SUBSCRIPTION_NOT_SUPPORTED",
            400,
            "Subscriptions are served over WebSocket (protocol graphql-transport-ws) at this same address",
          );
        await guard({ document, operation, variables: variables ?? {} }, contextValue);
      },
      willSendResponse: async ({ response, errors = [], contextValue }) => {
        if (response.body.kind !== "single") return;
        const result = response.body.singleResult;
        countNullViolations(result, metrics);
        if (errors.length > 0) result.errors = errors.map((error) => maskError(error, contextValue.requestId, logger));
        for (const error of errors) if (error instanceof Refusal) metrics.refusals.inc({ code: error.code });
        metrics.operations.inc({
          transport,
          outcome:
            errors.length === 0 ? "ok" : result.data ? "partial" : errors.some((error) => error instanceof Refusal) ? "refused" : "failed",
        });
        metrics.seconds.observe({ transport }, (performance.now() - started) / 1000);
      },
    };
  },
});

/** The gateway reports a null where a value was promised in an extension that names types and paths: it is counted, and not sent. */
const countNullViolations = (result: { extensions?: Record<string, unknown> }, metrics: GatewayMetrics): void => {
  const violations = result.extensions?.["valueCompletion"];
  if (!Array.isArray(violations)) return;
  metrics.nullViolations.inc(violations.length);
  const { valueCompletion: _counted, ...rest } = result.extensions ?? {};
  if (Object.keys(rest).length > 0) result.extensions = rest;
  else delete result.extensions;
};

/** Apollo's own notes in the log's words; its debug output is left out. */
const quiet = (logger: Logger) => ({
  debug: () => undefined,
  info: (message: unknown) => logger.debug(String(message)),
  warn: (message: unknown) => logger.warn(String(message)),
  error: (message: unknown) => logger.error(String(message)),
});
