import { composeServices } from "@apollo/composition";
import { GraphQLError, parse, printSchema, lexicographicSortSchema } from "graphql";
import type { SubgraphSdl } from "./definitions.js";
import { CompositionRefused, type Problem } from "./problems.js";
import { refusedConstructs } from "./refusals.js";
import { apiSchemaOf } from "../supergraph.js";
import { unenforceableLinks } from "../access/securityLinks.js";

export interface ComposedSupergraph {
  /** With every join and security directive, as the gateway reads it. */
  supergraphSdl: string;
  /** The public face: what clients see. */
  apiSdl: string;
}

/** Composes the subgraphs. Throws CompositionRefused for what does not compose and for what this gateway would answer wrongly. */
export const composeSupergraph = (subgraphs: readonly SubgraphSdl[]): ComposedSupergraph => {
  const unreadable = subgraphs.flatMap(syntaxProblem);
  if (unreadable.length > 0) throw new CompositionRefused(unreadable);
  const refused = refusedConstructs(subgraphs);
  if (refused.length > 0) throw new CompositionRefused(refused);
  const result = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  if (result.errors) throw new CompositionRefused(result.errors.map(compositionProblem));
  const unenforced = unenforceableLinks(result.supergraphSdl);
  if (unenforced.length > 0)
    throw new CompositionRefused(
      unenforced.map((link) => ({
        subgraph: "supergraph",
        where: link,
        why: "this gateway does not enforce it",
        cure: "guard with @requiresScopes or @authenticated",
      })),
    );
  return { supergraphSdl: `${result.supergraphSdl.trim()}\n`, apiSdl: apiSdlOf(result.supergraphSdl) };
};

/** The API schema of a supergraph, sorted. */
export const apiSdlOf = (supergraphSdl: string): string => `${printSchema(lexicographicSortSchema(apiSchemaOf(supergraphSdl)))}\n`;

const syntaxProblem = ({ name, sdl }: SubgraphSdl): Problem[] => {
  try {
    parse(sdl);
    return [];
  } catch (error) {
    return [{ subgraph: name, where: "its SDL", why: error instanceof Error ? error.message : String(error), cure: "mend the syntax" }];
  }
};

const compositionProblem = (error: GraphQLError): Problem => ({
  subgraph: /^\[([\w-]+)\]/.exec(error.message)?.[1] ?? "supergraph",
  where: typeof error.extensions["code"] === "string" ? error.extensions["code"] : "composition",
  why: error.message.replace(/^\[[\w-]+\] /, "").replaceAll("\n", "\n          "),
  cure: "make the subgraphs agree (https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/errors)",
});
