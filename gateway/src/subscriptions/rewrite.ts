import {
  Kind,
  OperationTypeNode,
  print,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  type VariableDefinitionNode,
} from "graphql";
import { Refusal } from "../errors/refusal.js";
import type { SubscriptionBinding } from "./binding.js";

/** A subscription as queries that the gateway executes like any other. */
export interface RewrittenSubscription {
  /** Under which name the payload stands in data. */
  responseKey: string;
  /** Payloads since `variables[afterVariable]`, at most `variables[firstVariable]`, with the client's selection. */
  page: string;
  /** The newest payload's cursor alone. */
  newest: string;
  /** Under which name a payload carries its cursor in both. */
  cursorKey: string;
  afterVariable: string;
  firstVariable: string;
  /** The client's variables that matter to the payload. */
  variables: readonly string[];
}

/** The one root field of a validated subscription, through fragments. Throws a Refusal when it carries a directive. */
export const rootFieldOf = (document: DocumentNode, operation: OperationDefinitionNode): FieldNode => {
  const fragments = fragmentsOf(document);
  const find = ({ selections }: SelectionSetNode): FieldNode[] =>
    selections.flatMap((node: SelectionNode) => {
      if (node.directives?.length)
        throw new Refusal("BAD_REQUEST", 400, "A subscription's own field takes no directives: put @skip and @include below it");
      if (node.kind === Kind.FIELD) return [node];
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments.get(node.name.value)?.selectionSet;
      return inner ? find(inner) : [];
    });
  const [field, ...more] = find(operation.selectionSet);
  if (!field || more.length > 0) throw new Refusal("BAD_REQUEST", 400, "A subscription selects exactly one field, once");
  return field;
};

/** Rewrites a validated subscription once: same selection, same response key, over the Query field that replays it. */
export const rewriteSubscription = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  binding: SubscriptionBinding,
): RewrittenSubscription => {
  const field = rootFieldOf(document, operation);
  const taken = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const [afterVariable, firstVariable] = [freeName("kavaAfter", taken), freeName("kavaFirst", taken)];
  const responseKey = field.alias?.value ?? field.name.value;
  const cursorKey = "kavaCursor";
  const cursor: FieldNode = { kind: Kind.FIELD, alias: nameNode(cursorKey), name: nameNode(binding.cursorField) };
  const given = (field.arguments ?? []).filter((argument) => argument.name.value !== "after");
  const listing = (args: readonly ArgumentNode[], selections: readonly SelectionNode[]): FieldNode => ({
    kind: Kind.FIELD,
    alias: nameNode(responseKey),
    name: nameNode(binding.query),
    arguments: args,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  });
  const paging = [argument("after", variable(afterVariable)), argument("first", variable(firstVariable))];
  const payload = field.selectionSet?.selections ?? [];
  const page = queryOf(
    operation,
    listing([...given, ...paging], [cursor, ...payload]),
    [...fragmentsUnder(document, payload).values()],
    [definition(afterVariable, "String"), definition(firstVariable, "Int")],
  );
  const newest = queryOf(operation, listing(given, [cursor]), [], []);
  return { responseKey, cursorKey, afterVariable, firstVariable, page: page.text, newest: newest.text, variables: page.variables };
};

const queryOf = (
  operation: OperationDefinitionNode,
  root: FieldNode,
  fragments: readonly FragmentDefinitionNode[],
  added: readonly VariableDefinitionNode[],
): { text: string; variables: string[] } => {
  const used = new Set<string>();
  const note = { Variable: ({ name }: { name: { value: string } }) => void used.add(name.value) };
  visit(root, note);
  for (const fragment of fragments) visit(fragment, note);
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable: each }) => used.has(each.name.value));
  const query: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    ...(operation.name ? { name: operation.name } : {}),
    variableDefinitions: [...definitions, ...added],
    selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
  };
  return {
    text: print({ kind: Kind.DOCUMENT, definitions: [query, ...fragments] }),
    variables: definitions.map((each) => each.variable.name.value).sort(),
  };
};

const fragmentsOf = (document: DocumentNode): Map<string, FragmentDefinitionNode> =>
  new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));

/** The fragments that a selection spreads, and those that they spread. */
const fragmentsUnder = (document: DocumentNode, selections: readonly SelectionNode[]): Map<string, FragmentDefinitionNode> => {
  const all = fragmentsOf(document);
  const found = new Map<string, FragmentDefinitionNode>();
  const read = (node: SelectionNode | FragmentDefinitionNode): void =>
    void visit(node, {
      FragmentSpread: ({ name }) => {
        const fragment = all.get(name.value);
        if (!fragment || found.has(name.value)) return;
        found.set(name.value, fragment);
        read(fragment);
      },
    });
  selections.forEach(read);
  return found;
};

const freeName = (wish: string, taken: ReadonlySet<string>): string => (taken.has(wish) ? freeName(`${wish}_`, taken) : wish);
const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const;
const variable = (name: string) => ({ kind: Kind.VARIABLE, name: nameNode(name) }) as const;
const argument = (name: string, value: ValueNode): ArgumentNode => ({ kind: Kind.ARGUMENT, name: nameNode(name), value });
const definition = (name: string, type: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: variable(name),
  type: { kind: Kind.NAMED_TYPE, name: nameNode(type) },
});
