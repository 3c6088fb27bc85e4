import type { GraphQLCompositeType, OperationDefinitionNode, SelectionSetNode } from "graphql";
import { typeBelow, visitLevel, type OperationSource } from "./fragments.js";

/** How large an operation is once its fragments are spread; numbers may exceed what could ever be printed. */
export interface OperationSize {
  depth: number;
  fields: number;
  aliases: number;
  directives: number;
}

/** Measures an operation in time linear in the document: each fragment is measured once. Fragments of a validated document hold no cycle. */
export const sizeOf = (source: OperationSource, operation: OperationDefinitionNode, root: GraphQLCompositeType): OperationSize => {
  const fragments = new Map<string, OperationSize>();
  const measure = (selections: SelectionSetNode, parent: GraphQLCompositeType): OperationSize => {
    const size: OperationSize = { depth: 0, fields: 0, aliases: 0, directives: 0 };
    const add = (part: OperationSize, levels: number): void => {
      size.depth = Math.max(size.depth, part.depth + levels);
      size.fields += part.fields;
      size.aliases += part.aliases;
      size.directives += part.directives;
    };
    visitLevel(source, selections, parent, {
      directives: (count) => void (size.directives += count),
      field: (node, definition) => {
        size.fields += 1;
        if (node.alias) size.aliases += 1;
        const below = typeBelow(definition);
        add(node.selectionSet && below ? measure(node.selectionSet, below) : { depth: 0, fields: 0, aliases: 0, directives: 0 }, 1);
      },
      inline: (inner, type) => add(measure(inner, type), 0),
      spread: (fragment, type) => {
        const name = fragment.name.value;
        if (!fragments.has(name)) fragments.set(name, measure(fragment.selectionSet, type));
        add(fragments.get(name)!, 0);
      },
    });
    return size;
  };
  const size = measure(operation.selectionSet, root);
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) };
};
