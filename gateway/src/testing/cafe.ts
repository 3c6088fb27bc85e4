import { buildSubgraphSchema } from "@apollo/subgraph";
import { IDENTITY_HEADER, INTERNAL_KEY_HEADER, mayActFor, type Identity } from "@kava/contracts/identity";
import { decodeIdentity } from "@kava/platform/identity/header";
import { encodeCursor, decodeCursor } from "@kava/platform/graphql/cursor";
import Fastify, { type FastifyInstance } from "fastify";
import { GraphQLError, parse } from "graphql";
import mercurius from "mercurius";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { CAFE_SCHEMAS } from "./cafeSchemas.js";

export const CAFE_KEY = "the-key-of-the-cafe";

interface Context {
  identity: Identity;
}
export interface StoredPush {
  seq: number;
  offerId: string | null;
}

/** A running café: four subgraphs answered from memory, over real HTTP. */
export interface Cafe {
  urls: Record<string, string>;
  /** Requests that each subgraph got, newest last. */
  received: Record<string, { query: string; headers: IncomingHttpHeaders }[]>;
  /** Adds a push for a customer, as discount does at a purchase; no wake-up. */
  push: (customerId: string, offerId: string | null) => number;
  stop: (subgraph: string) => Promise<void>;
  start: (subgraph: string) => Promise<void>;
  /** Runs before a subgraph answers, e.g. to delay or to cut the connection. */
  beforeAnswer: Record<string, ((request: { destroy(): void; query: string }) => Promise<void> | void) | undefined>;
  close: () => Promise<void>;
}

const money = (amount: string) => ({ amount, currency: "EUR" });
const item = (id: string) => ({
  __typename: "MenuItem",
  id,
  name: `Item ${id}`,
  price: money("4.50"),
  cost: money("1.20"),
  supplier: { name: "Farm" },
});
const offer = (id: string, customerId: string) => ({
  id,
  depth: 20,
  item: { id: "latte" },
  customer: { id: customerId },
  decision: "the floor bound",
});
const customer = (id: string) => ({
  id,
  displayName: `Customer ${id.slice(0, 8)}`,
  segment: { name: "Regulars" },
  purchases: [{ id: "p1", lines: [{ item: { id: "latte" } }] }],
  friends: [{ id }],
  broken: () => {
    throw new Error("the password is hunter2");
  },
});

/** What each subgraph of the café answers. */
export const resolversOf = (pushes: Map<string, StoredPush[]>): Record<string, Record<string, unknown>> => ({
  customer: {
    Query: {
      me: (_: unknown, __: unknown, { identity }: Context) => (identity.customerId ? customer(identity.customerId) : null),
      customer: (_: unknown, { id }: { id: string }, { identity }: Context) => (mayActFor(identity, id) ? customer(id) : null),
      customers: () => ({ edges: [{ cursor: "c", node: customer("one") }] }),
    },
    Mutation: { registerCustomer: () => customer("new"), recordPurchase: () => ({ id: "p2", lines: [] }) },
    Customer: { __resolveReference: ({ id }: { id: string }) => customer(id) },
  },
  menu: {
    Query: {
      item: (_: unknown, { id }: { id: string }) => item(id),
      menu: () => [item("latte"), item("mocha")],
      anything: () => [item("latte"), { __typename: "Voucher", name: "Voucher", cost: money("0.10") }],
      sellable: () => [item("latte")],
    },
    MenuItem: { __resolveReference: ({ id }: { id: string }) => item(id) },
  },
  analytics: {
    Query: { popular: () => [{ score: 0.5, because: "popular", item: { id: "latte" } }] },
    Customer: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      recommendedItems: (_: unknown, { first }: { first: number }) =>
        ["latte", "mocha"].slice(0, first).map((id) => ({ score: 0.9, because: "often bought", item: { id } })),
    },
  },
  discount: {
    Query: {
      offer: (_: unknown, { id }: { id: string }) => offer(id, "one"),
      offerPushes: (
        _: unknown,
        { customerId, after, first }: { customerId: string; after?: string | null; first: number },
        { identity }: Context,
      ) => {
        if (!mayActFor(identity, customerId))
          throw new GraphQLError("These pushes are another customer's", { extensions: { code: "FORBIDDEN" } });
        const all = pushes.get(customerId) ?? [];
        const since = after === "start" ? 0 : after ? Number(decodeCursor(after, 1)[0]) : null;
        const rows = since === null ? all.slice(-1) : all.filter((row) => row.seq > since).slice(0, first);
        return rows.map((row) => ({
          cursor: encodeCursor([row.seq]),
          customerId,
          offer: row.offerId === null ? null : offer(row.offerId, customerId),
        }));
      },
    },
    Subscription: {
      offerPushed: {
        subscribe: () => {
          throw new GraphQLError("The gateway serves subscriptions");
        },
      },
    },
    Customer: { __resolveReference: ({ id }: { id: string }) => ({ id }), offer: ({ id }: { id: string }) => offer("o1", id) },
    MenuItem: {
      __resolveReference: (reference: object) => reference,
      personalPrice: ({ price }: { price: { currency: string } }) => ({ amount: "3.60", currency: price.currency, depth: 20 }),
    },
  },
});

/** Opens the café; close it after the test. */
export const openCafe = async (): Promise<Cafe> => {
  const pushes = new Map<string, StoredPush[]>();
  const resolvers = resolversOf(pushes);
  const running = new Map<string, FastifyInstance>();
  const cafe: Cafe = {
    urls: {},
    received: {},
    beforeAnswer: {},
    push: (customerId, offerId) => {
      const rows = pushes.get(customerId) ?? [];
      pushes.set(customerId, rows);
      return rows.push({ seq: rows.length + 1, offerId });
    },
    stop: async (subgraph) => {
      await running.get(subgraph)?.close();
      running.delete(subgraph);
    },
    start: async (subgraph) => {
      const port = cafe.urls[subgraph] ? Number(new URL(cafe.urls[subgraph]).port) : 0;
      const app = await serve(subgraph, resolvers[subgraph] ?? {}, cafe);
      await app.listen({ host: "127.0.0.1", port });
      running.set(subgraph, app);
      cafe.urls[subgraph] = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`;
    },
    close: async () => void (await Promise.all([...running.keys()].map(cafe.stop))),
  };
  for (const { name } of CAFE_SCHEMAS) await cafe.start(name);
  return cafe;
};

const serve = async (subgraph: string, resolvers: object, cafe: Cafe): Promise<FastifyInstance> => {
  const app = Fastify({ forceCloseConnections: true });
  const sdl = CAFE_SCHEMAS.find(({ name }) => name === subgraph)?.sdl ?? "";
  cafe.received[subgraph] ??= [];
  app.get("/health/ready", async () => ({ status: "ready" }));
  app.addHook("preHandler", async (request, reply) => {
    if (request.url !== "/graphql") return;
    const { query = "" } = request.body as { query?: string };
    cafe.received[subgraph]?.push({ query, headers: request.headers });
    await cafe.beforeAnswer[subgraph]?.({ query, destroy: () => void request.raw.socket.destroy() });
    if (request.headers[INTERNAL_KEY_HEADER] !== CAFE_KEY) await reply.code(401).send({ message: "no" });
  });
  await app.register(mercurius, {
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }),
    context: (request) => ({ identity: decodeIdentity(String(request.headers[IDENTITY_HEADER])) }),
  });
  return app;
};
