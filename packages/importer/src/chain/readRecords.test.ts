import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tenantIdOf } from "@kava/contracts/ids";
import { CustomerRow, ItemRow, PurchaseRow, VenueRow } from "@kava/contracts/loading";
import { TenantFacts } from "@kava/contracts/tenant";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { Mapping } from "../mapping/mapping.js";
import { Rejects } from "../records/rejects.js";
import type { Progress } from "../terminal/progress.js";
import { customerRows, purchaseRows, venueRows } from "./chainRows.js";
import { readRecords, type ChainFiles } from "./readRecords.js";
import { NO_SHIFT } from "./shift.js";

const silent: Progress = { part: () => {}, at: () => {}, say: () => {}, end: () => {} };
const facts = TenantFacts.parse({ slug: "north", name: "North", currency: "USD", timeZone: "America/New_York" });
const tenantId = tenantIdOf("north");
const now = new Date("2026-11-22T12:00:00Z");
let place: string;
let rejects: Rejects;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "kava-records-"));
  rejects = new Rejects(join(place, "rejects.csv"));
});
afterEach(() => {
  rejects.close();
  rmSync(place, { recursive: true, force: true });
});

const write = (name: string, lines: readonly string[]): string => {
  const file = join(place, name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
};
const read = async (files: Record<string, string[]>, mapping = "", moved = false) => {
  const named = Object.fromEntries(Object.entries(files).map(([kind, lines]) => [kind, write(`${kind}.csv`, lines)])) as ChainFiles;
  const records = await readRecords(named, Mapping.parse(parse(mapping) ?? {}), facts, rejects, silent, moved ? null : now);
  const times = { zone: records.zone, shift: NO_SHIFT, now };
  const purchases = records.purchases ? [...purchaseRows(tenantId, records.purchases, times, () => {})] : [];
  return {
    records,
    venues: venueRows(tenantId, records.venues, records.purchases),
    customers: customerRows(tenantId, records.customers, records.purchases, times),
    purchases,
  };
};
const rejected = (): string[] =>
  rejects.total === 0
    ? []
    : readFileSync(rejects.path, "utf8")
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.replace(/^[^,]*\//, ""))
        .toSorted((a, b) => Number(a.split(",")[1]) - Number(b.split(",")[1]));

const MENU = ["sku,product,price,cost", "1,Latte,$3.50 ,1.10", "2,Scone,2.65,"];
const RECEIPTS = [
  "receipt_id,date,store,customer_id,sku,qty,unit_price,amount",
  "7,2019-04-01T09:00:00,3,558,1,2,3.50,7.00",
  "8,2019-04-01T09:05:00,3,0,2,1,2.65,1.00",
  "7,2019-04-01T09:00:00,3,558,2,1,2.65,2.65",
];

test("well-known column names need no mapping, and what comes out fits the loaders' rows", async () => {
  const { records, venues, customers, purchases } = await read({
    menu: MENU,
    customers: ["customer_id,name,email,joined", "558,Kelly Key,kelly@example.com,2017-01-04"],
    purchases: RECEIPTS,
  });
  for (const row of records.menu.values()) ItemRow.parse(row);
  venues.forEach((row) => VenueRow.parse(row));
  customers.forEach((row) => CustomerRow.parse(row));
  purchases.forEach((row) => PurchaseRow.parse(row));
  expect([...records.menu.values()]).toMatchObject([
    { name: "Latte", priceMinor: 350, costMinor: 110 },
    { name: "Scone", priceMinor: 265, costMinor: null },
  ]);
  expect(customers).toMatchObject([{ externalId: "558", displayName: "Kelly Key", joinedAt: "2017-01-04T05:00:00.000Z" }]);
  expect(purchases).toMatchObject([
    {
      key: "7",
      at: "2019-04-01T13:00:00.000Z",
      customerId: customers[0]!.id,
      venueId: venues[0]!.id,
      lines: [
        { quantity: 2, paidMinor: 700 },
        { quantity: 1, paidMinor: 265 },
      ],
    },
    { key: "8", customerId: null, lines: [{ unitPriceMinor: 265, paidMinor: 100 }] },
  ]);
  expect(rejected()).toEqual([]);
});

test("each line is either in a basket or in the reject file with its line and reason; the rest of its basket stays", async () => {
  const bad = [
    "9,01/04/2019,3,558,1,1,3.50,3.50",
    "7,2019-04-01T09:00:00,3,558,x51,1,1,1",
    "9,2019-04-01T09:00:00,3,558,1,-2,3.50,-7",
    "9,2019-04-01T09:00:00,3,558,1,1,3b3,3",
    ",2019-04-01T09:00:00,3,558,1,1,3.50,3.50",
    "9,2019-04-01T09:00:00,3",
    "10,2019-04-01T09:00:00,3,558,1,1.5,3,3",
  ];
  const { records, purchases } = await read({ menu: MENU, purchases: [...RECEIPTS, ...bad] });
  expect(rejected()).toEqual([
    'purchases.csv,5,"the date does not read as iso: ""01/04/2019""","9,01/04/2019,3,558,1,1,3.50,3.50"',
    'purchases.csv,6,"the item is not on the menu: ""x51""","7,2019-04-01T09:00:00,3,558,x51,1,1,1"',
    'purchases.csv,7,a return: the quantity is negative: -2,"9,2019-04-01T09:00:00,3,558,1,-2,3.50,-7"',
    'purchases.csv,8,"the price is no amount: ""3b3""","9,2019-04-01T09:00:00,3,558,1,1,3b3,3"',
    'purchases.csv,9,"the receipt has no number, or only a part of one",",2019-04-01T09:00:00,3,558,1,1,3.50,3.50"',
    'purchases.csv,10,the row has another number of cells than the header,"9,2019-04-01T09:00:00,3"',
    'purchases.csv,11,"the quantity is no whole number: ""1.5""","10,2019-04-01T09:00:00,3,558,1,1.5,3,3"',
  ]);
  expect(records.lines.purchases).toBe(10);
  expect(purchases.flatMap(({ lines }) => lines)).toHaveLength(3);
});

test("a receipt of a moment that no service takes is rejected before anything is sent, unless the records are to be moved", async () => {
  const lines = [
    "order_id,date,product,price",
    "1,2019-04-01,Latte,3.50",
    "2,1907-04-01,Latte,3.50",
    "3,2062-04-01,Scone,3.50",
    "4,2026-11-23,Latte,3.50",
  ];
  const { records, purchases } = await read({ purchases: lines });
  expect(purchases.map(({ key }) => key)).toEqual(["1", "4"]);
  expect([...records.menu.keys()], "what only such a receipt names is not on the menu").toEqual(["Latte"]);
  expect(rejected()).toEqual([
    'purchases.csv,3,"the date is before 1990: ""1907-04-01""","2,1907-04-01,Latte,3.50"',
    'purchases.csv,4,"the date is in the future: ""2062-04-01""","3,2062-04-01,Scone,3.50"',
  ]);
  expect((await read({ purchases: lines }, "", true)).purchases).toHaveLength(4);
});

test("a mapping composes keys and dates, fixes values, and assumes a cost as a share of the price", async () => {
  const { records, purchases } = await read(
    {
      menu: ["nr;what;eur", "1;Latte;3,50"],
      purchases: ["n;day;time;shop;nr", "1;01/04/2019;9:22:18;3;1", "1;02/04/2019;9:22:18;3;1", "x1;02/04/2019;9:22:18;3;1"],
    },
    `menu: { fields: { id: nr, name: what, price: { column: eur, decimal: "," }, cost: { ratio: 0.3, of: price }, category: { constant: Coffee } } }
purchases:
  expect: { n: integer }
  fields: { basket: [day, shop, n], at: { columns: [day, time], format: d/M/yyyy H:mm:ss }, venue: shop, item: nr }`,
  );
  expect([...records.menu.values()]).toMatchObject([{ priceMinor: 350, costMinor: 105, category: "Coffee" }]);
  expect(purchases.map(({ key, at }) => [key, at])).toEqual([
    ["01/04/2019:3:1", "2019-04-01T13:22:18.000Z"],
    ["02/04/2019:3:1", "2019-04-02T13:22:18.000Z"],
  ]);
  expect(purchases[0]?.lines).toMatchObject([{ quantity: 1, unitPriceMinor: 350, paidMinor: 350 }]);
  expect(rejected()).toEqual(['purchases.csv,4,"n is not an integer: ""x1""",x1;02/04/2019;9:22:18;3;1']);
});

test("whom only the receipts name is made a customer, kept anonymous, or rejected, as the mapping says", async () => {
  const files = { menu: MENU, purchases: RECEIPTS };
  expect((await read(files)).customers).toMatchObject([
    { externalId: "558", displayName: "Customer 558", joinedAt: "2019-04-01T13:00:00.000Z" },
  ]);
  const anonymous = await read(files, "purchases: { unknownCustomers: anonymous }");
  expect([anonymous.customers, anonymous.purchases.map(({ customerId }) => customerId)]).toEqual([[], [null, null]]);
  await read(files, "purchases: { unknownCustomers: reject }");
  expect(rejected()).toHaveLength(2);
});

test("without a menu it is made from the receipts: each item at its most common price", async () => {
  const { records } = await read(
    { purchases: ["order_id,date,product,price", "1,2019-04-01,Latte,3.50", "2,2019-04-01,Latte,3.00", "3,2019-04-01,Latte,3.50"] },
    "menu: { fields: { cost: { ratio: 0.4, of: price } } }",
  );
  expect([...records.menu.values()]).toMatchObject([{ sku: "Latte", priceMinor: 350, costMinor: 140 }]);
});

test("columns that cannot be told are named beside the header, with a mapping to begin with", async () => {
  await expect(read({ purchases: ["beleg,wann,was", "1,2,3"] })).rejects.toThrow(
    /holds basket, at, item cannot be told[\s\S]*beleg, wann, was[\s\S]*purchases:\n {2}fields:\n {4}basket: # the column's name/,
  );
  await expect(read({ menu: MENU }, "menu: { fields: { id: nummer } }")).rejects.toThrow(
    /does not have: "nummer" \(menu.fields.id\)[\s\S]*sku, product, price, cost/,
  );
});
