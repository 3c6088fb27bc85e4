import type { Logger } from "@kava/platform/telemetry/logger";
import type { GraphQLError, GraphQLFormattedError } from "graphql";
import { maskError } from "../errors/mask.js";
import { Refusal } from "../errors/refusal.js";
import type { GatewayMetrics } from "../metrics.js";

/** An answer on its way to the client. */
export interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

export interface Concerning {
  transport: "http" | "websocket";
  /** When the operation arrived, by `performance.now()`. */
  started: number;
  requestId: string;
}

/** Ends every operation, whichever way it was executed: puts its errors into the result, masked, and counts what became of it. */
export type Conclude = (result: Result, errors: readonly GraphQLError[], concerning: Concerning) => void;

export const createConclude =
  ({ metrics, logger }: { metrics: GatewayMetrics; logger: Logger }): Conclude =>
  (result, errors, { transport, started, requestId }) => {
    countNullViolations(result, metrics);
    if (errors.length > 0) result.errors = errors.map((error) => maskError(error, requestId, logger));
    for (const error of errors) if (error instanceof Refusal) metrics.refusals.inc({ code: error.code });
    metrics.operations.inc({ transport, outcome: outcomeOf(result, errors) });
    metrics.seconds.observe({ transport }, (performance.now() - started) / 1000);
  };

const outcomeOf = ({ data }: Result, errors: readonly GraphQLError[]): string => {
  if (errors.length === 0) return "ok";
  if (data) return "partial";
  return errors.some((error) => error instanceof Refusal) ? "refused" : "failed";
};

/** The gateway reports a null where a value was promised in an extension that names types and paths: it is counted, and not sent. */
const countNullViolations = (result: Result, metrics: GatewayMetrics): void => {
  const violations = result.extensions?.["valueCompletion"];
  if (!Array.isArray(violations)) return;
  metrics.nullViolations.inc(violations.length);
  const { valueCompletion: _counted, ...rest } = result.extensions ?? {};
  if (Object.keys(rest).length > 0) result.extensions = rest;
  else delete result.extensions;
};
