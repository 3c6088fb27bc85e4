import {
  Kind,
  OperationTypeNode,
  getNullableType,
  isListType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { typeBelow, visitLevel, type OperationSource } from "./fragments.js";

/** The cost of an operation with these variables. */
export type Cost = (variables: Readonly<Record<string, unknown>>) => number;

/** Objects assumed in a list that says nothing of its length. */
const ASSUMED_LENGTH = 10;
/** A mutation's own cost: it writes, and its events make work elsewhere. */
const MUTATION_COST = 20;

interface Part {
  own: number;
  times: Cost;
  below: (fragments: Map<string, number>, variables: Readonly<Record<string, unknown>>) => number;
}

/**
 * An operation's cost: the objects that it could touch. A field that yields an object costs 1 and what is below it; a list that takes
 * `first` is as long as that argument says (by value, by variable or by the schema's default), another list is assumed to hold 10, and a
 * connection's `edges` are as long as the connection. Introspection costs nothing here: it is for staff, and its depth is limited.
 */
export const costOf = (source: OperationSource, operation: OperationDefinitionNode, root: GraphQLCompositeType): Cost => {
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [variable.name.value, numberOf(defaultValue)]),
  );
  const fragments = new Map<string, (memo: Map<string, number>, variables: Readonly<Record<string, unknown>>) => number>();
  const compile = (selections: SelectionSetNode, parent: GraphQLCompositeType): Part["below"] => {
    const parts: Part[] = [];
    const inner: Part["below"][] = [];
    visitLevel(source, selections, parent, {
      directives: () => undefined,
      field: (node, definition) => {
        const below = typeBelow(definition);
        if (!below || definition.name.startsWith("__") || !node.selectionSet) return;
        const own = operation.operation === OperationTypeNode.MUTATION && parent === root ? MUTATION_COST : 1;
        parts.push({ own, times: lengthOf(node, definition, parent, defaults), below: compile(node.selectionSet, below) });
      },
      inline: (nested, type) => void inner.push(compile(nested, type)),
      spread: (fragment, type) => {
        const name = fragment.name.value;
        if (!fragments.has(name)) fragments.set(name, compile(fragment.selectionSet, type));
        inner.push((memo, variables) => {
          const known = memo.get(name);
          if (known !== undefined) return known;
          const cost = fragments.get(name)!(memo, variables);
          memo.set(name, cost);
          return cost;
        });
      },
    });
    return (memo, variables) =>
      parts.reduce((sum, part) => sum + part.times(variables) * (part.own + part.below(memo, variables)), 0) +
      inner.reduce((sum, part) => sum + part(memo, variables), 0);
  };
  const total = compile(operation.selectionSet, root);
  return (variables) => total(new Map(), variables);
};

const lengthOf = (
  node: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  parent: GraphQLCompositeType,
  defaults: Record<string, number | undefined>,
): Cost => {
  const first = definition.args.find((argument) => argument.name === "first");
  if (!first) {
    const isList = isListType(getNullableType(definition.type));
    const length = isList && !parent.name.endsWith("Connection") ? ASSUMED_LENGTH : 1;
    return () => length;
  }
  const given = node.arguments?.find((argument) => argument.name.value === "first")?.value;
  const fallback = typeof first.defaultValue === "number" ? first.defaultValue : ASSUMED_LENGTH;
  if (given?.kind !== Kind.VARIABLE) {
    const length = atLeastOne(numberOf(given) ?? fallback);
    return () => length;
  }
  const name = given.name.value;
  return (variables) => atLeastOne(typeof variables[name] === "number" ? variables[name] : (defaults[name] ?? fallback));
};

const numberOf = (value: ValueNode | undefined): number | undefined =>
  value?.kind === Kind.INT || value?.kind === Kind.FLOAT ? Number(value.value) : undefined;
const atLeastOne = (length: number): number => Math.max(1, length);
