import { derivedId } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startMenu, type RunningMenu } from "./testing/startMenu.js";

let menu: RunningMenu;
beforeAll(async () => void (menu = await startMenu()));
afterAll(() => menu?.close());

const itemId = (sku: string) => derivedId(menu.tenantId, "item", sku);
const item = (sku: string, changes: object = {}) => ({
  id: itemId(sku),
  sku,
  name: `Item ${sku}`,
  category: "Coffee",
  priceMinor: 300,
  costMinor: 90,
  ...changes,
});
const venue = (key: string, changes: object = {}) => ({
  id: derivedId(menu.tenantId, "venue", key),
  key,
  name: `Venue ${key}`,
  latitude: 49.8,
  longitude: 24,
  ...changes,
});
const read = async (sku: string) =>
  (
    await menu.get<{ item: object }>(
      "query ($id: ID!) { item(id: $id) { name price { amount } cost { amount } retired version priceHistory { edges { node { price { amount } changedBy } } } } }",
      { id: itemId(sku) },
    )
  ).item;
const toldOf = async (id: string) => (await menu.told()).filter((event) => event.aggregateId === id);

test("a menu loads once: a second load of the same rows adds nothing and tells nothing", async () => {
  const [venues, items] = [
    [venue("a"), venue("b")],
    [item("A1"), item("A2"), item("A3", { costMinor: null })],
  ];
  expect(await menu.load("venues", venues)).toMatchObject({ added: 2, known: 0, rejected: [], eventIds: { length: 2 } });
  const first = await menu.load("items", items);
  expect(first).toMatchObject({ added: 3, known: 0, rejected: [] });
  const told = await menu.told();
  expect(first.eventIds).toEqual(told.filter((event) => event.type === "menu.item.priced").map((event) => event.id));
  expect(await menu.load("venues", venues)).toEqual({ added: 0, known: 2, rejected: [], eventIds: [] });
  expect(await menu.load("items", items)).toEqual({ added: 0, known: 3, rejected: [], eventIds: [] });
  expect(await menu.told()).toEqual(told);
  expect(await read("A3")).toMatchObject({ cost: null, version: 1, priceHistory: { edges: [{ node: { changedBy: "import test" } }] } });
});

test("a new price in a second load is a change of price with its history; readers see it at once", async () => {
  await menu.load("items", [item("B1"), item("B2")]);
  expect(await read("B1")).toMatchObject({ price: { amount: "3.00" } });
  const second = await menu.load("items", [item("B1", { priceMinor: 350 }), item("B2")]);
  expect(second).toMatchObject({ added: 0, known: 2, eventIds: { length: 1 } });
  expect(await read("B1")).toMatchObject({
    price: { amount: "3.50" },
    version: 2,
    priceHistory: { edges: [{ node: { price: { amount: "3.50" } } }, { node: { price: { amount: "3.00" } } }] },
  });
  expect((await toldOf(itemId("B1"))).at(-1)).toMatchObject({ id: second.eventIds?.[0], version: 2, data: { priceMinor: 350 } });
});

test("a new name is a change without a line of price history", async () => {
  await menu.load("items", [item("C1")]);
  await menu.load("items", [item("C1", { name: "Renamed" })]);
  expect(await read("C1")).toMatchObject({ name: "Renamed", version: 2, priceHistory: { edges: [{}] } });
});

test("what the staff changed since stays when the same file is loaded again, and gives way to a file that says something new", async () => {
  await menu.load("items", [item("D1")]);
  await menu.ask('mutation ($id: ID!) { changeItem(input: { id: $id, price: "9.99" }) { __typename } }', { id: itemId("D1") });
  expect(await menu.load("items", [item("D1")])).toMatchObject({ known: 1, eventIds: [] });
  expect(await read("D1")).toMatchObject({ price: { amount: "9.99" } });
  await menu.load("items", [item("D1", { priceMinor: 310 })]);
  expect(await read("D1")).toMatchObject({ price: { amount: "3.10" }, version: 3 });
});

test("a cost that a file does not tell stays, and so does retirement", async () => {
  await menu.load("items", [item("E1")]);
  await menu.ask("mutation ($id: ID!) { retireItem(id: $id) { __typename } }", { id: itemId("E1") });
  await menu.load("items", [item("E1", { costMinor: null, priceMinor: 320 })]);
  expect(await read("E1")).toMatchObject({ cost: { amount: "0.90" }, price: { amount: "3.20" }, retired: true });
  expect((await toldOf(itemId("E1"))).at(-1)?.data).toMatchObject({ retired: true, costMinor: 90 });
});

test("an item that the staff made by its sku is the one that an import means", async () => {
  await menu.ask(
    'mutation { createItem(input: { sku: "F1", name: "By hand", category: "Coffee", price: "3.00", cost: "0.90" }) { __typename } }',
  );
  expect(await menu.load("items", [item("F1", { name: "By hand" })])).toMatchObject({ added: 0, known: 1, eventIds: [] });
});

test("rows that cannot be are rejected by their place with the reason, and the others are loaded", async () => {
  await menu.load("items", [item("G0")]);
  const result = await menu.load("items", [
    item("G1"),
    item("G2", { priceMinor: -1 }),
    { ...item("G3"), id: derivedId(menu.tenantId, "item", "elsewhere"), sku: "G0" },
    item("G4", { priceMinor: 1.5 }),
    { ...item("G0"), sku: "G9" },
    item("G5"),
  ]);
  expect(result).toMatchObject({ added: 2, known: 0, eventIds: { length: 2 } });
  expect(result.rejected.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  expect(result.rejected[1]?.reason).toContain("G0 belongs to another item");
  expect(await menu.load("venues", [venue("g", { longitude: null }), venue("h", { latitude: 95 }), venue("i")])).toMatchObject({
    added: 1,
    rejected: [{ index: 0 }, { index: 1 }],
  });
});

test("of the same item twice in a file the last word holds, and loading the file again changes nothing", async () => {
  const rows = [item("H1", { priceMinor: 100 }), item("H2"), item("H1", { priceMinor: 200 })];
  expect(await menu.load("items", rows)).toMatchObject({ added: 2, known: 1, eventIds: { length: 2 } });
  expect(await read("H1")).toMatchObject({ price: { amount: "2.00" }, version: 1 });
  expect(await menu.load("items", rows)).toEqual({ added: 0, known: 3, rejected: [], eventIds: [] });
});

test("two loads of the same menu at the same moment make one menu", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => item(`I${i}`));
  const both = await Promise.all([menu.load("items", rows), menu.load("items", rows)]);
  expect(both.map(({ added }) => added).sort((a, b) => a - b)).toEqual([0, 300]);
  expect(both.flatMap(({ eventIds }) => eventIds)).toHaveLength(300);
});

test("a menu larger than a block loads whole", async () => {
  const rows = Array.from({ length: 5_200 }, (_, i) => item(`J${i}`));
  expect(await menu.load("items", rows)).toMatchObject({ added: 5_200, known: 0, eventIds: { length: 5_200 } });
  expect(await menu.load("items", rows)).toMatchObject({ added: 0, known: 5_200, eventIds: [] });
});

test("another chain's rows of the same keys are its own", async () => {
  await menu.load("items", [item("K1")]);
  const theirs = { ...item("K1", { priceMinor: 500 }), id: derivedId(menu.otherTenantId, "item", "K1") };
  expect(await menu.load("items", [theirs], menu.otherTenantId)).toMatchObject({ added: 1, rejected: [] });
  expect(await read("K1")).toMatchObject({ price: { amount: "3.00" } });
});
