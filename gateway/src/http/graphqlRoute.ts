import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import { contextOf, type GatewayContext } from "../context.js";
import { Refusal } from "../errors/refusal.js";
import type { Executor } from "../executor.js";
import type { FindViewer } from "../identity/viewer.js";
import type { RateLimiter } from "../limits/rate.js";
import { plainOperation } from "./plainOperation.js";

export interface GraphqlRouteOptions {
  executor: Executor;
  findViewer: FindViewer;
  rate: RateLimiter;
  bodyBytes: number;
  now: () => Date;
}

const REMEMBERED_ACCEPTS = 100;

/**
 * GraphQL over HTTP: POST, and GET for queries that carry Apollo's preflight header. The viewer is known before the body is read. A plain
 * POST of a known operation is answered here, with the same status, headers and body as Apollo Server's; it answers everything else.
 */
export const addGraphqlRoute = (app: FastifyInstance, { executor, findViewer, rate, bodyBytes, now }: GraphqlRouteOptions): void => {
  const contexts = new WeakMap<FastifyRequest, GatewayContext>();
  const identify = async (request: FastifyRequest): Promise<void> => {
    const viewer = await findViewer(request.headers.authorization, now()).catch(async (error: unknown) => {
      if (error instanceof Refusal && error.code === "UNAUTHENTICATED") await rate.badToken(request.ip);
      throw error;
    });
    await rate.operation(viewer, request.ip);
    contexts.set(request, contextOf(request.headers, viewer, request.ip));
  };
  const identified = (request: FastifyRequest): GatewayContext => {
    const context = contexts.get(request);
    if (!context) throw new Error("The request was not identified");
    return context;
  };
  const byServer = fastifyApolloHandler(executor.server, { context: async (request) => identified(request) });
  /** The content type that Apollo Server chose for an Accept header: its choice depends on nothing else. */
  const contentTypes = new LRUCache<string, string>({ max: REMEMBERED_ACCEPTS });
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { accept = "" } = request.headers;
    const plain = plainOperation(request);
    const known = plain && executor.known.find(plain.query, plain.operationName);
    const contentType = contentTypes.get(accept);
    if (known && contentType !== undefined) {
      const { status, result } = await executor.known.answer(known, plain.variables, identified(request), "http");
      void reply.code(status).header("cache-control", "no-store").header("content-type", contentType);
      return JSON.stringify({ errors: result.errors, data: result.data, extensions: result.extensions });
    }
    const body = await byServer.call(app, request, reply);
    const chosen = reply.getHeader("content-type");
    if (plain && reply.statusCode === 200 && typeof chosen === "string") contentTypes.set(accept, chosen);
    return body;
  };
  app.route({ method: ["GET", "POST"], url: "/graphql", bodyLimit: bodyBytes, onRequest: identify, handler: answer });
};
