import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestContext } from "@apollo/server";
import type { Logger } from "@kava/platform/telemetry/logger";
import { OperationTypeNode, type GraphQLFormattedError, type GraphQLSchema } from "graphql";
import { randomUUID } from "node:crypto";
import { withoutSecurityDemand } from "./access/securityLinks.js";
import { silenceApolloTelemetry } from "./config.js";
import type { GatewayContext } from "./context.js";
import type { PoolDataSource } from "./dataSource/poolDataSource.js";
import { maskError } from "./errors/mask.js";
import { Refusal } from "./errors/refusal.js";
import { CompiledGateway, asGraphQLError } from "./execution/compiledGateway.js";
import { KnownOperations } from "./execution/knownOperations.js";
import type { Limits } from "./limits/limits.js";
import type { GatewayMetrics } from "./metrics.js";
import { createConclude, type Conclude } from "./operation/conclude.js";
import type { Guard } from "./operation/guard.js";
import { documentStore } from "./operation/treeCache.js";
import { unresolved } from "./operation/unresolved.js";

/** Executes queries and mutations. */
export interface Executor {
  /** Takes every operation. */
  server: ApolloServer<GatewayContext>;
  /** Answers as the server would, what the server has answered before. */
  known: KnownOperations;
}

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

/** Apollo Server over Apollo Gateway, with the guard in front of execution and masked errors behind it. Started; stop its server with `stop()`. */
export const startExecutor = async (options: ExecutorOptions): Promise<Executor> => {
  const { supergraphSdl, schema, dataSource, guard, limits, logger } = options;
  silenceApolloTelemetry();
  const gateway = new CompiledGateway({
    schema,
    fetch: (planned, variables, context) => dataSource(planned.subgraph).fetch(planned, variables, context),
    supergraphSdl: withoutSecurityDemand(supergraphSdl),
    buildService: ({ name }) => dataSource(name),
    logger: quiet(logger),
  });
  const conclude = createConclude(options);
  const known = new KnownOperations({ guard, conclude });
  const learn = ({ source, request: { operationName }, document, operation }: GraphQLRequestContext<GatewayContext>): void => {
    const run = operation && gateway.compiled(operation);
    if (source && document && run) known.learn(source, operationName, { document, operation, run });
  };
  const inOperation = new WeakSet<object>();
  const server = new ApolloServer<GatewayContext>({
    gateway,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    validationOptions: { hideSuggestions: true },
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    nodeEnv: "production",
    documentStore: documentStore(),
    parseOptions: { maxTokens: limits.tokens },
    stringifyResult: (result) => JSON.stringify(result),
    logger: quiet(logger),
    plugins: [policy(options, conclude, learn, inOperation)],
    formatError: (formatted, error) => (belongsTo(error, inOperation) ? CONCLUDED_LATER : formatWithoutContext(formatted, error, logger)),
  });
  await server.start();
  return { server, known };
};

/** Stands for an error until the operation is concluded, which masks it under the request's reference and logs it once. */
const CONCLUDED_LATER: GraphQLFormattedError = {
  message: "Something went wrong on our side",
  extensions: { code: "INTERNAL_SERVER_ERROR" },
};

const belongsTo = (error: unknown, inOperation: WeakSet<object>): boolean =>
  typeof error === "object" && error !== null && inOperation.has(error);

/** What fails outside of any operation (before there is a context, or in Apollo Server itself) is masked and logged here. */
const formatWithoutContext = (formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError =>
  isForClients(formatted.extensions?.["code"])
    ? { message: formatted.message, extensions: { code: formatted.extensions?.["code"] } }
    : maskError(asGraphQLError(error), randomUUID(), logger);

const isForClients = (code: unknown): boolean =>
  code === "BAD_REQUEST" || code === "GRAPHQL_PARSE_FAILED" || code === "GRAPHQL_VALIDATION_FAILED";

const policy = (
  { guard }: ExecutorOptions,
  conclude: Conclude,
  learn: (context: GraphQLRequestContext<GatewayContext>) => void,
  inOperation: WeakSet<object>,
): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async ({ request }) => {
    const transport = request.http ? "http" : "websocket";
    const started = performance.now();
    return {
      didResolveOperation: async ({ document, operation, request: { variables, operationName }, contextValue }) => {
        if (!operation) throw unresolved(document, operationName); // Apollo Gateway would call it a fault of its own
        if (operation.operation === OperationTypeNode.SUBSCRIPTION)
          throw new Refusal(
            "SUBSCRIPTION_NOT_SUPPORTED",
            400,
            "Subscriptions are served over WebSocket (protocol graphql-transport-ws) at this same address",
          );
        await guard({ document, operation, variables: variables ?? {} }, contextValue);
      },
      // called before the errors are formatted, for all that willSendResponse will see
      didEncounterErrors: async ({ errors }) => errors.forEach((error) => inOperation.add(error)),
      willSendResponse: async (context) => {
        const { response, errors = [], contextValue } = context;
        if (response.body.kind !== "single") return;
        conclude(response.body.singleResult, errors, { transport, started, requestId: contextValue.requestId });
        learn(context);
      },
    };
  },
});

/** Apollo's own notes in the log's words; its debug output is left out. */
const quiet = (logger: Logger) => ({
  debug: () => undefined,
  info: (message: unknown) => logger.debug(String(message)),
  warn: (message: unknown) => logger.warn(String(message)),
  error: (message: unknown) => logger.error(String(message)),
});
