import { Kind, parse, type ConstDirectiveNode, type ConstValueNode } from "graphql";
import { localDirectiveName } from "./securityLinks.js";

/** What a field or type demands: at least one of the groups, every scope of it. Several requirements must all be met. */
export interface Requirement {
  anyOf: readonly (readonly string[])[];
}

/** Requirements by `Type` and by `Type.field`, as the supergraph has them. */
export type Requirements = ReadonlyMap<string, readonly Requirement[]>;

/** The scope that everyone with a valid token holds. */
const AUTHENTICATED: Requirement = { anyOf: [["authenticated"]] };

/** Reads @requiresScopes and @authenticated of the original supergraph, under whatever name it links them. Throws when one cannot be read. */
export const readRequirements = (supergraphSdl: string): Requirements => {
  const document = parse(supergraphSdl, { noLocation: true });
  const [scopes, authenticated] = [localDirectiveName(document, "requiresScopes"), localDirectiveName(document, "authenticated")];
  const found = new Map<string, Requirement[]>();
  const add = (place: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) {
      const requirement =
        directive.name.value === scopes ? scopesOf(directive, place) : directive.name.value === authenticated ? AUTHENTICATED : undefined;
      if (requirement) found.set(place, [...(found.get(place) ?? []), requirement]);
    }
  };
  for (const definition of document.definitions) {
    if (!("name" in definition) || !definition.name || !("directives" in definition) || definition.kind === Kind.DIRECTIVE_DEFINITION)
      continue;
    add(definition.name.value, definition.directives as readonly ConstDirectiveNode[]);
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
      for (const field of definition.fields ?? []) add(`${definition.name.value}.${field.name.value}`, field.directives);
  }
  return found;
};

const scopesOf = (directive: ConstDirectiveNode, place: string): Requirement => {
  const groups = listOf(directive.arguments?.find((argument) => argument.name.value === "scopes")?.value)?.map((group) =>
    listOf(group)?.map((scope) => (scope.kind === Kind.STRING ? scope.value : undefined)),
  );
  const readable = groups?.every((group): group is string[] => group?.every((scope) => scope !== undefined) ?? false);
  if (!groups || !readable)
    throw new Error(`The supergraph's @requiresScopes on ${place} cannot be read: its scopes must be a list of lists of strings`);
  return { anyOf: groups as string[][] };
};

const listOf = (value: ConstValueNode | undefined): readonly ConstValueNode[] | undefined =>
  value?.kind === Kind.LIST ? value.values : undefined;

export const isMet = (requirement: Requirement, held: ReadonlySet<string>): boolean =>
  requirement.anyOf.some((group) => group.every((scope) => held.has(scope)));
