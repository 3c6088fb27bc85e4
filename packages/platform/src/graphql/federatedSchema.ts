import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { GraphQLError, lexicographicSortSchema, parse, type GraphQLSchema } from "graphql";
import { buildSchema, createResolversMap, type BuildSchemaOptions, type PubSub } from "type-graphql";

/** How a subgraph finds its part of an entity: by representation, with a DataLoader of the request behind it. */
export type ReferenceResolver<Context> = (reference: Record<string, unknown> & { id: string }, context: Context) => unknown;

export interface FederatedSchemaOptions<Context> {
  resolvers: BuildSchemaOptions["resolvers"];
  /** Types that no field of this subgraph returns but that it contributes to. */
  orphanedTypes?: BuildSchemaOptions["orphanedTypes"];
  references: Record<string, ReferenceResolver<Context>>;
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@shareable", "@inaccessible", "@requires", "@external", "@provides", "@requiresScopes", "@authenticated"])
`;

export interface FederatedSchema {
  schema: GraphQLSchema;
  /** The subgraph's SDL, sorted, as it is committed and composed. */
  sdl: string;
}

/** TypeGraphQL asks for one where a Subscription type is declared. A subgraph only declares its fields: the gateway serves them. */
const NO_PUB_SUB: PubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new GraphQLError("Subscriptions are served by the gateway: connect to it by graphql-ws", { extensions: { code: "BAD_REQUEST" } });
  },
};

/** Builds a Federation 2 subgraph from TypeGraphQL classes. */
export const federatedSchema = async <Context>(options: FederatedSchemaOptions<Context>): Promise<FederatedSchema> => {
  const built = await buildSchema({
    resolvers: options.resolvers,
    ...(options.orphanedTypes ? { orphanedTypes: options.orphanedTypes } : {}),
    validate: false,
    pubSub: NO_PUB_SUB,
  });
  const sdl = `${LINK}\n${printSchemaWithDirectives(lexicographicSortSchema(built))}\n`;
  const resolvers = createResolversMap(built) as Record<string, Record<string, unknown>>;
  for (const [type, resolve] of Object.entries(options.references))
    resolvers[type] = {
      ...resolvers[type],
      __resolveReference: (reference: { id: string }, context: Context) => resolve(reference, context),
    };
  return { schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }), sdl };
};
