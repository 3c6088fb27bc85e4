import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FACTS, TestAnalytics, itemPriced, purchaseRecorded, purchaseRow } from "./testing/analytics.js";

const tenantId = tenantIdOf("analytics-service");
const item = (name: string) => derivedId(tenantId, "item", name);
const customer = (name: string) => derivedId(tenantId, "customer", name);
const MENU = ["espresso", "croissant", "latte", "brownie", "filter", "tea", "bagel", "cookie"];
let analytics: TestAnalytics;

interface Answer { _entities: ({ recommendedItems: { itemId: string; score: number; because: string; item: { id: string } }[] | null } | null)[] }
const recommended = async (name: string, first = 5, identity: Parameters<TestAnalytics["ask"]>[1] = { tenantId }, headers = {}) =>
  analytics.ask<Answer>(`{ _entities(representations: [{ __typename: "Customer", id: "${customer(name)}" }]) { ... on Customer { recommendedItems(first: ${first}) { itemId score because item { id } } } } }`, identity, headers);
const listOf = async (name: string, first = 5) => (await recommended(name, first)).data._entities[0]!.recommendedItems!;

beforeAll(async () => {
  analytics = await TestAnalytics.start();
  await analytics.hear("tenant.configured", tenantId, FACTS);
  for (const name of MENU) await analytics.hear("menu.item.priced", tenantId, itemPriced(item(name), name, { category: name === "tea" ? "tea" : "drinks" }));
  await analytics.load("customers", tenantId, ["ann", "bob", "cem", "newcomer", "tea-lover"].map((name) => ({
    id: customer(name), externalId: name, displayName: name, joinedAt: "2026-01-01T00:00:00Z", tastes: name === "tea-lover" ? ["Tea"] : [],
  })));
  const rows = [...Array(60).keys()].map((i) => {
    const who = ["ann", "bob", "cem"][i % 3]!;
    return purchaseRow(tenantId, `h${i}`, customer(who), new Date(Date.UTC(2026, 5, 1 + (i % 28), 9)).toISOString(),
      who === "ann" ? [item("espresso"), item("croissant")] : who === "bob" ? [item("espresso"), item(i % 2 ? "croissant" : "latte")] : [item("tea"), item(MENU[i % MENU.length]!)].filter((id, at, all) => all.indexOf(id) === at));
  });
  expect(await analytics.load("purchases", tenantId, rows)).toEqual({ added: 60, known: 0, rejected: [] });
  expect(await analytics.load("purchases", tenantId, rows)).toMatchObject({ added: 0, known: 60 });
  await analytics.finish(tenantId);
});
afterAll(() => analytics?.remove());

test("it is ready when the database and ClickHouse answer", async () => {
  expect(await analytics.request("GET", "/health/ready")).toEqual({ status: "ready" });
});

test("a customer's own favourite comes first, with the reason, and each language has its words", async () => {
  const [first] = await listOf("ann");
  expect(first).toMatchObject({ because: "One of your favourites", item: { id: first!.itemId } });
  expect([item("espresso"), item("croissant")]).toContain(first!.itemId);
  const ukrainian = (await recommended("ann", 1, { tenantId }, { "accept-language": "uk" })).data._entities[0]!.recommendedItems!;
  expect(ukrainian[0]!.because).toBe("Одне з ваших улюблених");
});
