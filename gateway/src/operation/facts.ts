import type { DocumentNode, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode, SelectionSetNode } from "graphql";
import type { Requirements } from "../access/requirements.js";
import { costOf, type Cost } from "./cost.js";
import { demandsOf, type Demand } from "./demands.js";
import { operationSource, visitLevel, type OperationSource } from "./fragments.js";
import { sizeOf, type OperationSize } from "./size.js";

/** What the gateway must know of an operation before it executes it; the same for every viewer and all variables. */
export interface OperationFacts {
  size: OperationSize;
  cost: Cost;
  demands: readonly Demand[];
  /** Whether it reads the schema. */
  introspects: boolean;
  /** How often each root field is selected. */
  rootFields: ReadonlyMap<string, number>;
}

/** Facts of a validated document's operation. */
export type ReadFacts = (document: DocumentNode, operation: OperationDefinitionNode) => OperationFacts;

/** Reads facts and remembers them for as long as the parsed operation lives (Apollo Server keeps validated documents). */
export const factsReader = (schema: GraphQLSchema, requirements: Requirements): ReadFacts => {
  const known = new WeakMap<OperationDefinitionNode, OperationFacts>();
  return (document, operation) => {
    const remembered = known.get(operation);
    if (remembered) return remembered;
    const facts = readFacts(schema, requirements, document, operation);
    known.set(operation, facts);
    return facts;
  };
};

const readFacts = (
  schema: GraphQLSchema,
  requirements: Requirements,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationFacts => {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}: the document was not validated`);
  const source = operationSource(schema, document);
  const rootFields = rootFieldsOf(source, operation, root);
  return {
    size: sizeOf(source, operation, root),
    cost: costOf(source, operation, root),
    demands: demandsOf(source, requirements, operation, root),
    introspects: rootFields.has("__schema") || rootFields.has("__type"),
    rootFields,
  };
};

/** How often each root field is selected once fragments are spread; each fragment is counted once, so that nested ones cost nothing. */
const rootFieldsOf = (
  source: OperationSource,
  operation: OperationDefinitionNode,
  root: GraphQLObjectType,
): ReadonlyMap<string, number> => {
  const fragments = new Map<string, ReadonlyMap<string, number>>();
  const read = (selections: SelectionSetNode): ReadonlyMap<string, number> => {
    const found = new Map<string, number>();
    const add = (name: string, count: number): void => void found.set(name, (found.get(name) ?? 0) + count);
    visitLevel(source, selections, root, {
      directives: () => undefined,
      field: (node) => add(node.name.value, 1),
      inline: (inner) => read(inner).forEach((count, name) => add(name, count)),
      spread: (fragment) => {
        const name = fragment.name.value;
        if (!fragments.has(name)) fragments.set(name, read(fragment.selectionSet));
        fragments.get(name)!.forEach((count, field) => add(field, count));
      },
    });
    return found;
  };
  return read(operation.selectionSet);
};
