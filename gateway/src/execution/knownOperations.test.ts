import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";
import { KnownOperations } from "./knownOperations.js";

let at: AtTheCafe;
let tokens: Record<"anna" | "staff", string>;
const answered = vi.spyOn(KnownOperations.prototype, "answer");
beforeAll(async () => {
  at = await openAtTheCafe({ introspection: true });
  tokens = { anna: await at.token({}), staff: await at.token({ role: "staff" }) };
});
beforeEach(() => void answered.mockClear());
afterAll(() => at?.close());

interface Asked {
  /** `anna` unless told. */
  as?: "anna" | "staff";
  headers?: Record<string, string>;
  query: string;
  operationName?: unknown;
  variables?: unknown;
  extensions?: unknown;
}

/** What goes over the wire: the status, the headers without the date, the body to the byte. */
const send = async ({ as = "anna", headers = {}, ...body }: Asked) => {
  const response = await fetch(`${at.gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": "reference-1", authorization: `Bearer ${tokens[as]}`, ...headers },
    body: JSON.stringify(body),
  });
  const { date: _date, ...others } = Object.fromEntries(response.headers);
  return { status: response.status, headers: others, text: await response.text() };
};

let texts = 0;
/** The same request in a text that nobody sent before: Apollo Server answers it. */
const sendAsNew = ({ query, ...rest }: Asked) => send({ query: `${query} #${(texts += 1)}`, ...rest });

/** Sends a request as a new and as a known operation, after another one has made it known. */
const compare = async (first: Asked, then: Asked) => {
  await send(first);
  answered.mockClear();
  const [asNew, newRuns] = [await sendAsNew(then), answered.mock.calls.length];
  const asKnown = await send(then);
  return { asNew, asKnown, runs: [newRuns, answered.mock.calls.length] };
};

const VISIT = `query Visit($id: ID!) { customer(id: $id) { displayName recommendedItems(first: 2) { score item { name personalPrice(customerId: $id) { amount } } } offer { item { name } } } }`;
const TWO = "query A { menu { name } } query B { menu { price { amount } } }";
const PAGES = "query($n: Int) { customers(first: $n) { edges { node { purchases(first: $n) { lines { item { name } } } } } } }";
const visit = { query: VISIT, variables: { id: ANNA } };

const KNOWN: [what: string, first: Asked, then: Asked, status: number, text: string][] = [
  ["an answer", visit, visit, 200, '"displayName"'],
  ["an answer to a named operation of several", { query: TWO, operationName: "B" }, { query: TWO, operationName: "B" }, 200, '"4.50"'],
  ["null where another customer was asked for", visit, { ...visit, as: "anna", variables: { id: "x" } }, 200, '{"data":{"customer":null}}'],
  ["a missing variable", visit, { query: VISIT }, 400, "BAD_USER_INPUT"],
  ["variables that are null", visit, { query: VISIT, variables: null }, 400, "BAD_USER_INPUT"],
  ["a variable of a wrong kind", visit, { query: VISIT, variables: { id: { nested: true } } }, 400, "BAD_USER_INPUT"],
  [
    "a field that this viewer may not see",
    { query: "{ menu { cost { amount } } }", as: "staff" },
    { query: "{ menu { cost { amount } } }" },
    403,
    '"field":"MenuItem.cost"',
  ],
  [
    "a page that is too costly",
    { query: PAGES, as: "staff", variables: { n: 1 } },
    { query: PAGES, as: "staff", variables: { n: 100 } },
    400,
    "QUERY_TOO_COSTLY",
  ],
  [
    "an error inside a subgraph",
    { query: `{ customer(id: "${ANNA}") { id broken } }` },
    { query: `{ customer(id: "${ANNA}") { id broken } }` },
    200,
    "the reference is reference-1",
  ],
  [
    "an error in a field that may not be null",
    { query: `{ me { id promised } }` },
    { query: `{ me { id promised } }` },
    200,
    '"data":{"me":null}',
  ],
  [
    "extensions that a client adds for itself",
    visit,
    { ...visit, extensions: { clientLibrary: { name: "a client" } } },
    200,
    '"displayName"',
  ],
  [
    "application/graphql-response+json",
    { ...visit, headers: { accept: "application/graphql-response+json,application/json;q=0.9" } },
    { query: VISIT, headers: { accept: "application/graphql-response+json,application/json;q=0.9" } },
    400,
    "BAD_USER_INPUT",
  ],
  [
    "a content type with its charset",
    visit,
    { ...visit, headers: { "content-type": "application/json; charset=utf-8" } },
    200,
    '"displayName"',
  ],
];

test.each(KNOWN)("a known operation is answered to the byte as a new one: %s", async (_what, first, then, status, text) => {
  const { asNew, asKnown, runs } = await compare(first, then);
  expect(asKnown).toEqual(asNew);
  expect(asKnown).toMatchObject({ status, text: expect.stringContaining(text) });
  expect(runs).toEqual([0, 1]);
});

test.each(["customer", "menu", "analytics", "discount"])("so it is while %s is down", async (name) => {
  await send(visit);
  await at.cafe.stop(name);
  const { asNew, asKnown, runs } = await compare(visit, visit);
  await at.cafe.start(name);
  expect(asKnown).toEqual(asNew);
  expect(asKnown).toMatchObject({ status: 200, text: expect.stringContaining(`"${name} is not available right now"`) });
  expect(runs).toEqual([0, 1]);
});

const LEFT: [what: string, then: Asked][] = [
  ["a name that the document does not hold", { ...visit, operationName: "Other" }],
  ["an empty name", { ...visit, operationName: "" }],
  ["a name that is no text", { ...visit, operationName: 7 }],
  ["a batch of variables", { ...visit, variables: [{ id: ANNA }] }],
  ["variables as text", { ...visit, variables: JSON.stringify({ id: ANNA }) }],
  ["extensions that are no object", { ...visit, extensions: "none" }],
  ["a persisted query", { ...visit, extensions: { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } } }],
  ["an Accept header that nothing fits", { ...visit, headers: { accept: "text/html" } }],
  ["text/plain", { ...visit, headers: { "content-type": "text/plain" } }],
];

test.each(LEFT)("Apollo Server answers what is unusual, also of a known operation: %s", async (_what, then) => {
  const { asNew, asKnown, runs } = await compare(visit, then);
  expect(asKnown).toEqual(asNew);
  expect(asKnown.text).toContain('{"errors":[');
  expect(runs).toEqual([0, 0]);
});

test.each([
  'mutation { recordPurchase(customerId: "1") { id } }',
  "{ __schema { queryType { name } } }",
  "{ menu { name @include(if: true) } }",
])("what is not compiled is never known: %s", async (query) => {
  const { asNew, asKnown, runs } = await compare({ query, as: "staff" }, { query, as: "staff" });
  expect(asKnown).toEqual(asNew);
  expect(runs).toEqual([0, 0]);
});

/** What the gateway has counted of operations, without their times. */
const figures = async (): Promise<Map<string, number>> => {
  const text = await (await fetch(`${at.gateway.url}/metrics`)).text();
  const lines = text.matchAll(/^(kava_gateway_(?:operations|refusals|null_violations)_total\S*|kava_gateway_seconds_count\S*) (\d+)$/gm);
  return new Map([...lines].map(([, name, count]) => [name!, Number(count)]));
};
const counted = async (asked: () => Promise<unknown>): Promise<Record<string, number>> => {
  const before = await figures();
  await asked();
  return Object.fromEntries(
    [...(await figures())].flatMap(([name, count]) => (count === before.get(name) ? [] : [[name, count - (before.get(name) ?? 0)]])),
  );
};

test.each(KNOWN)("a known operation is counted as a new one: %s", async (_what, first, then) => {
  await send(first);
  const asNew = await counted(() => sendAsNew(then));
  expect(await counted(() => send(then))).toEqual(asNew);
  expect(Object.keys(asNew).length).toBeGreaterThan(0);
});
