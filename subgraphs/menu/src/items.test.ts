import { afterAll, beforeAll, expect, test } from "vitest";
import { as, startMenu, type Answer, type RunningMenu } from "./testing/startMenu.js";

let menu: RunningMenu;
beforeAll(async () => void (menu = await startMenu()));
afterAll(() => menu?.close());

const ITEM =
  "__typename ... on MenuItem { id sku name category price { amount currency } cost { amount } available retired version } ... on UserError { message }";
const CREATE = `mutation ($input: CreateItemInput!) { done: createItem(input: $input) { ${ITEM} ... on InvalidInput { field } } }`;
const CHANGE = `mutation ($input: ChangeItemInput!) { done: changeItem(input: $input) { ${ITEM} ... on InvalidInput { field } ... on Changed { currentVersion } ... on UnknownItem { itemId } } }`;
const RETIRE = `mutation ($id: ID!, $seen: Int) { done: retireItem(id: $id, expectedVersion: $seen) { ${ITEM} ... on Changed { currentVersion } } }`;
const RESTORE = `mutation ($id: ID!) { done: restoreItem(id: $id) { ${ITEM} } }`;
const READ = "query ($id: ID!) { item(id: $id) { name available retired price { amount currency } } }";
const HISTORY =
  "query ($id: ID!, $first: Int, $after: String) { item(id: $id) { priceHistory(first: $first, after: $after) { edges { node { price { amount } cost { amount } changedBy } } pageInfo { hasNextPage endCursor } } } }";
const NOBODY = "00000000-0000-4000-8000-000000000000";

const done = (answer: Answer): Record<string, unknown> => {
  expect(answer.errors).toBeUndefined();
  return answer.data!["done"] as Record<string, unknown>;
};
let count = 0;
/** A new item of its own, cappuccino at 4.00 for 1.20. */
const anItem = async (changes: object = {}): Promise<string> => {
  const made = done(
    await menu.ask(CREATE, {
      input: { sku: `SKU-${(count += 1)}`, name: "Cappuccino", category: "Espresso", price: "4.00", cost: "1.20", ...changes },
    }),
  );
  return String(made["id"]);
};
const toldOf = async (id: string) => (await menu.told("menu.item.priced")).filter((event) => event.aggregateId === id);

test("a new item is on the menu with its price and is told to the others", async () => {
  const made = done(
    await menu.ask(CREATE, { input: { sku: "FW", name: " Flat white ", category: "Espresso", price: "3.8", cost: "0.95" } }),
  );
  expect(made).toMatchObject({
    __typename: "MenuItem",
    sku: "FW",
    name: "Flat white",
    price: { amount: "3.80", currency: "EUR" },
    cost: { amount: "0.95" },
    available: true,
    retired: false,
    version: 1,
  });
  expect(await toldOf(String(made["id"]))).toMatchObject([
    { version: 1, data: { sku: "FW", priceMinor: 380, costMinor: 95, retired: false, unavailableVenueIds: [] } },
  ]);
});

test.each([
  ["an empty name", { name: "   " }, "name"],
  ["a category of 101 characters", { category: "x".repeat(101) }, "category"],
  ["a price finer than the currency", { price: "3.805" }, "price"],
  ["a negative price", { price: "-1" }, "price"],
  ["a price beyond all reason", { price: "10000000.01" }, "price"],
  ["a negative cost", { cost: "-0.01" }, "cost"],
  ["a sku of 65 characters", { sku: "x".repeat(65) }, "sku"],
])("%s is refused by name and nothing is written", async (_what, wrong, field) => {
  const before = (await menu.told()).length;
  expect(
    done(await menu.ask(CREATE, { input: { sku: `W${(count += 1)}`, name: "Latte", category: "Espresso", price: "3", ...wrong } })),
  ).toMatchObject({ __typename: "InvalidInput", field });
  expect(await menu.told()).toHaveLength(before);
});

test("the same sku twice at the same moment makes one item", async () => {
  const input = { sku: "TWICE", name: "Mocha", category: "Espresso", price: "4" };
  const both = await Promise.all([menu.ask(CREATE, { input }), menu.ask(CREATE, { input })]);
  expect(new Set(both.map((answer) => done(answer)["__typename"]))).toEqual(new Set(["MenuItem", "SkuTaken"]));
});

