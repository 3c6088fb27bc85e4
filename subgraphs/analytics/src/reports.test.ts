import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FACTS, TestAnalytics, itemPriced, purchaseRecorded } from "./testing/analytics.js";

const tenantId = tenantIdOf("reports");
const [espresso, croissant, mystery] = ["espresso", "croissant", "mystery"].map((name) => derivedId(tenantId, "item", name)) as [
  string,
  string,
  string,
];
const [ann, bob] = ["ann", "bob"].map((name) => derivedId(tenantId, "customer", name)) as [string, string];
const [centre, station] = ["centre", "station"].map((name) => derivedId(tenantId, "venue", name)) as [string, string];
let analytics: TestAnalytics;
const ask = async <Data>(query: string, tenant = tenantId) => analytics.ask<Data>(query, { tenantId: tenant });
let key = 0;
const buy = (
  at: string,
  items: string[],
  { customer = null as string | null, venue = centre, paidMinor = 400, tenant = tenantId } = {},
) => {
  const purchase = purchaseRecorded(tenant, `r${key++}`, customer, at, items, venue);
  return analytics.hear("purchase.recorded", tenant, { ...purchase, lines: purchase.lines.map((line) => ({ ...line, paidMinor })) });
};

beforeAll(async () => {
  analytics = await TestAnalytics.start();
  await analytics.hear("tenant.configured", tenantId, FACTS); // Kyiv
  await analytics.hear("menu.item.priced", tenantId, itemPriced(espresso, "espresso", { costMinor: 100 }));
  await analytics.hear("menu.item.priced", tenantId, itemPriced(croissant, "croissant", { costMinor: 150 }));
  await analytics.hear("menu.item.priced", tenantId, itemPriced(mystery, "mystery", { costMinor: null }));
  await buy("2026-03-10T21:59:00.000Z", [espresso], { customer: ann }); // 23:59 in Kyiv
  await buy("2026-03-10T22:00:00.000Z", [espresso, croissant], { customer: ann, paidMinor: 350 }); // midnight, winter time
  await buy("2026-07-10T21:00:00.000Z", [mystery], { venue: station }); // midnight, summer time
  await buy("2026-07-11T09:00:00.000Z", [mystery, croissant], { customer: bob, venue: station });
  // a later cost does not change what was earned before
  await analytics.hear("menu.item.priced", tenantId, itemPriced(espresso, "espresso", { costMinor: 390 }), { version: 2 });
  await analytics.settled();
});
afterAll(() => analytics?.remove());

test("sales by day follow the chain's own calendar, in winter and in summer, with what was known of the cost at the sale", async () => {
  const { data } = await ask<{ salesByDay: unknown }>(
    '{ salesByDay(from: "2026-03-01", to: "2026-07-31") { day purchases revenue { amount currency } discount { amount } margin { amount } marginCoverage } }',
  );
  expect(data.salesByDay).toEqual([
    {
      day: "2026-03-10",
      purchases: 1,
      revenue: { amount: "4.00", currency: "EUR" },
      discount: { amount: "0.00" },
      margin: { amount: "3.00" },
      marginCoverage: 1,
    },
    {
      day: "2026-03-11",
      purchases: 1,
      revenue: { amount: "7.00", currency: "EUR" },
      discount: { amount: "1.00" },
      margin: { amount: "4.50" },
      marginCoverage: 1,
    },
    {
      day: "2026-07-11",
      purchases: 2,
      revenue: { amount: "12.00", currency: "EUR" },
      discount: { amount: "0.00" },
      margin: { amount: "2.50" },
      marginCoverage: 0.3333,
    },
  ]);
});

test("both ends of a period count, and a venue's sales are its own", async () => {
  const days = async (from: string, to: string, venue?: string) =>
    (
      await ask<{ salesByDay: { day: string }[] }>(
        `{ salesByDay(from: "${from}", to: "${to}"${venue ? `, venueId: "${venue}"` : ""}) { day } }`,
      )
    ).data.salesByDay.map((row) => row.day);
  expect(await days("2026-03-11", "2026-07-11")).toEqual(["2026-03-11", "2026-07-11"]);
  expect(await days("2026-03-11", "2026-07-10")).toEqual(["2026-03-11"]);
  expect(await days("2026-03-01", "2026-07-31", station)).toEqual(["2026-07-11"]);
  expect(await days("2026-03-01", "2026-07-31", derivedId(tenantId, "venue", "none"))).toEqual([]);
});

test("a day of which no cost is known has no margin, rather than all of its revenue", async () => {
  await buy("2026-08-01T09:00:00.000Z", [mystery]);
  await analytics.settled();
  const { data } = await ask<{ salesByDay: unknown }>(
    '{ salesByDay(from: "2026-08-01", to: "2026-08-01") { margin { amount } marginCoverage } }',
  );
  expect(data.salesByDay).toEqual([{ margin: null, marginCoverage: 0 }]);
});

