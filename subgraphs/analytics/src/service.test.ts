import { readFile } from "node:fs/promises";
import { associationRules } from "@kava/algorithms/preference/associationRules";
import { mineItemsets } from "@kava/algorithms/preference/mineItemsets";
import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import type { LoadResult } from "@kava/contracts/loading";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSchema } from "./graphql/schema.js";
import { FACTS, TestAnalytics, itemPriced, purchaseRecorded, purchaseRow } from "./testing/analytics.js";

const tenantId = tenantIdOf("analytics-service");
const item = (name: string) => derivedId(tenantId, "item", name);
const customer = (name: string) => derivedId(tenantId, "customer", name);
const MENU = ["espresso", "croissant", "latte", "brownie", "filter", "tea", "bagel", "cookie"];
let analytics: TestAnalytics;

interface Answer {
  _entities: ({ recommendedItems: { itemId: string; score: number; because: string; item: { id: string } }[] | null } | null)[];
}
const recommended = async (name: string, first = 5, identity: Parameters<TestAnalytics["ask"]>[1] = { tenantId }, headers = {}) =>
  analytics.ask<Answer>(
    `{ _entities(representations: [{ __typename: "Customer", id: "${customer(name)}" }]) { ... on Customer { recommendedItems(first: ${first}) { itemId score because item { id } } } } }`,
    identity,
    headers,
  );
const baskets: string[][] = [];
const loads: LoadResult[] = [];
const listOf = async (name: string, first = 5) => (await recommended(name, first)).data._entities[0]!.recommendedItems!;

beforeAll(async () => {
  analytics = await TestAnalytics.start();
  await analytics.hear("tenant.configured", tenantId, FACTS);
  for (const name of MENU)
    await analytics.hear("menu.item.priced", tenantId, itemPriced(item(name), name, { category: name === "tea" ? "tea" : "drinks" }));
  await analytics.load(
    "customers",
    tenantId,
    ["ann", "bob", "cem", "newcomer", "tea-lover"].map((name) => ({
      id: customer(name),
      externalId: name,
      displayName: name,
      joinedAt: "2026-01-01T00:00:00Z",
      tastes: name === "tea-lover" ? ["Tea"] : [],
    })),
  );
  const habit = {
    ann: () => ["espresso", "croissant"],
    bob: (i: number) => ["espresso", i % 2 ? "croissant" : "latte"],
    cem: (i: number) => [...new Set(["tea", MENU[i % MENU.length]!])],
  };
  const rows = [...Array(60).keys()].map((i) => {
    const who = (["ann", "bob", "cem"] as const)[i % 3]!;
    const basket = habit[who](i).map(item);
    baskets.push(basket);
    return purchaseRow(tenantId, `h${i}`, customer(who), new Date(Date.UTC(2026, 5, 1 + (i % 28), 9)).toISOString(), basket);
  });
  for (let time = 0; time < 2; time++) loads.push(await analytics.load("purchases", tenantId, rows));
  await analytics.finish(tenantId);
});
afterAll(() => analytics?.remove());

test("a load adds each purchase once, whole again or not", () => {
  expect(loads).toEqual([
    { added: 60, known: 0, rejected: [] },
    { added: 0, known: 60, rejected: [] },
  ]);
});

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

test("the list is as long as asked for, each item once, scores falling from at most 1", async () => {
  const list = await listOf("ann", 8);
  expect(new Set(list.map((each) => each.itemId)).size).toBe(8);
  expect(list.every((each, i) => each.score <= (list[i - 1]?.score ?? 1) && each.score >= 0)).toBe(true);
  expect((await recommended("ann", 51)).errors?.[0]).toMatchObject({
    message: "first must be from 1 to 50, not 51",
    extensions: { code: "BAD_USER_INPUT" },
  });
});

test("the rules in the table are those of the miner", async () => {
  const numbers = new Map(MENU.map((name, at) => [item(name), at]));
  const mined = associationRules(
    mineItemsets(
      baskets.map((basket) => basket.map((id) => numbers.get(id)!)),
      MENU.length,
      { minimumSupport: 5 / baskets.length },
    ),
    { minimumConfidence: 0.05 },
  );
  expect(mined.length).toBeGreaterThan(3);
  const { data } = await analytics.ask<{
    associationRules: {
      antecedent: { id: string }[];
      consequent: { id: string };
      support: number;
      confidence: number;
      lift: number;
      baskets: number;
    }[];
  }>("{ associationRules(first: 1000) { antecedent { id } consequent { id } support confidence lift baskets } }", { tenantId });
  const readable = data.associationRules.map((rule) => ({
    ...rule,
    antecedent: rule.antecedent.map((each) => numbers.get(each.id)),
    consequent: numbers.get(rule.consequent.id),
  }));
  const key = (rule: { antecedent: unknown[]; consequent: unknown }) =>
    `${[...rule.antecedent]
      .map(String)
      .sort((a, b) => a.localeCompare(b))
      .join()}>${String(rule.consequent)}`;
  const figures = (rules: { antecedent: unknown[]; consequent: unknown; support: number; confidence: number; lift: number }[]) =>
    new Map(rules.map(({ support, confidence, lift, ...rule }) => [key(rule as never), [support, confidence, lift]]));
  expect(figures(readable)).toEqual(figures(mined.map((rule) => ({ ...rule, antecedent: [...rule.antecedent] }))));
  const strong = await analytics.ask<{ associationRules: { confidence: number; support: number }[] }>(
    "{ associationRules(first: 1000, minimumConfidence: 0.5, minimumSupport: 0.3, order: CONFIDENCE) { confidence support } }",
    { tenantId },
  );
  expect(strong.data.associationRules).toHaveLength(mined.filter((rule) => rule.confidence >= 0.5 && rule.support >= 0.3).length);
});

