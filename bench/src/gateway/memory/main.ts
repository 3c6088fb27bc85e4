// The four subgraphs, answered from memory by Mercurius with its compiler on, in one process of their own.
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { CONSUMERS } from "@kava/contracts/events";
import Fastify from "fastify";
import { parse } from "graphql";
import mercurius from "mercurius";
import { RESOLVERS } from "./resolvers.js";

const urls: Record<string, string> = {};
for (const name of CONSUMERS) {
  const app = Fastify({ keepAliveTimeout: 75_000 });
  const sdl = readFileSync(new URL(`../../../../subgraphs/${name}/schema.graphql`, import.meta.url), "utf8");
  await app.register(mercurius, { schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: RESOLVERS[name] as never }), jit: 1 });
  await app.listen({ host: "127.0.0.1", port: 0 });
  urls[name] = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`;
}
process.send?.({ ready: true, urls });
process.on("disconnect", () => process.exit(0));
