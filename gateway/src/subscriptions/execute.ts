import type { GatewayContext } from "../context.js";
import type { Executor } from "../executor.js";
import type { Result } from "../operation/conclude.js";
import type { ExecutedResult } from "./feed.js";

export interface SocketOperation {
  query: string;
  variables: Record<string, unknown>;
  operationName?: string | undefined;
}

/** Executes a query or mutation as over HTTP: limits, scopes, masked errors. */
export const execute = async (executor: Executor, operation: SocketOperation, context: GatewayContext): Promise<ExecutedResult> => {
  const known = executor.known.find(operation.query, operation.operationName);
  const { data, errors } = known
    ? (await executor.known.answer(known, operation.variables, context, "websocket")).result
    : await executeByServer(executor, operation, context);
  return { ...(data === undefined ? {} : { data }), ...(errors ? { errors } : {}) };
};

const executeByServer = async (
  { server }: Executor,
  { query, variables, operationName }: SocketOperation,
  context: GatewayContext,
): Promise<Result> => {
  const { body } = await server.executeOperation(
    { query, variables, ...(operationName === undefined ? {} : { operationName }) },
    { contextValue: context },
  );
  if (body.kind !== "single") throw new Error("An incremental answer was not asked for");
  return body.singleResult;
};
