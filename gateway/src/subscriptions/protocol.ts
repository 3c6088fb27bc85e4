import { GraphQLError, OperationTypeNode, type ExecutionArgs, type ExecutionResult } from "graphql";
import type { Context, ServerOptions, SubscribePayload } from "graphql-ws";
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { contextOf, type GatewayContext } from "../context.js";
import { maskError } from "../errors/mask.js";
import { Refusal } from "../errors/refusal.js";
import type { Viewer } from "../identity/viewer.js";
import { bindSubscriptions } from "./binding.js";
import { documentReader, type SocketDocument } from "./documents.js";
import { execute } from "./execute.js";
import { CLOSE, closeAt } from "./expiry.js";
import { Feeds } from "./feed.js";
import { asExecutionResult } from "./follow.js";
import type { SocketOptions } from "./sockets.js";
import { createSubscribe } from "./subscribe.js";

/** A socket of one viewer, who is known once the connection is acknowledged. */
export interface Connection {
  socket: WebSocket;
  request: IncomingMessage;
  ip: string;
  viewer?: Viewer;
}

type Init = Record<string, unknown>;

/** What graphql-ws asks of the gateway: who connects, and what each operation yields. */
export const protocolOf = (options: SocketOptions): ServerOptions<Init, Connection> => {
  const { schema, executor, limits, wakeups, pollMs, rate, logger, metrics } = options;
  const read = documentReader(schema, limits.tokens);
  const subscribe = createSubscribe({ ...options, bindingOf: bindSubscriptions(schema), feeds: new Feeds(wakeups, pollMs) });
  const pushes = new WeakMap<ExecutionArgs, AsyncGenerator<ExecutionResult, void, undefined>>();
  const answers = new WeakMap<ExecutionArgs, () => Promise<ExecutionResult>>();

  const plan = async (
    args: ExecutionArgs,
    { operation, document }: SocketDocument,
    { query, variables, operationName }: SubscribePayload,
    context: GatewayContext,
  ): Promise<void> => {
    const given = variables ?? {};
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) pushes.set(args, await subscribe({ document, operation }, given, context));
    else
      answers.set(args, async () =>
        asExecutionResult(await execute(executor, { query, variables: given, operationName: operationName ?? undefined }, context)),
      );
  };
  const accept = async (
    { extra, subscriptions }: Context<Init, Connection>,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    if (!extra.viewer) throw new Error("An operation before the connection was acknowledged");
    if (Object.keys(subscriptions).length > limits.operationsPerSocket)
      throw new Refusal(
        "TOO_MANY_OPERATIONS",
        429,
        `A socket carries at most ${limits.operationsPerSocket} operations at a time: complete some, or open another`,
        { limit: limits.operationsPerSocket },
      );
    await rate.operation(extra.viewer, extra.ip);
    const source = read(payload.query, payload.operationName ?? undefined);
    if (!("document" in source)) return source;
    const args: ExecutionArgs = { schema, document: source.document, operationName: payload.operationName };
    await plan(args, source, payload, contextOf(extra.request.headers, extra.viewer, extra.ip));
    return args;
  };
  return {
    onConnect: ({ connectionParams, extra }) => connect(connectionParams, extra, options),
    onSubscribe: (context, _id, payload) =>
      accept(context, payload).catch((error: unknown) => {
        if (error instanceof Refusal) metrics.refusals.inc({ code: error.code });
        return [
          error instanceof GraphQLError
            ? error
            : new GraphQLError("failed", { originalError: error instanceof Error ? error : new Error(String(error)) }),
        ];
      }),
    subscribe: (args) => pushes.get(args) ?? unplanned(),
    execute: (args) => answers.get(args)?.() ?? unplanned(),
    onError: (_context, _id, _payload, errors) => errors.map((error) => maskError(error, randomUUID(), logger)),
  };
};

const unplanned = (): never => {
  throw new Error("An operation that was not accepted");
};

/** Takes the viewer from connection_init's `authorization` (or the upgrade's header), and closes the socket when the token ends. */
const connect = async (params: Init | undefined, extra: Connection, { findViewer, rate, now }: SocketOptions): Promise<boolean> => {
  const given = params?.["authorization"] ?? params?.["Authorization"] ?? extra.request.headers.authorization;
  try {
    extra.viewer = await findViewer(
      typeof given === "string" ? given : given === undefined || given === null ? undefined : "no text",
      now(),
    );
    closeAt(extra.socket, extra.viewer.expiresAt, now);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "UNAUTHENTICATED") await rate.badToken(extra.ip).catch(() => undefined);
    extra.socket.close(closeCodeOf(error), error.message.slice(0, 120));
    return false;
  }
};

const closeCodeOf = ({ code, extensions }: Refusal): number => {
  if (code !== "UNAUTHENTICATED") return CLOSE.tryAgainLater;
  return extensions["expired"] ? CLOSE.expiredToken : CLOSE.malformedToken;
};
