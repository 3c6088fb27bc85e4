import {
  Kind,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { isObject, type Data } from "./data.js";
import { Unsupported, plainKey } from "./unsupported.js";

/** What became of the joined data: the answer in the operation's own shape, and each place where a schema's promise was broken. */
export interface Shaped {
  data: Data | null;
  violations: { message: string }[];
}

/** Null, for a reason that is noted already. */
const NULLED = Symbol("nulled");
/** Null where null is not allowed: the object around it becomes null. */
const INVALID = Symbol("invalid");
type Complete = (input: unknown, violations: Shaped["violations"]) => unknown;

interface Around {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * Compiles an operation into a function that gives joined data its shape: the selected fields in their order, null where a promise was
 * broken (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors). Throws Unsupported for directives, abstract types and introspection.
 */
export const compileShape = (around: Around, operation: OperationDefinitionNode): ((joined: Data) => Shaped) => {
  const root = around.schema.getRootType(operation.operation);
  if (!root || operation.directives?.length) throw new Unsupported("directives on the operation");
  const complete = objectOf(around, root, [operation.selectionSet]);
  return (joined) => {
    const violations: Shaped["violations"] = [];
    const data = complete(joined, violations);
    return { data: isObject(data) ? data : null, violations };
  };
};

const completeOf = (around: Around, type: GraphQLOutputType, selections: readonly SelectionSetNode[], place: string): Complete => {
  if (isNonNullType(type)) return promisedOf(completeOf(around, type.ofType, selections, place), place);
  if (isListType(type)) return listOf(completeOf(around, type.ofType, selections, place), place);
  if (isObjectType(type)) return objectOf(around, type, selections);
  if (isScalarType(type) || isEnumType(type)) return leafOf(type, place);
  throw new Unsupported(`the abstract type ${type.name}`);
};

const promisedOf =
  (inner: Complete, place: string): Complete =>
  (input, violations) => {
    const value = inner(input, violations);
    if (value === NULLED) return INVALID;
    if (value !== null) return value;
    violations.push({ message: `Cannot return null for non-nullable ${place}` });
    return INVALID;
  };

const listOf =
  (inner: Complete, place: string): Complete =>
  (input, violations) => {
    if (input === null) return null;
    if (!Array.isArray(input)) throw new Error(`A subgraph returned no list for ${place}`);
    let isInvalid = false;
    const list = input.map((element: unknown) => {
      const value = inner(element, violations);
      if (value === INVALID) isInvalid = true;
      return value === INVALID || value === NULLED ? null : value;
    });
    return isInvalid ? NULLED : list;
  };

const objectOf = (around: Around, type: GraphQLObjectType, selections: readonly SelectionSetNode[]): Complete => {
  const fields = [...fieldsOf(around, type, selections)].map(([key, nodes]) => ({ key, complete: fieldOf(around, type, nodes) }));
  return (input, violations) => {
    if (input === null) return null;
    if (!isObject(input)) throw new Error(`A subgraph returned no object for ${type.name}`);
    const typename = input["__typename"];
    if (
      typename !== undefined &&
      typename !== type.name &&
      !isCompositeType(around.schema.getType(typeof typename === "string" ? typename : ""))
    ) {
      violations.push({ message: `An object of ${type.name} has an unknown __typename` });
      return NULLED;
    }
    const output: Data = {};
    for (const { key, complete } of fields) {
      const value = complete(input[key] ?? null, violations);
      if (value === INVALID) return NULLED;
      output[key] = value === NULLED ? null : value;
    }
    return output;
  };
};

const fieldOf = (around: Around, parent: GraphQLObjectType, nodes: readonly FieldNode[]): Complete => {
  const name = nodes[0]!.name.value;
  if (name === "__typename") return () => parent.name;
  const definition = parent.getFields()[name];
  if (!definition) throw new Unsupported(`the field ${name}`);
  return completeOf(
    around,
    definition.type,
    nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : [])),
    `${parent.name}.${name}`,
  );
};

/** The fields of an object by the name in the answer, fragments spread; the same name selected twice is one field with both selections. */
const fieldsOf = (
  { schema, fragments }: Around,
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
): Map<string, FieldNode[]> => {
  const fields = new Map<string, FieldNode[]>();
  const collect = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (node.directives?.length) throw new Unsupported("directives");
      if (node.kind === Kind.FIELD) {
        const key = plainKey(node.alias?.value ?? node.name.value);
        fields.set(key, [...(fields.get(key) ?? []), node]);
        continue;
      }
      const { typeCondition, selectionSet } = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]!;
      if (!typeCondition || appliesTo(schema, typeCondition.name.value, type)) collect(selectionSet);
    }
  };
  selections.forEach(collect);
  return fields;
};

const appliesTo = (schema: GraphQLSchema, condition: string, type: GraphQLObjectType): boolean => {
  const wanted = schema.getType(condition);
  if (!isCompositeType(wanted)) throw new Unsupported(`a condition on ${condition}`);
  return wanted === type || (!isObjectType(wanted) && schema.isSubType(wanted, type));
};

const leafOf = (type: GraphQLLeafType, place: string): Complete => {
  const isValid = validatorOf(type);
  return (input, violations) => {
    if (input === null || isValid(input)) return input;
    violations.push({ message: `An invalid value for ${place}` });
    return NULLED;
  };
};

const validatorOf = (type: GraphQLLeafType): ((value: unknown) => boolean) => {
  if (isEnumType(type)) return (value) => typeof value === "string" && type.getValue(value) !== undefined;
  if (!isSpecifiedScalarType(type)) return () => true;
  if (type.name === "Boolean") return (value) => typeof value === "boolean";
  if (type.name === "Int") return Number.isInteger;
  if (type.name === "Float") return (value) => typeof value === "number";
  if (type.name === "ID") return (value) => typeof value === "string" || Number.isInteger(value);
  return (value) => typeof value === "string";
};
