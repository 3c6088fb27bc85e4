import { derivedId } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TENANT, startCustomer, type CustomerService } from "./testing/startCustomer.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const PURCHASES = 23;
const ann = derivedId(TENANT, "customer", "ann");
const ben = derivedId(TENANT, "customer", "ben");
let service: CustomerService;

/** Four months; every third purchase is at the same moment as the one before. */
const momentOf = (index: number): string => new Date(Date.UTC(2026, 7 + (index % 4), 1 + (index - (index % 3)), 8)).toISOString();

beforeAll(async () => {
  service = await startCustomer(NOW);
  await until("the menu is known", async () => (await service.count("item_view")) === 3);
  await service.load(
    "customers",
    [ann, ben].map((id, index) => ({ id, externalId: `c${index}`, displayName: `Customer ${index}`, joinedAt: "2026-01-01T00:00:00Z" })),
  );
  const record = (customerId: string, index: number) =>
    service.ask("mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }", {
      input: {
        customerId,
        idempotencyKey: `${customerId}-${index}`,
        at: momentOf(index),
        lines: [{ itemId: service.items.coffee, quantity: 1 + index }],
      },
    });
  for (let index = 0; index < PURCHASES; index++) await record(ann, index);
  await record(ben, 0);
});
afterAll(() => service?.close());

interface Page {
  totalCount: number;
  edges: { node: { id: string; at: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}
const QUERY = `query ($id: ID!, $first: Int, $after: String) { customer(id: $id) { purchases(first: $first, after: $after) {
  totalCount edges { node { id at } } pageInfo { hasNextPage endCursor } } } }`;
const page = async (first: number, after: string | null): Promise<Page> =>
  ((await service.ask(QUERY, { id: ann, first, after })).data as Record<string, { purchases: Page }>)["customer"]!.purchases;

test("pages of purchases hold every one once, the newest first, over months and equal moments", async () => {
  const all = await page(100, null);
  const moments = all.edges.map(({ node }) => node.at);
  expect(all.totalCount).toBe(PURCHASES);
  expect(moments).toEqual(moments.toSorted().reverse());
  for (const size of [1, 4, 7, 22, 23]) {
    const paged: string[] = [];
    for (let after: string | null = null; ;) {
      const found: Page = await page(size, after);
      paged.push(...found.edges.map(({ node }) => node.id));
      if (!found.pageInfo.hasNextPage) break;
      after = found.pageInfo.endCursor;
    }
    expect(paged).toEqual(all.edges.map(({ node }) => node.id));
  }
});

test("a list of customers shows each with their own purchases", async () => {
  const { data } = await service.ask(
    "{ customers { edges { node { id purchases(first: 2) { edges { node { id } } pageInfo { hasNextPage } } } } } }",
  );
  const nodes = (data as Record<string, { edges: { node: { id: string; purchases: Page } }[] }>)["customers"]!.edges.map(
    ({ node }) => node,
  );
  const of = (id: string): Page => nodes.find((node) => node.id === id)!.purchases;
  expect([of(ann).edges.length, of(ann).pageInfo.hasNextPage]).toEqual([2, true]);
  expect([of(ben).edges.length, of(ben).pageInfo.hasNextPage]).toEqual([1, false]);
});

test.each([
  ["no cursor at all", "###"],
  ["a cursor of another list", Buffer.from('[1,"x",2]').toString("base64url")],
  ["a cursor that was tampered with", Buffer.from('[9e99,"x"]').toString("base64url")],
])("%s is refused clearly", async (_name, after) => {
  expect((await service.ask(QUERY, { id: ann, first: 2, after })).errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
});
