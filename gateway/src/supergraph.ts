import { Supergraph } from "@apollo/federation-internals";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GraphQLSchema } from "graphql";
import { ConfigurationError } from "@kava/platform/config";
import { withoutSecurityDemand } from "./access/securityLinks.js";

/** The supergraph that `npm run compose` wrote and that is committed. */
export const COMMITTED_SUPERGRAPH = fileURLToPath(new URL("../supergraph.graphql", import.meta.url));

/** Reads a composed supergraph. Throws ConfigurationError when the file is not there. */
export const readSupergraph = (file = COMMITTED_SUPERGRAPH): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new ConfigurationError(`The supergraph ${file} cannot be read: run npm run compose`, { cause });
  }
};

/** What clients see of a supergraph. */
export const apiSchemaOf = (supergraphSdl: string): GraphQLSchema =>
  Supergraph.build(withoutSecurityDemand(supergraphSdl)).apiSchema().toGraphQLJSSchema();
