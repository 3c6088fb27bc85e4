import { expect, test } from "vitest";
import { CAFE_SCHEMAS } from "../testing/cafeSchemas.js";
import { composeSupergraph } from "./composeSupergraph.js";
import { CompositionRefused } from "./problems.js";

const LINK = (imports: string) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;
const refusal = (...sdls: string[]): string => {
  try {
    composeSupergraph(sdls.map((sdl, index) => ({ name: `s${index + 1}`, url: `http://s${index + 1}.invalid`, sdl })));
  } catch (error) {
    if (error instanceof CompositionRefused) return error.message;
    throw error;
  }
  throw new Error("It composed");
};

test("subgraphs that fit compose, with the guards still in the supergraph", () => {
  const { supergraphSdl, apiSdl } = composeSupergraph(CAFE_SCHEMAS);
  expect(supergraphSdl).toMatch(/cost: Money @requiresScopes\(scopes: \[\["staff"\]\]\)/);
  expect(apiSdl).toContain("type Customer {");
  expect(apiSdl).not.toMatch(/requiresScopes|join__/);
});

test("composing the same subgraphs twice gives the same text", () => {
  expect(composeSupergraph(CAFE_SCHEMAS)).toEqual(composeSupergraph(CAFE_SCHEMAS));
});

const ITEM = `${LINK(`"@key"`)} type Query { item: Item } type Item @key(fields: "id") { id: ID! price(currency: String): Int stock: Int }`;

test("@requires that passes arguments is refused, with the field and a cure", () => {
  const message = refusal(
    ITEM,
    `${LINK(`"@key", "@requires", "@external"`)} type Item @key(fields: "id") { id: ID! price(currency: String): Int @external dear: Boolean @requires(fields: "price(currency: \\"EUR\\")") }`,
  );
  expect(message).toContain("s2: Item.dear");
  expect(message).toContain('passes arguments to "price"');
  expect(message).toMatch(/cure: require a field of its own/);
});

test("@requires that passes arguments is found under another name and deeper in the field set as well", () => {
  const renamed = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", { name: "@requires", as: "@needs" }, "@external"])`;
  const owner = `${LINK(`"@key", "@shareable"`)} type Query { item: Item } type Item @key(fields: "id") { id: ID! shelf: Shelf } type Shelf @shareable { row(of: Int): Int }`;
  expect(
    refusal(
      owner,
      `${renamed} type Item @key(fields: "id") { id: ID! shelf: Shelf @external near: Boolean @needs(fields: "shelf { row(of: 1) }") } type Shelf { row(of: Int): Int @external }`,
    ),
  ).toContain('passes arguments to "row"');
});

test("keys that overlap are refused, within a subgraph and across two", () => {
  expect(refusal(`${LINK(`"@key"`)} type Query { a: A } type A @key(fields: "id") @key(fields: "id org") { id: ID! org: ID! }`)).toMatch(
    /s1: A\n.*its key "id org" overlaps with the key "id"/,
  );
  const across = refusal(
    `${LINK(`"@key"`)} type Query { a: A } type A @key(fields: "id org") { id: ID! org: ID! }`,
    `${LINK(`"@key"`)} type A @key(fields: "org sku") { org: ID! sku: ID! }`,
  );
  expect(across).toMatch(/s2: A\n.*its key "org sku" overlaps with the key "id org" of s1/);
});

test("the same key written twice, and keys that share nothing, are no overlap", () => {
  const composed = composeSupergraph([
    {
      name: "s1",
      url: "http://s1.invalid",
      sdl: `${LINK(`"@key"`)} type Query { a: A } type A @key(fields: "id org") @key(fields: "sku") { id: ID! org: ID! sku: ID! }`,
    },
    { name: "s2", url: "http://s2.invalid", sdl: `${LINK(`"@key"`)} type A @key(fields: " org  id ") { id: ID! org: ID! more: Int }` },
  ]);
  expect(composed.apiSdl).toContain("more: Int");
});

test("an @interfaceObject without a resolvable key is refused", () => {
  const owner = `${LINK(`"@key"`)} type Query { m: Media } interface Media @key(fields: "id") { id: ID! } type Book implements Media @key(fields: "id") { id: ID! }`;
  expect(
    refusal(
      owner,
      `${LINK(`"@key", "@interfaceObject"`)} type Media @interfaceObject @key(fields: "id", resolvable: false) { id: ID! stars: Int }`,
    ),
  ).toMatch(/s2: Media\n.*an @interfaceObject without a resolvable key/);
});

test("a directive that nobody enforces is refused wherever it stands, instead of leaving its field open", () => {
  expect(refusal(`${LINK(`"@policy"`)} type Query { secret: Int @policy(policies: [["a"]]) }`)).toMatch(
    /s1: Query.secret\n.*@policy is not enforced/,
  );
  expect(refusal(`directive @auth(role: String) on OBJECT  type Query { a: A } type A @auth(role: "staff") { id: ID }`)).toMatch(
    /s1: A\n.*@auth is not enforced/,
  );
  expect(refusal(`directive @mine on ARGUMENT_DEFINITION  type Query { a(b: Int @mine): Int }`)).toMatch(
    /s1: Query.a\n.*@mine is not enforced/,
  );
});

test("what does not compose is said with the subgraph, the reason and a cure", () => {
  const message = refusal(`type Query { a: Int }`, `type Query { a: String }`);
  expect(message).toMatch(/why: .*Query\.a/);
  expect(message).toContain("cure: make the subgraphs agree");
  expect(refusal(`type Query { a: Int`)).toMatch(/s1: its SDL\n.*Syntax Error/);
});

test("all problems are said at once", () => {
  const message = refusal(
    `${LINK(`"@key"`)} type Query { a: A } type A @key(fields: "id") @key(fields: "id org") { id: ID! org: ID! secret: Int @x }  directive @x on FIELD_DEFINITION`,
  );
  expect(message).toContain("2 problems");
});
