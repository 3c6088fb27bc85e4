import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { treeCache } from "../operation/treeCache.js";
import { unresolved } from "../operation/unresolved.js";

/** A document that came over a socket. */
export interface SocketDocument {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/** Reads documents, each text once; a subscription is validated too (Apollo Server validates the rest). Throws GraphQLErrors as an array. */
export const documentReader = (
  schema: GraphQLSchema,
  maxTokens: number,
): ((query: string, operationName: string | undefined) => SocketDocument | readonly GraphQLError[]) => {
  const known = treeCache<{ document: DocumentNode; problems: readonly GraphQLError[] }>();
  const read = (query: string): { document: DocumentNode; problems: readonly GraphQLError[] } => {
    const remembered = known.get(query);
    if (remembered) return remembered;
    const document = parse(query, { maxTokens });
    const subscribes = document.definitions.some(
      (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.SUBSCRIPTION,
    );
    const entry = {
      document,
      problems: subscribes
        ? validate(schema, document, specifiedRules, { hideSuggestions: true, maxErrors: 50 }).map(coded("GRAPHQL_VALIDATION_FAILED"))
        : [],
    };
    known.set(query, entry);
    return entry;
  };
  return (query, operationName) => {
    try {
      const { document, problems } = read(query);
      if (problems.length > 0) return problems;
      const operation = getOperationAST(document, operationName);
      return operation ? { document, operation } : [unresolved(document, operationName)];
    } catch (error) {
      if (error instanceof GraphQLError) return [coded("GRAPHQL_PARSE_FAILED")(error)];
      throw error;
    }
  };
};

const coded =
  (code: string) =>
  (error: GraphQLError): GraphQLError =>
    new GraphQLError(error.message, {
      ...(error.nodes ? { nodes: error.nodes } : {}),
      ...(error.source ? { source: error.source } : {}),
      ...(error.positions ? { positions: error.positions } : {}),
      extensions: { code },
    });
