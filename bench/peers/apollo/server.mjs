// The stock gateway as its documentation sets it up: node server.mjs SUPERGRAPH_FILE
import { readFileSync } from "node:fs";
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";

const gateway = new ApolloGateway({ supergraphSdl: readFileSync(process.argv[2], "utf8") });
const { url } = await startStandaloneServer(new ApolloServer({ gateway, introspection: false }), {
  listen: { host: "127.0.0.1", port: 0 },
});
process.send({ ready: true, url });
process.on("disconnect", () => process.exit(0));
