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
import { randomUUID } from "node:crypto";

export interface HttpAppOptions {
  logger: Logger;
  trustProxy: boolean;
  bodyBytes: number;
}

const COMPRESS_FROM_BYTES = 4_096;

/** The gateway's HTTP server without its routes: compression, safe headers, and every error as typed JSON. */
export const createHttpApp = async ({ logger, trustProxy, bodyBytes }: HttpAppOptions): Promise<FastifyInstance> => {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy,
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
  app.setErrorHandler((error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => answerError(error, reply, bodyBytes, logger));
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

const answerError = (error: FastifyError, reply: FastifyReply, bodyBytes: number, logger: Logger): FastifyReply => {
  if (error instanceof Refusal) return send(reply, error);
  if (error.statusCode === 413)
    return send(
      reply,
      new Refusal("BODY_TOO_LARGE", 413, `The request is larger than ${bodyBytes} bytes: send less in one operation`, { limit: bodyBytes }),
    );
  if (error.statusCode !== undefined && error.statusCode < 500)
    return send(
      reply,
      new Refusal(
        "BAD_REQUEST",
        error.statusCode,
        error.statusCode === 415
          ? "Send JSON with content-type application/json"
          : 'The request cannot be read: send JSON such as {"query": "{ segments { name } }"}',
      ),
    );
  const reference = randomUUID();
  logger.error({ err: error, reference }, "a request failed");
  return reply
    .code(500)
    .send({
      errors: [
        {
          message: `Something went wrong on our side; the reference is ${reference}`,
          extensions: { code: "INTERNAL_SERVER_ERROR", reference },
        },
      ],
    });
};

const send = (reply: FastifyReply, refusal: Refusal): FastifyReply => {
  const seconds = refusal.extensions["retryAfterSeconds"];
  if (typeof seconds === "number") void reply.header("retry-after", seconds);
  if (refusal.status === 401) void reply.header("www-authenticate", "Bearer");
  return reply.code(refusal.status).send(refusalBody(refusal));
};