test("a staff member who changes a price sees the new one at once, and so does everyone else", async () => {
  const id = await anItem();
  await menu.ask(READ, { id }); // now it is cached
  for (const amount of ["4.10", "4.20", "4.30"]) {
    expect(done(await menu.ask(CHANGE, { input: { id, price: amount } }))).toMatchObject({ price: { amount } });
    expect((await menu.ask(READ, { id }, as("anonymous"))).data).toMatchObject({ item: { price: { amount } } });
    expect((await menu.ask('{ menu(category: "Espresso", first: 100) { edges { node { id price { amount } } } } }')).data).toMatchObject({
      menu: { edges: expect.arrayContaining([{ node: { id, price: { amount } } }]) },
    });
  }
});

test("what is absent or null stays, and a change of nothing is no version, no event and no history", async () => {
  const id = await anItem();
  expect(done(await menu.ask(CHANGE, { input: { id, name: "Big cappuccino", price: null, cost: null } }))).toMatchObject({
    name: "Big cappuccino",
    price: { amount: "4.00" },
    cost: { amount: "1.20" },
    version: 2,
  });
  expect(done(await menu.ask(CHANGE, { input: { id, name: "Big cappuccino", price: "4.00" } }))).toMatchObject({ version: 2 });
  expect(await toldOf(id)).toHaveLength(2);
  expect((await menu.ask(HISTORY, { id })).data).toMatchObject({ item: { priceHistory: { edges: [{}] } } });
});

test("every price and cost stays in the history with who set it, newest first, page by page", async () => {
  const id = await anItem();
  await menu.ask(CHANGE, { input: { id, price: "4.50" } });
  await menu.ask(CHANGE, { input: { id, cost: "1.30" } }, as("marketer"));
  const first = await menu.get<{ item: { priceHistory: { edges: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } }>(
    HISTORY,
    { id, first: 2 },
  );
  expect(first.item.priceHistory.edges).toEqual([
    { node: { price: { amount: "4.50" }, cost: { amount: "1.30" }, changedBy: "marketer" } },
    { node: { price: { amount: "4.50" }, cost: { amount: "1.20" }, changedBy: "staff" } },
  ]);
  expect(first.item.priceHistory.pageInfo.hasNextPage).toBe(true);
  expect((await menu.ask(HISTORY, { id, first: 2, after: first.item.priceHistory.pageInfo.endCursor })).data).toMatchObject({
    item: { priceHistory: { edges: [{ node: { price: { amount: "4.00" } } }], pageInfo: { hasNextPage: false } } },
  });
});

test("who changes what they saw is told when somebody was faster, and nothing is changed", async () => {
  const id = await anItem();
  await menu.ask(CHANGE, { input: { id, expectedVersion: 1, price: "5" } });
  expect(done(await menu.ask(CHANGE, { input: { id, expectedVersion: 1, price: "6" } }))).toMatchObject({
    __typename: "Changed",
    currentVersion: 2,
  });
  expect(done(await menu.ask(RETIRE, { id, seen: 1 }))).toMatchObject({ __typename: "Changed", currentVersion: 2 });
  expect((await menu.ask(READ, { id })).data).toMatchObject({ item: { price: { amount: "5.00" }, retired: false } });
});

test("of many changes of one version at the same moment, one is made", async () => {
  const id = await anItem();
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) => menu.ask(CHANGE, { input: { id, expectedVersion: 1, price: `${5 + i}` } })),
  );
  expect(answers.map((answer) => done(answer)["__typename"]).filter((type) => type === "MenuItem")).toHaveLength(1);
  expect((await toldOf(id)).map((event) => event.version)).toEqual([1, 2]);
});

