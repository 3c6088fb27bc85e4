import { getIntrospectionQuery } from "graphql";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";
import { DEFAULT_LIMITS } from "./limits.js";

let at: AtTheCafe;
let token: string;
beforeAll(async () => {
  at = await openAtTheCafe({ rate: { viewer: 1_000, staff: 1_000, stranger: 1_000, registrations: 2 } });
  token = await at.token({});
});
afterAll(() => at?.close());

interface Errors {
  errors: { message: string; extensions?: Record<string, unknown> }[];
}
type Ask = (query: string, variables?: Record<string, unknown>, token?: string) => Promise<Errors>;

const overHttp: Ask = async (query, variables = {}, as = token) => {
  const { errors = [] } = await at.ask(query, { token: as, variables });
  return { errors };
};

const overWebSocket: Ask = async (query, variables = {}, as = token) => {
  const client = createClient({
    url: `${at.gateway.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${as}` },
    retryAttempts: 0,
  });
  const errors: Errors["errors"] = [];
  try {
    for await (const result of client.iterate({ query, variables })) errors.push(...(result.errors ?? []));
  } catch (error) {
    if (!Array.isArray(error)) throw error;
    errors.push(...(error as Errors["errors"]));
  }
  await client.dispose();
  return { errors };
};

const nested = (levels: number) => `{ customer(id: "${ANNA}") { ${"friends { ".repeat(levels)} id ${"} ".repeat(levels)} } }`;
/** Fragments that spread the next one twice: 2^n fields in a document of n lines. */
const bomb = (levels: number) =>
  `{ customer(id: "${ANNA}") { ...F0 } } ${Array.from({ length: levels }, (_, i) => `fragment F${i} on Customer { ...F${i + 1} ...F${i + 1} }`).join(" ")} fragment F${levels} on Customer { id }`;

const REFUSED: [what: string, query: string, code: string, variables?: Record<string, unknown>][] = [
  ["nests too deep", nested(20), "QUERY_TOO_DEEP"],
  [
    "nests too deep by fragments",
    `{ customer(id: "${ANNA}") { ...A } } fragment A on Customer { ${"friends { ".repeat(10)} ...B ${"} ".repeat(10)} } fragment B on Customer { ${"friends { ".repeat(10)} id ${"} ".repeat(10)} }`,
    "QUERY_TOO_DEEP",
  ],
  ["has too many aliases", `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: menu { name }`).join(" ")} }`, "TOO_MANY_ALIASES"],
  [
    "has too many aliases by fragments",
    `{ ...A ...A } fragment A on Query { ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(" ")} }`,
    "TOO_MANY_ALIASES",
  ],
  ["has too many directives", `{ menu { ${"name @include(if: true) ".repeat(31)} } }`, "TOO_MANY_DIRECTIVES"],
  ["multiplies by fragments", bomb(40), "QUERY_TOO_LARGE"],
  ["repeats a field", `{ menu { ${"name ".repeat(1_001)} } }`, "GRAPHQL_VALIDATION_FAILED"],
  [
    "could touch too many objects",
    "{ customers(first: 100) { edges { node { purchases(first: 100) { lines { item { name } } } } } } }",
    "QUERY_TOO_COSTLY",
  ],
  [
    "could touch too many objects by a variable",
    "query($n: Int) { customers(first: $n) { edges { node { purchases(first: $n) { lines { item { name } } } } } } }",
    "QUERY_TOO_COSTLY",
    { n: 100 },
  ],
  [
    "could touch too many objects by a variable's default",
    "query($n: Int = 100) { customers(first: $n) { edges { node { purchases(first: $n) { lines { item { name } } } } } } }",
    "QUERY_TOO_COSTLY",
  ],
  ["has too many tokens", `{ menu { ${"name ".repeat(2_001)} } }`, "GRAPHQL_PARSE_FAILED"],
  ["reads the schema", "{ __schema { types { fields { type { fields { name } } } } } }", "INTROSPECTION_DISABLED"],
  ["selects what is guarded", "{ menu { cost { amount } } }", "FORBIDDEN"],
  ["does not parse", "{ menu { name }", "GRAPHQL_PARSE_FAILED"],
  ["does not fit the schema", "{ menus { name } }", "GRAPHQL_VALIDATION_FAILED"],
];

describe.each([
  ["HTTP", overHttp],
  ["WebSocket", overWebSocket],
] as const)("over %s", (_transport, ask) => {
  test.each(REFUSED)("an operation that %s is refused, and no subgraph is asked", async (_what, query, code, variables) => {
    const asked = () => Object.values(at.cafe.received).reduce((sum, list) => sum + list.length, 0);
    const before = asked();
    const { errors } = await ask(query, variables);
    expect(errors).toMatchObject([{ message: expect.stringMatching(/\w{3}/), extensions: { code } }]);
    expect(asked()).toBe(before);
  });

  test("what stays within the limits is answered", async () => {
    expect((await ask(nested(3))).errors).toEqual([]);
    expect(
      (await ask('query($n: Int) { customer(id: "x") { purchases(first: $n) { lines { item { name } } } } }', { n: 50 })).errors,
    ).toEqual([]);
  });

  test("staff may ask for the whole schema at once", async () => {
    expect((await ask(getIntrospectionQuery(), {}, await at.token({ role: "admin" }))).errors).toEqual([]);
  });
});

test("a query of two megabytes is refused over HTTP before anything reads it", async () => {
  const answer = await at.ask(`{ menu { name } } # ${"x".repeat(2 * 2 ** 20)}`, { token });
  expect(answer.status).toBe(413);
  expect(answer.errors).toMatchObject([
    { message: expect.stringContaining("100000 bytes"), extensions: { code: "BODY_TOO_LARGE", limit: DEFAULT_LIMITS.bodyBytes } },
  ]);
});

