import type { GatewayContext } from "../context.js";
import type { Executor } from "../executor.js";
import type { ExecutedResult } from "./feed.js";

export interface SocketOperation {
  query: string;
  variables: Record<string, unknown>;
  operationName?: string | undefined;
}

/** Executes a query or mutation through the same pipeline as HTTP: limits, scopes, masked errors. */
export const execute = async (
  executor: Executor,
  { query, variables, operationName }: SocketOperation,
  context: GatewayContext,
): Promise<ExecutedResult> => {
  const { body } = await executor.executeOperation(
    { query, variables, ...(operationName === undefined ? {} : { operationName }) },
    { contextValue: context },
  );
  if (body.kind !== "single") throw new Error("An incremental answer was not asked for");
  const { data, errors } = body.singleResult;
  return { ...(data === undefined ? {} : { data }), ...(errors ? { errors } : {}) };
};
