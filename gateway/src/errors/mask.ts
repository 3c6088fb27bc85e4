import type { Logger } from "@kava/platform/telemetry/logger";
import type { GraphQLError, GraphQLFormattedError } from "graphql";

/** Codes whose message was written for the client, by this gateway, by Apollo Server's own checks or by a resolver. */
const FOR_CLIENTS: ReadonlySet<unknown> = new Set([
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "RATE_LIMITED",
  "BODY_TOO_LARGE",
  "QUERY_TOO_DEEP",
  "QUERY_TOO_LARGE",
  "TOO_MANY_ALIASES",
  "TOO_MANY_DIRECTIVES",
  "QUERY_TOO_COSTLY",
  "INTROSPECTION_DISABLED",
  "TOO_MANY_OPERATIONS",
  "SUBSCRIPTION_NOT_SUPPORTED",
  "SERVICE_UNAVAILABLE",
  "BAD_USER_INPUT",
  "NOT_FOUND",
  "BAD_REQUEST",
  "GRAPHQL_PARSE_FAILED",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "OPERATION_RESOLUTION_FAILURE",
]);
/** What a client may read beside the code. */
const EXTENSIONS = ["code", "reference", "retryAfterSeconds", "field", "limit", "found"] as const;

/**
 * What a client learns of an error. Nothing internal: an error whose code is not meant for clients becomes a sentence with a reference, and
 * the log knows the rest under that reference. A subgraph that masked its error itself (its message names the reference) keeps its sentence.
 */
export const maskError = (error: GraphQLError, reference: string, logger: Logger): GraphQLFormattedError => {
  const place = { ...(error.locations ? { locations: error.locations } : {}), ...(error.path ? { path: error.path } : {}) };
  const { code, serviceName } = error.extensions;
  const isOwnValidation = code === "GRAPHQL_VALIDATION_FAILED" && serviceName === undefined;
  if (FOR_CLIENTS.has(code) || isOwnValidation)
    return { message: withoutSuggestion(error.message), ...place, extensions: readable(error.extensions) };
  logger.error({ err: error.originalError ?? error, subgraph: serviceName, path: error.path, reference }, "a request failed");
  return {
    message: `Something went wrong on our side; the reference is ${reference}`,
    ...place,
    extensions: { code: "INTERNAL_SERVER_ERROR", reference },
  };
};

const readable = (extensions: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(EXTENSIONS.filter((name) => extensions[name] !== undefined).map((name) => [name, extensions[name]]));

/** graphql-js proposes names of the schema in some messages; strangers are not to learn the schema by guessing. */
const withoutSuggestion = (message: string): string => message.replace(/ ?Did you mean .+?\?(?=$| )/g, "");