test("who has bought nothing gets what is popular, and what answers their declared taste first", async () => {
  const list = await listOf("newcomer");
  expect(list[0]).toMatchObject({ itemId: item("espresso"), because: "Popular right now" });
  expect((await listOf("tea-lover"))[0]).toMatchObject({ itemId: item("tea"), because: "Because you like Tea" });
  expect(await listOf("never heard of")).toHaveLength(5);
});

test("a retired item and one that no venue has are gone from every list at once, and come back", async () => {
  const [one, two] = ["one", "two"].map((name) => derivedId(tenantId, "venue", name)) as [string, string];
  for (const [venueId, name] of [
    [one, "One"],
    [two, "Two"],
  ] as const)
    await analytics.hear("menu.venue.changed", tenantId, { venueId, name, latitude: null, longitude: null });
  const everyone = async () =>
    (await Promise.all(["ann", "bob", "cem", "newcomer"].map((name) => listOf(name, 20)))).map((list) => list.map((each) => each.itemId));
  await analytics.hear("menu.item.priced", tenantId, itemPriced(item("espresso"), "espresso", { retired: true }), { version: 2 });
  await analytics.hear("menu.item.priced", tenantId, itemPriced(item("croissant"), "croissant", { unavailableVenueIds: [one, two] }), {
    version: 2,
  });
  await analytics.hear("menu.item.priced", tenantId, itemPriced(item("latte"), "latte", { unavailableVenueIds: [one] }), { version: 2 });
  for (const list of await everyone()) {
    expect(list).not.toContain(item("espresso"));
    expect(list).not.toContain(item("croissant"));
    expect(list).toContain(item("latte"));
  }
  await analytics.hear("menu.item.priced", tenantId, itemPriced(item("espresso"), "espresso", { retired: true }), { version: 1 });
  for (const name of ["espresso", "croissant", "latte"])
    await analytics.hear("menu.item.priced", tenantId, itemPriced(item(name), name), { version: 3 });
  for (const list of await everyone()) expect(list).toContain(item("espresso"));
});

test("after a purchase the customer's list is ranked anew with the model in service, and told once", async () => {
  const before = (await analytics.sql.query<{ version: number }>("SELECT version FROM taste_model")).rows[0]!;
  for (let i = 0; i < 8; i++)
    await analytics.hear(
      "purchase.recorded",
      tenantId,
      purchaseRecorded(tenantId, `live${i}`, customer("newcomer"), `2026-07-01T1${i}:00:00.000Z`, [item("bagel")]),
    );
  const [first] = await until("the newcomer has a favourite", async () => {
    const list = await listOf("newcomer");
    return list[0]?.itemId === item("bagel") && list;
  });
  expect(first!.because).toBe("One of your favourites");
  expect((await analytics.sql.query("SELECT version FROM taste_model")).rows[0]).toEqual(before);
  const told = await until("it was told", async () => {
    const { rows } = await analytics.sql.query<{ data: { afterLoad: boolean; customers: { customerId: string; items: unknown[] }[] } }>(
      "SELECT data FROM outbox WHERE type = 'preferences.learned' AND NOT (data->>'afterLoad')::boolean",
    );
    return rows.length > 0 && (await analytics.sql.query("SELECT FROM taste_change")).rowCount === 0 && rows;
  });
  expect(new Set(told.flatMap(({ data }) => data.customers.map((each) => each.customerId)))).toEqual(new Set([customer("newcomer")]));
});

test("what was learned from a load was told as such, for everyone who bought or declared a taste, and is not told again when nothing changed", async () => {
  const toldCustomers = async () =>
    (
      await analytics.sql.query<{ id: string }>(
        "SELECT c->>'customerId' AS id FROM outbox, jsonb_array_elements(data->'customers') AS c WHERE type = 'preferences.learned' AND (data->>'afterLoad')::boolean",
      )
    ).rows.map((row) => row.id);
  const told = await toldCustomers();
  expect(told.sort()).toEqual(["ann", "bob", "cem", "tea-lover"].map(customer).sort());
  await analytics.finish(tenantId);
  const again = (await toldCustomers()).slice(told.length);
  await analytics.finish(tenantId);
  expect((await toldCustomers()).slice(told.length)).toEqual(again);
});

