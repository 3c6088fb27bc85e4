import { Kind, parse, type ConstDirectiveNode, type DocumentNode } from "graphql";
import { stringArgument } from "../compose/definitions.js";

const ENFORCED = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes)\/v\d+\.\d+$/;

const linksOf = (supergraph: DocumentNode): ConstDirectiveNode[] =>
  supergraph.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).filter((directive) => directive.name.value === "link")
      : [],
  );

const purposeOf = (link: ConstDirectiveNode): string | undefined => {
  const value = link.arguments?.find((argument) => argument.name.value === "for")?.value;
  return value?.kind === Kind.ENUM ? value.value : undefined;
};

/** Addresses of specifications that the supergraph demands for security and that nobody here enforces. */
export const unenforceableLinks = (supergraphSdl: string): string[] =>
  linksOf(parse(supergraphSdl, { noLocation: true }))
    .filter((link) => purposeOf(link) === "SECURITY")
    .map((link) => stringArgument(link, "url") ?? "a link without an address")
    .filter((url) => !ENFORCED.test(url));

/**
 * The name under which a supergraph uses a security directive: a rename that was overlooked would leave its fields open. Null when the
 * supergraph does not link it. Throws when it is linked under a name that no directive of the supergraph has.
 */
export const localDirectiveName = (supergraph: DocumentNode, directive: "requiresScopes" | "authenticated"): string | null => {
  const link = linksOf(supergraph).find((each) => stringArgument(each, "url")?.startsWith(`https://specs.apollo.dev/${directive}/`));
  if (!link) return null;
  const imports = link.arguments?.find((argument) => argument.name.value === "import")?.value;
  const renamed = (imports?.kind === Kind.LIST ? imports.values : []).flatMap((each) =>
    each.kind === Kind.OBJECT
      ? each.fields.flatMap((field) =>
          field.name.value === "as" && field.value.kind === Kind.STRING ? [field.value.value.replace(/^@/, "")] : [],
        )
      : [],
  );
  const name = renamed[0] ?? stringArgument(link, "as") ?? directive;
  if (!supergraph.definitions.some((definition) => definition.kind === Kind.DIRECTIVE_DEFINITION && definition.name.value === name))
    throw new Error(`The supergraph links ${directive} but defines no @${name}: compose it again with npm run compose`);
  return name;
};

/**
 * @apollo/gateway does not start on a supergraph that demands @requiresScopes or @authenticated. Without the demand it starts and enforces
 * nothing: whoever calls this must enforce them (access/). Throws for a demand that is not known here.
 */
export const withoutSecurityDemand = (supergraphSdl: string): string => {
  const unknown = unenforceableLinks(supergraphSdl);
  if (unknown.length > 0)
    throw new Error(
      `The supergraph demands ${unknown.join(", ")}, which this gateway does not enforce: compose it again with npm run compose`,
    );
  return supergraphSdl.replace(
    /(@link\(url: "https:\/\/specs\.apollo\.dev\/(?:authenticated|requiresScopes)\/[^)]*?), for: SECURITY(?=[,)])/g,
    "$1",
  );
};
