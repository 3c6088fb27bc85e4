import {
  Kind,
  getNamedType,
  isCompositeType,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
} from "graphql";
import { SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef, isInterfaceType, isObjectType, type GraphQLField } from "graphql";

/** A validated document with its fragments at hand. */
export interface OperationSource {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export const operationSource = (schema: GraphQLSchema, document: DocumentNode): OperationSource => ({
  schema,
  fragments: new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  ),
});

/** What stands in a selection set, with the type that it is selected on. */
export interface SelectionVisitor {
  field(node: FieldNode, definition: GraphQLField<unknown, unknown>, parent: GraphQLCompositeType): void;
  /** An inline fragment's own content: same level, perhaps another type. */
  inline(selections: SelectionSetNode, parent: GraphQLCompositeType): void;
  /** A spread of a named fragment: same level. */
  spread(fragment: FragmentDefinitionNode, parent: GraphQLCompositeType): void;
  directives(count: number): void;
}

/** Visits one level of a selection set of a validated document; how deep it goes is the visitor's matter. */
export const visitLevel = (
  { schema, fragments }: OperationSource,
  { selections }: SelectionSetNode,
  parent: GraphQLCompositeType,
  visitor: SelectionVisitor,
): void => {
  for (const node of selections) {
    if (node.directives?.length) visitor.directives(node.directives.length);
    if (node.kind === Kind.FIELD) {
      visitor.field(node, fieldOf(schema, parent, node.name.value), parent);
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      visitor.inline(node.selectionSet, node.typeCondition ? compositeType(schema, node.typeCondition.name.value) : parent);
    } else {
      const fragment = fragments.get(node.name.value);
      if (!fragment) throw new Error(`The fragment ${node.name.value} is not in the document, which was not validated`);
      visitor.spread(fragment, compositeType(schema, fragment.typeCondition.name.value));
    }
  }
};

export const compositeType = (schema: GraphQLSchema, name: string): GraphQLCompositeType => {
  const type = schema.getType(name);
  if (!isCompositeType(type)) throw new Error(`${name} is no type with fields in the schema: the document was not validated`);
  return type;
};

const fieldOf = (schema: GraphQLSchema, parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> => {
  if (name === "__typename") return TypeNameMetaFieldDef;
  if (parent === schema.getQueryType() && name === "__schema") return SchemaMetaFieldDef;
  if (parent === schema.getQueryType() && name === "__type") return TypeMetaFieldDef;
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  if (!definition) throw new Error(`${parent.name}.${name} is not in the schema: the document was not validated`);
  return definition;
};

/** The type below a field, when it has fields itself. */
export const typeBelow = (definition: GraphQLField<unknown, unknown>): GraphQLCompositeType | undefined => {
  const type = getNamedType(definition.type);
  return isCompositeType(type) ? type : undefined;
};