test("a customer sees their own recommendations and nobody else's; reports and rules are for staff", async () => {
  const own = await recommended("ann", 5, { tenantId, role: "customer", customerId: customer("ann") });
  expect(own.data._entities[0]!.recommendedItems).toHaveLength(5);
  for (const identity of [
    { tenantId, role: "customer" as const, customerId: customer("bob") },
    { tenantId, role: "anonymous" as const },
    { tenantId, role: "partner" as const },
  ])
    expect((await recommended("ann", 5, identity)).data._entities[0]!.recommendedItems).toBeNull();
  expect(
    (await recommended("ann", 5, { tenantId, role: "partner", scopes: ["customers:read"] })).data._entities[0]!.recommendedItems,
  ).toHaveLength(5);
  for (const query of [
    "{ associationRules { lift } }",
    '{ salesByDay(from: "2026-06-01", to: "2026-06-02") { day } }',
    '{ salesByItem(from: "2026-06-01", to: "2026-06-02") { itemId } }',
    '{ itemPairs(since: "2026-06-01") { baskets } }',
    "{ customerBehaviour { customers } }",
  ])
    expect((await analytics.ask(query, { tenantId, role: "customer", customerId: customer("ann") })).errors?.[0]?.extensions?.code).toBe(
      "FORBIDDEN",
    );
});

test("another tenant sees none of it", async () => {
  const other = tenantIdOf("somebody-else");
  await analytics.hear("tenant.configured", other, { ...FACTS, slug: "else" });
  expect((await recommended("ann", 5, { tenantId: other })).data._entities[0]!.recommendedItems).toEqual([]);
  const { data } = await analytics.ask<object>(
    '{ associationRules { lift } salesByDay(from: "2026-06-01", to: "2026-06-30") { day } salesByItem(from: "2026-06-01", to: "2026-06-30") { itemId } itemPairs(since: "2026-06-01") { baskets } customerBehaviour { customers averageOrder { amount } } }',
    { tenantId: other },
  );
  expect(data).toEqual({
    associationRules: [],
    salesByDay: [],
    salesByItem: [],
    itemPairs: [],
    customerBehaviour: { customers: 0, averageOrder: null },
  });
});

test("a restart has the learned lists and model", async () => {
  const before = await listOf("bob");
  await analytics.close();
  analytics = await TestAnalytics.start(analytics.databaseUrl, analytics.folder);
  expect(await listOf("bob")).toEqual(before);
  for (let i = 0; i < 4; i++)
    await analytics.hear(
      "purchase.recorded",
      tenantId,
      purchaseRecorded(tenantId, `later${i}`, customer("tea-lover"), `2026-07-02T1${i}:00:00.000Z`, [item("cookie")]),
    );
  await until("the restored model ranked anew", async () => (await listOf("tea-lover"))[0]?.because === "One of your favourites");
});

test("recommendations follow the tastes and the home venue that a customer declares anew, and older news changes nothing", async () => {
  const [customerId, home] = [customer("mover"), derivedId(tenantId, "venue", "one")];
  const profiled = (version: number, tastes: string[], homeVenueId: string | null) =>
    analytics.hear("customer.profiled", tenantId, { customerId, tastes, homeVenueId, segment: null }, { version });
  await analytics.hear("customer.registered", tenantId, {
    customerId,
    externalId: null,
    displayName: "Mover",
    joinedAt: "2026-07-01T10:00:00.000Z",
    tastes: [],
    homeVenueId: null,
  });
  expect((await listOf("mover")).map((each) => each.itemId)).toContain(item("espresso"));
  await analytics.hear("menu.item.priced", tenantId, itemPriced(item("espresso"), "espresso", { unavailableVenueIds: [home] }), {
    version: 4,
  });
  await profiled(3, ["Tea"], home);
  await profiled(2, ["Coffee"], null);
  await until("the list follows the taste", async () => (await listOf("mover"))[0]?.because === "Because you like Tea");
  await analytics.quiet();
  const list = await listOf("mover", 20);
  expect(list[0]).toMatchObject({ itemId: item("tea"), because: "Because you like Tea" });
  expect(list.map((each) => each.itemId)).not.toContain(item("espresso"));
  const { rows } = await analytics.sql.query<{ items: { itemId: string }[] }>("SELECT items FROM recommendation WHERE customer_id = $1", [
    customerId,
  ]);
  expect(rows[0]?.items[0]?.itemId).toBe(item("tea")); // the list was ranked anew, which tells discount
});

test("the ledger's backlog is on /metrics", async () => {
  const metrics = await (await fetch(new URL("/metrics", analytics.running.url))).text();
  expect(metrics).toMatch(/kava_ledger_waiting\{service="analytics"\} \d+/);
});

test("the committed schema is the one that is served", async () => {
  expect(await readFile(new URL("../schema.graphql", import.meta.url), "utf8")).toBe((await buildSchema()).sdl);
});
