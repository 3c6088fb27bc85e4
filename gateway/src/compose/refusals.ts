import { visit, Kind, type FieldNode } from "graphql";
import { booleanArgument, parseFieldSet, stringArgument, typesOf, type SubgraphSdl, type TypeInSubgraph } from "./definitions.js";
import { directiveNames } from "./directiveNames.js";
import type { Problem } from "./problems.js";

/**
 * Directives that this gateway gives their meaning. Any other is refused: composition drops what it does not know without a word, and a
 * field that its author believes guarded would be open.
 */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  "key",
  "shareable",
  "external",
  "requires",
  "provides",
  "inaccessible",
  "override",
  "tag",
  "extends",
  "interfaceObject",
  "requiresScopes",
  "authenticated",
  "deprecated",
  "specifiedBy",
  "oneOf",
]);

/** The constructs that compose but that @apollo/gateway answers wrongly without an error, or that nobody would enforce. */
export const refusedConstructs = (subgraphs: readonly SubgraphSdl[]): Problem[] => {
  const types = subgraphs.flatMap((subgraph) => {
    const named = directiveNames(subgraph);
    const rename = <T extends { name: { value: string } }>(directive: T): T => ({
      ...directive,
      name: { ...directive.name, value: named(directive.name.value) },
    });
    return typesOf(subgraph).map((type) => ({
      ...type,
      directives: type.directives.map(rename),
      fields: type.fields.map((field) => ({ ...field, directives: (field.directives ?? []).map(rename) })),
    }));
  });
  return [...unknownDirectives(types), ...requiresWithArguments(types), ...overlappingKeys(types), ...unresolvableInterfaceObjects(types)];
};

const unknownDirectives = (types: readonly TypeInSubgraph[]): Problem[] =>
  types.flatMap((type) => {
    const places = [
      ...type.directives.map((directive) => ({ where: type.name, directive })),
      ...type.fields.flatMap((field) =>
        [...(field.directives ?? []), ...(field.arguments ?? []).flatMap((argument) => argument.directives ?? [])].map((directive) => ({
          where: `${type.name}.${field.name.value}`,
          directive,
        })),
      ),
    ];
    return places
      .filter(({ directive }) => !UNDERSTOOD.has(directive.name.value))
      .map(({ where, directive }): Problem => ({
        subgraph: type.subgraph,
        where,
        why: `@${directive.name.value} is not enforced by this gateway, so what it guards would be open to everyone`,
        cure: "guard with @requiresScopes or @authenticated, or remove the directive",
      }));
  });

const requiresWithArguments = (types: readonly TypeInSubgraph[]): Problem[] =>
  types.flatMap((type) =>
    type.fields.flatMap((field) =>
      (field.directives ?? []).flatMap((directive): Problem[] => {
        const fields = directive.name.value === "requires" ? stringArgument(directive, "fields") : undefined;
        const withArguments = fields === undefined ? [] : fieldsWithArguments(fields);
        return withArguments.map((name) => ({
          subgraph: type.subgraph,
          where: `${type.name}.${field.name.value}`,
          why: `@requires(fields: "${fields}") passes arguments to "${name}", which the gateway drops: the resolver would get another field's value`,
          cure: `require a field of its own that needs no arguments instead of "${name}(…)"`,
        }));
      }),
    ),
  );

const fieldsWithArguments = (fieldSet: string): string[] => {
  const found: string[] = [];
  visit(parseFieldSet(fieldSet), {
    Field: (node: FieldNode) => {
      if (node.arguments?.length) found.push(node.name.value);
    },
  });
  return found;
};

/** Keys that share a field without being the same key: the planner may take one for the other and join the wrong rows. */
const overlappingKeys = (types: readonly TypeInSubgraph[]): Problem[] =>
  [...Map.groupBy(types, (type) => type.name).values()].flatMap((sameName) => {
    const keys = sameName.flatMap((type) => keysOf(type).map((key) => ({ ...key, subgraph: type.subgraph, type: type.name })));
    const distinct = [...new Map(keys.map((key) => [key.canonical, key])).values()];
    return distinct.flatMap((one, index) =>
      distinct
        .slice(index + 1)
        .filter((other) => other.top.some((field) => one.top.includes(field)))
        .map((other): Problem => ({
          subgraph: other.subgraph,
          where: other.type,
          why: `its key "${other.fields}" overlaps with the key "${one.fields}"${one.subgraph === other.subgraph ? "" : ` of ${one.subgraph}`}: the gateway joins such entities wrongly`,
          cure: "keep one of the keys, or keys that share no field",
        })),
    );
  });

const keysOf = (type: TypeInSubgraph) =>
  type.directives
    .filter((directive) => directive.name.value === "key")
    .map((directive) => {
      const fields = stringArgument(directive, "fields") ?? "";
      return { fields, resolvable: booleanArgument(directive, "resolvable") ?? true, ...shapeOf(fields) };
    });

/** The top fields of a key, and a text that is the same for keys that differ only in order and space. */
const shapeOf = (fieldSet: string): { top: string[]; canonical: string } => {
  const read = (selections: readonly unknown[]): string =>
    (selections as FieldNode[])
      .filter((node) => node.kind === Kind.FIELD)
      .map((node) => (node.selectionSet ? `${node.name.value}{${read(node.selectionSet.selections)}}` : node.name.value))
      .sort()
      .join(" ");
  const [operation] = parseFieldSet(fieldSet).definitions;
  const selections = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
  return { top: selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : [])), canonical: read(selections) };
};

const unresolvableInterfaceObjects = (types: readonly TypeInSubgraph[]): Problem[] =>
  types
    .filter(
      (type) =>
        type.directives.some((directive) => directive.name.value === "interfaceObject") && !keysOf(type).some((key) => key.resolvable),
    )
    .map((type) => ({
      subgraph: type.subgraph,
      where: type.name,
      why: "an @interfaceObject without a resolvable key cannot be joined: the gateway would answer null for its fields",
      cure: `give it a @key that ${type.subgraph} resolves (without resolvable: false)`,
    }));