test("a message of two megabytes closes the socket", async () => {
  const socket = new WebSocket(`${at.gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  await new Promise((resolve) => socket.once("open", resolve));
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  socket.send(JSON.stringify({ type: "connection_init", payload: { padding: "x".repeat(2 * 2 ** 20) } }));
  expect(await closed).toBe(1009);
});

test("a batch of operations is refused", async () => {
  const response = await fetch(`${at.gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ query: "{ menu { name } }" }, { query: "{ menu { name } }" }]),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(/batching/i);
});

test("a mutation by GET is refused, and a query by GET without the preflight header", async () => {
  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${at.gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers });
  const before = at.cafe.received["customer"]!.length;
  expect((await get('mutation { registerCustomer(email: "a@b.c") { id } }', { "apollo-require-preflight": "true" })).status).toBe(405);
  expect((await get("{ menu { name } }")).status).toBe(400);
  expect((await get("{ menu { name } }", { "apollo-require-preflight": "true" })).status).toBe(200);
  expect(at.cafe.received["customer"]).toHaveLength(before);
});

test.each([
  ["application/x-www-form-urlencoded", "query=%7Bmenu%7Bname%7D%7D"],
  ["text/plain", JSON.stringify({ query: "{ menu { name } }" })],
])("a body of %s, which a foreign page could send without asking, is refused", async (type, body) => {
  const before = at.cafe.received["menu"]!.length;
  const response = await fetch(`${at.gateway.url}/graphql`, { method: "POST", headers: { "content-type": type }, body });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(at.cafe.received["menu"]).toHaveLength(before);
});

test("a body that is no JSON is a clear 400", async () => {
  const response = await fetch(`${at.gateway.url}/graphql`, { method: "POST", headers: { "content-type": "application/json" }, body: "{" });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
});

test("registrations from one address are counted more strictly, also when aliases put several in one operation", async () => {
  const register = (count: number) =>
    at.ask(`mutation { ${Array.from({ length: count }, (_, i) => `r${i}: registerCustomer(email: "a${i}@b.c") { id }`).join(" ")} }`);
  expect((await register(3)).errors).toMatchObject([{ extensions: { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) } }]);
});

describe("with few operations a minute allowed", () => {
  let few: AtTheCafe;
  beforeAll(async () => {
    few = await openAtTheCafe({ rate: { viewer: 3, staff: 3, stranger: 3, registrations: 1 } });
  });
  afterAll(() => few?.close());

  test("a viewer who asks too often waits, and others do not", async () => {
    const [anna, staff] = [await few.token({}), await few.token({ role: "staff" })];
    for (let i = 0; i < 3; i += 1) expect((await few.ask("{ menu { name } }", { token: anna })).status).toBe(200);
    const answer = await few.ask("{ menu { name } }", { token: anna });
    expect(answer.status).toBe(429);
    expect(answer.errors).toMatchObject([{ message: expect.stringContaining("wait"), extensions: { code: "RATE_LIMITED" } }]);
    expect((await few.ask("{ menu { name } }", { token: staff })).status).toBe(200);
  });

  test("guessing tokens is counted like being a stranger", async () => {
    for (let i = 0; i < 3; i += 1) expect((await few.ask("{ menu { name } }", { token: `guess${i}` })).status).toBe(401);
    expect((await few.ask("{ menu { name } }", { token: "guess" })).status).toBe(429);
  });
});
