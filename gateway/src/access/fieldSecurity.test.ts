import type { Role } from "@kava/contracts/identity";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

let at: AtTheCafe;
beforeAll(async () => {
  at = await openAtTheCafe();
});
afterAll(() => at?.close());

const WAYS: [string, string][] = [
  ["plainly", '{ item(id: "latte") { cost { amount } } }'],
  ["by an alias", '{ item(id: "latte") { name: cost { amount } } }'],
  ["by a named fragment", '{ item(id: "latte") { ...F } } fragment F on MenuItem { cost { amount } }'],
  [
    "by a fragment in a fragment",
    '{ item(id: "latte") { ...F } } fragment F on MenuItem { ...G } fragment G on MenuItem { cost { amount } }',
  ],
  ["by an inline fragment", '{ item(id: "latte") { ... { cost { amount } } } }'],
  ["by an interface", "{ sellable { cost { amount } } }"],
  ["by a union", "{ anything { ... on MenuItem { cost { amount } } } }"],
  ["by an interface's fragment on a union", "{ anything { ... on Sellable { cost { amount } } } }"],
  ["through an entity of another subgraph", "{ popular { item { cost { amount } } } }"],
  ["behind a directive", 'query($yes: Boolean = true) { item(id: "latte") { cost @include(if: $yes) { amount } } }'],
  ["behind a directive that leaves it out", '{ item(id: "latte") { cost @skip(if: true) { amount } } }'],
  ["beside what is allowed", '{ menu { name } item(id: "latte") { cost { amount } } }'],
];
const STRANGERS: [string, Role, string[]][] = [
  ["customers", "customer", []],
  ["partners", "partner", ["purchases:write"]],
];

test.each(STRANGERS.flatMap(([who, role, scopes]) => WAYS.map(([way, query]) => [who, way, role, scopes, query] as const)))(
  "%s cannot read a cost %s: the operation is refused and names the field",
  async (_who, _way, role, scopes, query) => {
    const asked = at.cafe.received["menu"]!.length;
    const answer = await at.ask(query, { token: await at.token({ role, scopes }) });
    expect(answer.status).toBe(403);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringMatching(/^(MenuItem|Sellable)\.cost needs the scope staff/),
        extensions: { code: "FORBIDDEN", field: expect.stringMatching(/\.cost$/) },
      },
    ]);
    expect(at.cafe.received["menu"]).toHaveLength(asked);
  },
);

test("a stranger without a token cannot read a cost", async () => {
  expect((await at.ask(WAYS[0]![1])).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
});

test.each(WAYS.filter(([way]) => !way.includes("leaves it out")))("staff read a cost %s", async (_way, query) => {
  const { text, errors } = await at.ask(query, { token: await at.token({ role: "staff" }) });
  expect(errors).toBeUndefined();
  expect(text).toContain("1.20");
});

test("a guarded type is guarded wherever it is reached, and one of several scopes is enough", async () => {
  const query = '{ item(id: "latte") { supplier { name } } }';
  expect((await at.ask(query, { token: await at.token({ role: "staff" }) })).errors).toMatchObject([{ extensions: { field: "Supplier" } }]);
  for (const role of ["marketer", "admin"] as const)
    expect((await at.ask(query, { token: await at.token({ role }) })).data).toEqual({ item: { supplier: { name: "Farm" } } });
});

test("@authenticated asks for any valid token", async () => {
  expect((await at.ask("{ me { id } }")).errors).toMatchObject([
    { message: expect.stringContaining("signed-in"), extensions: { code: "FORBIDDEN" } },
  ]);
  expect((await at.ask("{ me { id } }", { token: await at.token({}) })).errors).toBeUndefined();
});

test("a mutation that a partner was not granted does not reach its subgraph; one that it was does", async () => {
  const query = 'mutation { recordPurchase(customerId: "1") { id } }';
  const before = at.cafe.received["customer"]!.length;
  expect((await at.ask(query, { token: await at.token({ role: "partner" }) })).errors).toMatchObject([
    { extensions: { code: "FORBIDDEN" } },
  ]);
  expect(at.cafe.received["customer"]).toHaveLength(before);
  expect((await at.ask(query, { token: await at.token({ role: "partner", scopes: ["purchases:write"] }) })).data).toEqual({
    recordPurchase: { id: "p2" },
  });
});

test("strangers and customers cannot read the schema, staff can", async () => {
  const query = "{ __schema { types { name } } }";
  for (const token of [undefined, await at.token({})])
    expect((await at.ask(query, token ? { token } : {})).errors).toMatchObject([{ extensions: { code: "INTROSPECTION_DISABLED" } }]);
  expect((await at.ask('{ a: __type(name: "Query") { name } }')).errors).toMatchObject([
    { extensions: { code: "INTROSPECTION_DISABLED" } },
  ]);
  expect((await at.ask(query, { token: await at.token({ role: "admin" }) })).text).toContain('"MenuItem"');
});

test("__typename stays free", async () => {
  expect((await at.ask("{ __typename menu { __typename } }")).data).toEqual({
    __typename: "Query",
    menu: [{ __typename: "MenuItem" }, { __typename: "MenuItem" }],
  });
});
