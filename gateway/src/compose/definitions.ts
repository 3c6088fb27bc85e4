import { Kind, parse, type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode } from "graphql";

/** A subgraph as it is composed. */
export interface SubgraphSdl {
  name: string;
  /** Where it answers, as `supergraph.yaml` says; the gateway's configuration may say otherwise. */
  url: string;
  sdl: string;
}

/** One type of a subgraph: definition and extensions together. */
export interface TypeInSubgraph {
  subgraph: string;
  name: string;
  directives: readonly ConstDirectiveNode[];
  fields: readonly FieldDefinitionNode[];
}

const WITH_FIELDS: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
]);
const OTHER_TYPES: ReadonlySet<string> = new Set([
  Kind.UNION_TYPE_DEFINITION,
  Kind.UNION_TYPE_EXTENSION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.ENUM_TYPE_EXTENSION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_EXTENSION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_EXTENSION,
]);

/** Every type of a subgraph's SDL with the directives applied to it and its fields. Throws a GraphQLError for a syntax error. */
export const typesOf = ({ name: subgraph, sdl }: SubgraphSdl): TypeInSubgraph[] =>
  parse(sdl).definitions.flatMap((definition) => {
    if (!WITH_FIELDS.has(definition.kind) && !OTHER_TYPES.has(definition.kind)) return [];
    const node = definition as {
      name: { value: string };
      directives?: readonly ConstDirectiveNode[];
      fields?: readonly FieldDefinitionNode[];
    };
    return [
      {
        subgraph,
        name: node.name.value,
        directives: node.directives ?? [],
        fields: WITH_FIELDS.has(definition.kind) ? (node.fields ?? []) : [],
      },
    ];
  });

/** The value of a directive's string argument, or undefined. */
export const stringArgument = (directive: ConstDirectiveNode, name: string): string | undefined => {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
};

/** The value of a directive's boolean argument, or undefined. */
export const booleanArgument = (directive: ConstDirectiveNode, name: string): boolean | undefined => {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
};

/** A field set such as `id org { id }` as the selection it is. */
export const parseFieldSet = (fields: string): DocumentNode => parse(`{ ${fields} }`, { noLocation: true });
