import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

let at: AtTheCafe;
let token: string;
beforeAll(async () => {
  at = await openAtTheCafe({ subgraphTimeoutMs: 3_000 });
  token = await at.token({});
});
afterEach(() => {
  at.cafe.beforeAnswer = {};
});
afterAll(() => at?.close());

const VISIT = `query($id: ID!) { customer(id: $id) { segment { name } recommendedItems(first: 1) { score item { name price { amount } personalPrice { amount } } } offer { depth } } }`;
const visit = () => at.ask(VISIT, { token, variables: { id: ANNA } });
const whole = {
  segment: { name: "Regulars" },
  recommendedItems: [{ score: 0.9, item: { name: "Item latte", price: { amount: "4.50" }, personalPrice: { amount: "3.60" } } }],
  offer: { depth: 20 },
};

test.each([
  ["menu", { customer: { ...whole, recommendedItems: [{ score: 0.9, item: null }] } }],
  ["analytics", { customer: { ...whole, recommendedItems: null } }],
  [
    "discount",
    {
      customer: {
        ...whole,
        recommendedItems: [{ score: 0.9, item: { name: "Item latte", price: { amount: "4.50" }, personalPrice: null } }],
        offer: null,
      },
    },
  ],
  ["customer", { customer: null }],
])("with %s stopped the visit holds what the others own, and says who is missing", async (name, data) => {
  await at.cafe.stop(name);
  const answer = await visit();
  await at.cafe.start(name);
  expect(answer.status).toBe(200);
  expect(answer.data).toEqual(data);
  expect(answer.errors).toContainEqual({ message: `${name} is not available right now`, extensions: { code: "SERVICE_UNAVAILABLE" } });
  expect((await visit()).data).toEqual({ customer: whole });
});

test("a subgraph that stands still is given up after the timeout", async () => {
  let release = (): void => undefined;
  at.cafe.beforeAnswer["analytics"] = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  const answer = await visit();
  release();
  expect(answer.data).toEqual({ customer: { ...whole, recommendedItems: null } });
  expect(answer.errors).toMatchObject([{ extensions: { code: "SERVICE_UNAVAILABLE" } }]);
});

test("a query whose connection is lost is sent once more", async () => {
  let lost = 0;
  at.cafe.beforeAnswer["menu"] = ({ destroy }) => {
    if ((lost += 1) === 1) destroy();
  };
  const answer = await at.ask("{ menu { name } }");
  expect(answer.errors).toBeUndefined();
  expect(lost).toBe(2);
});

test("a query whose connection is lost again is not sent a third time", async () => {
  let lost = 0;
  at.cafe.beforeAnswer["menu"] = ({ destroy }) => {
    lost += 1;
    destroy();
  };
  expect((await at.ask("{ menu { name } }")).errors).toMatchObject([{ extensions: { code: "SERVICE_UNAVAILABLE" } }]);
  expect(lost).toBe(2);
});

test("a mutation whose connection is lost is never sent again", async () => {
  let lost = 0;
  at.cafe.beforeAnswer["customer"] = ({ destroy }) => {
    lost += 1;
    destroy();
  };
  const answer = await at.ask('mutation { recordPurchase(customerId: "1") { id } }', { token: await at.token({ role: "staff" }) });
  expect(answer.errors).toMatchObject([{ extensions: { code: "SERVICE_UNAVAILABLE" } }]);
  expect(lost).toBe(1);
});

test("an error inside a subgraph reaches the client as a reference, and nothing else of it", async () => {
  const { data, errors, text } = await at.ask(`{ customer(id: "${ANNA}") { segment { name } broken } }`, {
    token,
    headers: { "x-request-id": "reference-77" },
  });
  expect(data).toEqual({ customer: { segment: { name: "Regulars" }, broken: null } });
  expect(errors).toEqual([
    {
      message: "Something went wrong on our side; the reference is reference-77",
      path: ["customer", "broken"],
      extensions: { code: "INTERNAL_SERVER_ERROR", reference: "reference-77" },
    },
  ]);
  expect(text).not.toMatch(/hunter2|serviceName|stacktrace|127\.0\.0\.1/);
});

test("an error that a subgraph wrote for the client keeps its message and code", async () => {
  const { errors } = await at.ask(`{ offerPushes(customerId: "somebody-else") { cursor } }`, { token });
  expect(errors).toEqual([{ message: "These pushes are another customer's", path: ["offerPushes"], extensions: { code: "FORBIDDEN" } }]);
});

test("a subgraph that breaks a promise of its schema is noticed, and the client hears nothing of our types", async () => {
  const { text } = await at.ask(`{ customer(id: "${ANNA}") { promised } }`, { token });
  expect(text).not.toMatch(/valueCompletion|non-nullable|Customer\.promised/);
});

test("the schema does not leak through suggestions", async () => {
  const answer = await at.ask("{ menus { name } }");
  expect(answer.status).toBe(400);
  expect(answer.errors).toMatchObject([
    { message: 'Cannot query field "menus" on type "Query".', extensions: { code: "GRAPHQL_VALIDATION_FAILED" } },
  ]);
});

test.each([
  ["a name that no operation has", "query A { menu { name } } query B { menu { id } }", "C", /no operation that is called "C".*A, B/],
  ["no name, with several operations", "query A { menu { name } } query B { menu { id } }", null, /operationName.*A, B/],
  ["a name, with an operation that has none", "{ menu { name } }", "A", /leave operationName out/],
])("an operation that cannot be told is refused with what would do: %s", async (_what, query, operationName, message) => {
  const response = await fetch(`${at.gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, operationName }),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    errors: [{ message: expect.stringMatching(message), extensions: { code: "OPERATION_RESOLUTION_FAILURE" } }],
  });
});
