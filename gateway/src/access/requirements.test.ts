import { expect, test } from "vitest";
import { composeSupergraph } from "../compose/composeSupergraph.js";
import { readRequirements } from "./requirements.js";
import { withoutSecurityDemand } from "./securityLinks.js";

const compose = (imports: string, field: string) =>
  composeSupergraph([
    {
      name: "a",
      url: "http://a.invalid",
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}]) type Query { secret: Int ${field} }`,
    },
  ]).supergraphSdl;

test("requirements are read as groups of scopes, one group of which must be held", () => {
  const requirements = readRequirements(compose('"@requiresScopes"', '@requiresScopes(scopes: [["a", "b"], ["c"]])'));
  expect(requirements.get("Query.secret")).toEqual([{ anyOf: [["a", "b"], ["c"]] }]);
});

test("a security directive that a subgraph imports under another name is still found", () => {
  expect(readRequirements(compose('{ name: "@requiresScopes", as: "@needs" }', '@needs(scopes: [["staff"]])')).get("Query.secret")).toEqual(
    [{ anyOf: [["staff"]] }],
  );
});

test("a supergraph that demands what nobody enforces is not served", () => {
  const sdl = compose('"@requiresScopes"', '@requiresScopes(scopes: [["a"]])').replaceAll("requiresScopes", "policy");
  expect(() => withoutSecurityDemand(sdl)).toThrow(/demands https:\/\/specs.apollo.dev\/policy\/v0.1, which this gateway does not enforce/);
});
