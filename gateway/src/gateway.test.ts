import { afterAll, beforeAll, expect, test } from "vitest";
import { ANNA, BORIS, openAtTheCafe, type AtTheCafe } from "./testing/atTheCafe.js";

let at: AtTheCafe;
beforeAll(async () => {
  at = await openAtTheCafe();
});
afterAll(() => at?.close());

const VISIT = `query Visit($id: ID!) { customer(id: $id) { displayName segment { name }
  recommendedItems(first: 2) { score because item { name price { amount currency } personalPrice(customerId: $id) { amount currency depth } } }
  offer { id depth item { name } } } }`;

test("one query answers a visit from four subgraphs", async () => {
  const { status, data, errors } = await at.ask(VISIT, { token: await at.token({}), variables: { id: ANNA } });
  expect(errors).toBeUndefined();
  expect(status).toBe(200);
  expect(data).toEqual({
    customer: {
      displayName: "Customer 0193a1f0",
      segment: { name: "Regulars" },
      recommendedItems: ["latte", "mocha"].map((id) => ({
        score: 0.9,
        because: "often bought",
        item: {
          name: `Item ${id}`,
          price: { amount: "4.50", currency: "EUR" },
          personalPrice: { amount: "3.60", currency: "EUR", depth: 20 },
        },
      })),
      offer: { id: "o1", depth: 20, item: { name: "Item latte" } },
    },
  });
});

test("a customer sees nobody else", async () => {
  expect((await at.ask(VISIT, { token: await at.token({}), variables: { id: BORIS } })).data).toEqual({ customer: null });
});