test("a period that is too long, reversed or of no venue is refused in words", async () => {
  const refusal = async (parameters: string) => (await ask(`{ salesByDay(${parameters}) { day } }`)).errors?.[0];
  expect(await refusal('from: "2025-01-01", to: "2026-02-05"')).toMatchObject({
    message: expect.stringContaining("401 days; a report covers at most 400"),
    extensions: { code: "BAD_USER_INPUT" },
  });
  expect((await ask<{ salesByDay: object[] }>('{ salesByDay(from: "2025-01-01", to: "2026-02-04") { day } }')).errors).toBeUndefined();
  expect(await refusal('from: "2026-02-02", to: "2026-02-01"')).toMatchObject({ message: expect.stringContaining("exchange them") });
  expect(await refusal('from: "2026-02-01", to: "2026-02-02", venueId: "x\' OR 1=1"')).toMatchObject({
    extensions: { code: "BAD_USER_INPUT" },
  });
});

test("items are ordered by what they earned", async () => {
  const { data } = await ask<{ salesByItem: unknown }>(
    '{ salesByItem(from: "2026-03-01", to: "2026-07-31") { itemId item { id } quantity revenue { amount } discount { amount } margin { amount } marginRate } }',
  );
  expect(data.salesByItem).toEqual([
    {
      itemId: espresso,
      item: { id: espresso },
      quantity: 2,
      revenue: { amount: "7.50" },
      discount: { amount: "0.50" },
      margin: { amount: "5.50" },
      marginRate: 0.7333,
    },
    {
      itemId: croissant,
      item: { id: croissant },
      quantity: 2,
      revenue: { amount: "7.50" },
      discount: { amount: "0.50" },
      margin: { amount: "4.50" },
      marginRate: 0.6,
    },
    {
      itemId: mystery,
      item: { id: mystery },
      quantity: 2,
      revenue: { amount: "8.00" },
      discount: { amount: "0.00" },
      margin: null,
      marginRate: null,
    },
  ]);
});

test("pairs are counted by basket, and customers by what they did", async () => {
  const { data } = await ask<{
    itemPairs: { first: { id: string }; second: { id: string }; baskets: number }[];
    customerBehaviour: unknown;
  }>(
    '{ itemPairs(since: "2026-03-15") { first { id } second { id } baskets } customerBehaviour { customers returning purchases purchasesPerCustomer averageOrder { amount } revenuePerCustomer { amount } marginPerCustomer { amount } } }',
  );
  expect(data.itemPairs.map(({ first, second, baskets }) => [[first.id, second.id].sort(), baskets])).toEqual(
    expect.arrayContaining([
      [[espresso, croissant].sort(), 1],
      [[mystery, croissant].sort(), 1],
    ]),
  );
  expect(data.customerBehaviour).toEqual({
    customers: 2,
    returning: 1,
    purchases: 3,
    purchasesPerCustomer: 1.5,
    averageOrder: { amount: "6.33" },
    revenuePerCustomer: { amount: "9.50" },
    marginPerCustomer: { amount: "5.00" },
  });
});

test("tax that prices include is taken out of the margin", async () => {
  const taxed = tenantIdOf("reports-taxed");
  await analytics.hear("tenant.configured", taxed, {
    ...FACTS,
    slug: "taxed",
    currency: "JPY",
    minorDigits: 0,
    timeZone: "Asia/Tokyo",
    tax: { mode: "inclusive", rate: 0.25 },
  });
  await analytics.hear("menu.item.priced", taxed, itemPriced(espresso, "espresso", { costMinor: 100 }));
  await buy("2026-03-10T15:00:00.000Z", [espresso], { tenant: taxed });
  await analytics.settled();
  const { data } = await ask<{ salesByDay: unknown }>(
    '{ salesByDay(from: "2026-03-01", to: "2026-03-31") { day revenue { amount currency } margin { amount } } }',
    taxed,
  );
  expect(data.salesByDay).toEqual([{ day: "2026-03-11", revenue: { amount: "400", currency: "JPY" }, margin: { amount: "220" } }]);
});

test("rows that no report could hold are refused with their reason, the others are kept", async () => {
  const row = { ...purchaseRecorded(tenantId, "x", null, "2026-01-01T00:00:00.000Z", [espresso]), key: "x" };
  const { purchaseId: id, customerId, venueId, at, lines } = row;
  const good = {
    id,
    key: "x",
    customerId,
    venueId,
    at,
    lines: lines.map(({ itemId, quantity, unitPriceMinor, paidMinor }) => ({ itemId, quantity, unitPriceMinor, paidMinor })),
  };
  const result = await analytics.load("purchases", tenantId, [
    { ...good, at: "0201-01-01T00:00:00Z" },
    good,
    { ...good, lines: [] },
    { ...good, id: "x" },
    { ...good, at: "2099-01-01T00:00:00Z" },
  ]);
  expect(result).toEqual({
    added: 1,
    known: 0,
    rejected: [
      { index: 0, reason: expect.stringContaining("is before 1990") },
      { index: 2, reason: expect.stringContaining("lines") },
      { index: 3, reason: expect.stringContaining("no identifier of a purchase") },
      { index: 4, reason: expect.stringContaining("is in the future") },
    ],
  });
});
