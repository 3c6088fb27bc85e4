import { getArgumentValues, getVariableValues, type ExecutionResult, type GraphQLField, type GraphQLSchema } from "graphql";
import { randomUUID } from "node:crypto";
import type { GatewayContext } from "../context.js";
import { Refusal } from "../errors/refusal.js";
import type { Executor } from "../executor.js";
import type { Limits } from "../limits/limits.js";
import type { GatewayMetrics } from "../metrics.js";
import type { ReadFacts } from "../operation/facts.js";
import type { Guard } from "../operation/guard.js";
import type { BindingOf } from "./binding.js";
import type { SocketDocument } from "./documents.js";
import { execute } from "./execute.js";
import type { ExecutedResult, Feeds, Page, ReadableError } from "./feed.js";
import { follow } from "./follow.js";
import { rewriteSubscription, rootFieldOf, type RewrittenSubscription } from "./rewrite.js";

export interface SubscribeOptions {
  schema: GraphQLSchema;
  executor: Executor;
  guard: Guard;
  facts: ReadFacts;
  limits: Limits;
  bindingOf: BindingOf;
  feeds: Feeds;
  metrics: GatewayMetrics;
}

/** Starts a subscription. Throws a Refusal when the viewer may not have it or its variables do not fit. */
export type Subscribe = (
  source: SocketDocument,
  variables: Record<string, unknown>,
  context: GatewayContext,
) => Promise<AsyncGenerator<ExecutionResult, void, undefined>>;

const LARGEST_PAGE = 50;

export const createSubscribe =
  (options: SubscribeOptions): Subscribe =>
  async ({ document, operation }, variables, context) => {
    const { schema, guard, bindingOf, feeds, metrics } = options;
    await guard({ document, operation, variables }, context);
    const field = rootFieldOf(document, operation);
    const args = argumentsOf(schema, { document, operation }, variables);
    const binding = bindingOf(field.name.value);
    const rewritten = rewriteSubscription(document, operation, binding);
    const mine = Object.fromEntries(rewritten.variables.flatMap((name) => (name in variables ? [[name, variables[name]]] : [])));
    const ask = asker(options, rewritten, mine, context, pageSize(options, { document, operation }, variables));
    const key = JSON.stringify([context.viewer.key, context.viewer.identity.tenantId, context.acceptLanguage, rewritten.page, mine]);
    const { feed, leave } = feeds.join(key, binding.wakeup(context.viewer.identity.tenantId, args));
    const stopped = new AbortController();
    metrics.subscriptions.inc();
    const stop = (): void => {
      if (stopped.signal.aborted) return;
      stopped.abort();
      leave();
      metrics.subscriptions.dec();
    };
    const after = typeof args["after"] === "string" ? args["after"] : undefined;
    return follow({ feed, after, beginning: binding.beginning, signal: stopped.signal, stop, page: ask.page, newest: ask.newest });
  };

const argumentsOf = (
  schema: GraphQLSchema,
  { document, operation }: SocketDocument,
  variables: Record<string, unknown>,
): Record<string, unknown> => {
  const node = rootFieldOf(document, operation);
  const definition: GraphQLField<unknown, unknown> | undefined = schema.getSubscriptionType()?.getFields()[node.name.value];
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 10 });
  if (!definition || coerced.errors)
    throw new Refusal("BAD_USER_INPUT", 400, coerced.errors?.map((error) => error.message).join("; ") ?? "No such subscription");
  return getArgumentValues(definition, node, coerced.coerced);
};

/** As many pushes at once as the cost limit allows for this selection. */
const pageSize = (
  { facts, limits }: SubscribeOptions,
  { document, operation }: SocketDocument,
  variables: Record<string, unknown>,
): number => {
  const one = facts(document, operation).cost(variables);
  return Math.max(1, Math.min(LARGEST_PAGE, Math.floor(limits.cost / Math.max(1, one))));
};

const asker = (
  { executor, metrics }: SubscribeOptions,
  rewritten: RewrittenSubscription,
  variables: Record<string, unknown>,
  context: GatewayContext,
  first: number,
) => {
  const run = async (query: string, added: Record<string, unknown>): Promise<Page> => {
    const result = await execute(executor, { query, variables: { ...variables, ...added } }, { ...context, requestId: randomUUID() });
    return readPage(result, rewritten, first);
  };
  return {
    newest: () => run(rewritten.newest, {}),
    page: async (after: string) => {
      const page = await run(rewritten.page, { [rewritten.afterVariable]: after, [rewritten.firstVariable]: first });
      if (page.kind === "pushes") metrics.pushes.inc(page.pushes.length);
      return page;
    },
  };
};

/** Troubles that pass by themselves; any other error of the list itself ends the subscription. */
const PASSING: ReadonlySet<unknown> = new Set(["SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR", "RATE_LIMITED", undefined]);

const readPage = ({ data, errors = [] }: ExecutedResult, { responseKey, cursorKey }: RewrittenSubscription, first: number): Page => {
  const list = data?.[responseKey];
  if (!Array.isArray(list)) {
    const lasting = errors.filter((error) => !PASSING.has(error.extensions?.["code"]));
    if (lasting.length > 0) return { kind: "refused", errors: lasting };
    return errors.length > 0
      ? { kind: "unavailable" }
      : { kind: "refused", errors: [{ message: "There is nothing here that this viewer may follow", extensions: { code: "FORBIDDEN" } }] };
  }
  const pushes = list.flatMap((row: unknown, index) => {
    if (typeof row !== "object" || row === null) return [];
    const { [cursorKey]: cursor, ...payload } = row as Record<string, unknown>;
    if (typeof cursor !== "string") return [];
    const own = errors.flatMap((error) => errorOf(error, responseKey, index));
    return [{ cursor, result: { data: { [responseKey]: payload }, ...(own.length > 0 ? { errors: own } : {}) } }];
  });
  return { kind: "pushes", pushes, full: pushes.length >= first };
};

/** A list's error as the error of one of its payloads: the index leaves its path; an error without a path concerns all. */
const errorOf = (error: ReadableError, responseKey: string, index: number): ReadableError[] => {
  const [key, position, ...rest] = error.path ?? [];
  if (error.path === undefined || typeof position !== "number") return [error];
  return key === responseKey && position === index ? [{ ...error, path: [responseKey, ...rest] }] : [];
};
