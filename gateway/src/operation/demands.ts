import { isAbstractType, type GraphQLCompositeType, type OperationDefinitionNode, type SelectionSetNode } from "graphql";
import type { Requirement, Requirements } from "../access/requirements.js";
import { typeBelow, visitLevel, type OperationSource } from "./fragments.js";

/** A guarded place of the schema that an operation selects. */
export interface Demand {
  /** `Type` or `Type.field`. */
  place: string;
  requirement: Requirement;
}

/**
 * Every requirement that an operation must meet, failing closed: a field on an interface demands what it demands on each type behind it,
 * and a field that @skip or @include may leave out counts as selected. Aliases do not matter; each fragment is read once per type.
 */
export const demandsOf = (
  source: OperationSource,
  requirements: Requirements,
  operation: OperationDefinitionNode,
  root: GraphQLCompositeType,
): Demand[] => {
  const demands = new Map<string, readonly Requirement[]>();
  const seen = new Set<string>();
  const demand = (place: string): void => {
    const found = requirements.get(place);
    if (found) demands.set(place, found);
  };
  const read = (selections: SelectionSetNode, parent: GraphQLCompositeType): void =>
    visitLevel(source, selections, parent, {
      directives: () => undefined,
      field: (node, definition) => {
        for (const type of [parent, ...(isAbstractType(parent) ? source.schema.getPossibleTypes(parent) : [])]) {
          demand(type.name);
          demand(`${type.name}.${definition.name}`);
        }
        const below = typeBelow(definition);
        demand(namedTypeOf(String(definition.type)));
        if (below && node.selectionSet) read(node.selectionSet, below);
      },
      inline: read,
      spread: (fragment, type) => {
        if (seen.has(fragment.name.value)) return;
        seen.add(fragment.name.value);
        read(fragment.selectionSet, type);
      },
    });
  if (requirements.size > 0) read(operation.selectionSet, root);
  return [...demands].flatMap(([place, list]) => list.map((requirement) => ({ place, requirement })));
};

const namedTypeOf = (type: string): string => type.replace(/[[\]!]/g, "");
