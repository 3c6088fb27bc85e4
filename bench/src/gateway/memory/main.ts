// The four subgraphs, answered from memory in one process of their own: plain HTTP and compiled queries, so that a fast gateway waits as little as
// possible for this side.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { CONSUMERS } from "@kava/contracts/events";
import { parse, type GraphQLSchema } from "graphql";
import { compileQuery, isCompiledQuery, type CompiledQuery } from "graphql-jit";
import { LRUCache } from "lru-cache";
import { RESOLVERS } from "./resolvers.js";

/** GraphQL's POST as a gateway sends it. */
interface Asked {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/** A body of JSON; without streams and iterators, which cost more than the answer here. */
const bodyOf = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => resolve(body));
    request.on("error", reject);
  });

/** Answers with JSON. A query that does not fit the schema is a defect of the bench, and ends it. */
const answerer = (schema: GraphQLSchema) => {
  const compiled = new LRUCache<string, CompiledQuery>({ max: 1_000 });
  const compile = (query: string, operationName: string | undefined): CompiledQuery => {
    const made = compileQuery(schema, parse(query), operationName);
    if (!isCompiledQuery(made)) throw new Error(`A subgraph was asked what it does not know: ${JSON.stringify(made.errors)}`);
    compiled.set(query, made);
    return made;
  };
  return async (request: IncomingMessage): Promise<string> => {
    const { query, variables, operationName } = JSON.parse(await bodyOf(request)) as Asked;
    const known = compiled.get(query) ?? compile(query, operationName ?? undefined);
    return known.stringify(await known.query(undefined, undefined, variables ?? {}));
  };
};

const urls: Record<string, string> = {};
for (const name of CONSUMERS) {
  const sdl = readFileSync(new URL(`../../../../subgraphs/${name}/schema.graphql`, import.meta.url), "utf8");
  const answer = answerer(buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: RESOLVERS[name] as never }));
  const server = createServer({ keepAliveTimeout: 75_000 }, async (request, response) => {
    const body = await answer(request);
    response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(body) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
process.send?.({ ready: true, urls });
process.on("disconnect", () => process.exit(0));
