import { Kind, parse, type ConstDirectiveNode, type ConstValueNode } from "graphql";
import { stringArgument, type SubgraphSdl } from "./definitions.js";

/** Says which federation directive a name means in a subgraph: `@federation__key`, a renamed import and `@key` are all `key`. */
export const directiveNames = ({ sdl }: SubgraphSdl): ((written: string) => string) => {
  const renamed = new Map<string, string>();
  for (const definition of parse(sdl).definitions)
    if (definition.kind === Kind.SCHEMA_EXTENSION || definition.kind === Kind.SCHEMA_DEFINITION)
      for (const directive of definition.directives ?? []) if (directive.name.value === "link") readImports(directive, renamed);
  return (written) => renamed.get(written) ?? written.replace(/^federation__/, "");
};

const readImports = (link: ConstDirectiveNode, renamed: Map<string, string>): void => {
  const imports = link.arguments?.find((argument) => argument.name.value === "import")?.value;
  const prefix = stringArgument(link, "as");
  if (prefix && stringArgument(link, "url")?.includes("/federation/"))
    for (const name of ["key", "requires", "interfaceObject", "requiresScopes", "authenticated", "policy"])
      renamed.set(`${prefix}__${name}`, name);
  if (imports?.kind !== Kind.LIST) return;
  for (const each of imports.values) {
    if (each.kind !== Kind.OBJECT) continue;
    const part = (name: string): string | undefined => textOf(each.fields.find((field) => field.name.value === name)?.value);
    const [name, as] = [part("name"), part("as")];
    if (name?.startsWith("@") && as?.startsWith("@")) renamed.set(as.slice(1), name.slice(1));
  }
};

const textOf = (value: ConstValueNode | undefined): string | undefined => (value?.kind === Kind.STRING ? value.value : undefined);