test("a retired item leaves the menu but stays readable and unavailable, and can be restored", async () => {
  const id = await anItem({ category: "Seasonal" });
  const listed = async () => (await menu.ask('{ menu(category: "Seasonal") { totalCount } menuCategories }')).data;
  expect(await listed()).toMatchObject({ menu: { totalCount: 1 }, menuCategories: expect.arrayContaining(["Seasonal"]) });
  expect(done(await menu.ask(RETIRE, { id }))).toMatchObject({ retired: true, available: false, version: 2 });
  expect(done(await menu.ask(RETIRE, { id }))).toMatchObject({ version: 2 });
  expect(await listed()).toMatchObject({ menu: { totalCount: 0 }, menuCategories: expect.not.arrayContaining(["Seasonal"]) });
  expect((await menu.ask(READ, { id })).data).toMatchObject({
    item: { name: "Cappuccino", available: false, retired: true, price: { amount: "4.00" } },
  });
  expect(done(await menu.ask(RESTORE, { id }))).toMatchObject({ retired: false, available: true, version: 3 });
  expect((await toldOf(id)).map((event) => event.data["retired"])).toEqual([false, true, false]);
});

test.each(["customer", "partner", "anonymous"] as const)(
  "a %s sees neither cost nor history nor versions, and changes nothing",
  async (role) => {
    const id = await anItem();
    for (const field of ["cost { amount }", "version", "unavailableVenueIds", "priceHistory { edges { cursor } }"]) {
      const answer = await menu.ask(
        `query ($id: ID!) { item(id: $id) { name ${field} } menu { edges { node { ${field} } } } }`,
        { id },
        as(role),
      );
      expect(answer.errors?.map((error) => error.extensions?.code)).toContain("FORBIDDEN");
      expect(JSON.stringify(answer.data)).not.toMatch(/1\.20|cursor|"version":\d/);
    }
    const before = (await menu.told()).length;
    for (const [mutation, variables] of [
      [CHANGE, { input: { id, price: "0.01" } }],
      [RETIRE, { id }],
      [RESTORE, { id }],
      [CREATE, { input: { sku: "X", name: "X", category: "X", price: "1" } }],
    ] as const)
      expect((await menu.ask(mutation, variables, as(role))).errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
    expect(await menu.told()).toHaveLength(before);
  },
);

test("another chain's item does not exist for this one", async () => {
  const id = await anItem();
  const other = { tenantId: menu.otherTenantId };
  expect((await menu.ask(READ, { id }, other)).data).toEqual({ item: null });
  expect((await menu.ask("{ menu { totalCount edges { node { id } } } menuCategories }", {}, other)).data).toEqual({
    menu: { totalCount: 0, edges: [] },
    menuCategories: [],
  });
  expect(
    (
      await menu.ask(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on MenuItem { name } } }`,
        { of: [{ __typename: "MenuItem", id }] },
        other,
      )
    ).data,
  ).toEqual({ _entities: [null] });
  expect(done(await menu.ask(CHANGE, { input: { id, price: "1" } }, other))).toMatchObject({ __typename: "UnknownItem", itemId: id });
  expect(done(await menu.ask(RETIRE, { id }, other))).toMatchObject({ __typename: "UnknownItem" });
  expect(done(await menu.ask(CREATE, { input: { sku: "SKU-1", name: "Their own", category: "Tea", price: "300" } }, other))).toMatchObject({
    __typename: "MenuItem",
    price: { amount: "300", currency: "JPY" },
  });
});

test("items asked for by other subgraphs come in the order of the question, null where there is none", async () => {
  const [a, b] = [await anItem({ name: "A" }), await anItem({ name: "B" })];
  const of = [b, NOBODY, a, "no uuid", b].map((id) => ({ __typename: "MenuItem", id }));
  expect(
    (await menu.ask("query ($of: [_Any!]!) { _entities(representations: $of) { ... on MenuItem { name price { amount } } } }", { of }))
      .data,
  ).toEqual({
    _entities: [
      { name: "B", price: { amount: "4.00" } },
      null,
      { name: "A", price: { amount: "4.00" } },
      null,
      { name: "B", price: { amount: "4.00" } },
    ],
  });
});

test.each([NOBODY, "no uuid"])("an item that is not there (%s) is null to read and a typed error to change", async (id) => {
  expect((await menu.ask(READ, { id })).data).toEqual({ item: null });
  expect(done(await menu.ask(CHANGE, { input: { id, price: "1" } }))).toMatchObject({ __typename: "UnknownItem", itemId: id });
});
