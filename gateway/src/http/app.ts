import { randomUUID } from "node:crypto";
import compress from "@fastify/compress";
import type { Logger } from "@kava/platform/telemetry/logger";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { Refusal, refusalBody } from "../errors/refusal.js";
import type { TrustsProxy } from "./callerAddress.js";

export interface HttpAppOptions {
  logger: Logger;
  /** Undefined trusts nobody. */
  trustsProxy: TrustsProxy | undefined;
  bodyBytes: number;
  /** Told the code of every request that is refused before GraphQL. */
  refused: (code: string) => void;
}

const COMPRESS_FROM_BYTES = 4_096;

/** The gateway's HTTP server without its routes: compression, safe headers, and every error as typed JSON. */
export const createHttpApp = async ({ logger, trustsProxy, bodyBytes, refused }: HttpAppOptions): Promise<FastifyInstance> => {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustsProxy ?? false,
    bodyLimit: bodyBytes,
    keepAliveTimeout: 75_000,
    requestTimeout: 30_000,
    forceCloseConnections: "idle",
  });
  await app.register(compress, { threshold: COMPRESS_FROM_BYTES, encodings: ["gzip"] });
  app.addHook("onRequest", (_request, reply, done) => {
    void reply.header("x-content-type-options", "nosniff");
    done();
  });
  app.setErrorHandler((error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const refusal = refusalOf(error, bodyBytes);
    if (refusal) refused(refusal.code);
    return refusal ? send(reply, refusal) : sendReference(reply, error, logger);
  });
  app.setNotFoundHandler((request, reply) =>
    send(
      reply,
      new Refusal(
        "NOT_FOUND",
        404,
        `Nothing is at ${request.method} ${request.url.slice(0, 200)}: the graph is at /graphql, and / leads on`,
      ),
    ),
  );
  return app;
};

/** What the client did wrong; undefined when the fault is ours. */
const refusalOf = (error: FastifyError, limit: number): Refusal | undefined => {
  if (error instanceof Refusal) return error;
  const { statusCode = 500 } = error;
  if (statusCode === 413)
    return new Refusal("BODY_TOO_LARGE", 413, `The request is larger than ${limit} bytes: send less in one operation`, { limit });
  if (statusCode === 415) return new Refusal("BAD_REQUEST", 415, "Send JSON with content-type application/json");
  if (statusCode < 500)
    return new Refusal("BAD_REQUEST", statusCode, 'The request cannot be read: send JSON such as {"query": "{ menu { totalCount } }"}');
  return undefined;
};

const send = (reply: FastifyReply, refusal: Refusal): FastifyReply => {
  const seconds = refusal.extensions["retryAfterSeconds"];
  if (typeof seconds === "number") void reply.header("retry-after", seconds);
  if (refusal.status === 401) void reply.header("www-authenticate", "Bearer");
  return reply.code(refusal.status).send(refusalBody(refusal));
};

/** Nothing of our own faults leaves but a reference that the log knows. */
const sendReference = (reply: FastifyReply, error: Error, logger: Logger): FastifyReply => {
  const reference = randomUUID();
  logger.error({ err: error, reference }, "a request failed");
  const message = `Something went wrong on our side; the reference is ${reference}`;
  return reply.code(500).send({ errors: [{ message, extensions: { code: "INTERNAL_SERVER_ERROR", reference } }] });
};
