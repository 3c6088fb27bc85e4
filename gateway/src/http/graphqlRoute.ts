import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { contextOf, type GatewayContext } from "../context.js";
import { Refusal } from "../errors/refusal.js";
import type { Executor } from "../executor.js";
import type { FindViewer } from "../identity/viewer.js";
import type { RateLimiter } from "../limits/rate.js";

export interface GraphqlRouteOptions {
  executor: Executor;
  findViewer: FindViewer;
  rate: RateLimiter;
  bodyBytes: number;
  now: () => Date;
}

/** GraphQL over HTTP: POST, and GET for queries that carry Apollo's preflight header. The viewer is known before the body is read. */
export const addGraphqlRoute = (app: FastifyInstance, { executor, findViewer, rate, bodyBytes, now }: GraphqlRouteOptions): void => {
  const contexts = new WeakMap<FastifyRequest, GatewayContext>();
  const identify = async (request: FastifyRequest): Promise<void> => {
    const viewer = await findViewer(request.headers.authorization, now()).catch(async (error: unknown) => {
      if (error instanceof Refusal) await rate.badToken(request.ip);
      throw error;
    });
    await rate.operation(viewer, request.ip);
    contexts.set(request, contextOf(request.headers, viewer, request.ip));
  };
  const answer = fastifyApolloHandler(executor, {
    context: async (request) => {
      const context = contexts.get(request);
      if (!context) throw new Error("The request was not identified");
      return context;
    },
  });
  app.route({ method: ["GET", "POST"], url: "/graphql", bodyLimit: bodyBytes, onRequest: identify, handler: answer });
};
