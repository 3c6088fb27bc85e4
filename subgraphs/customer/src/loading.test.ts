import { randomUUID } from "node:crypto";
import { derivedId, purchaseIdOf } from "@kava/contracts/ids";
import type { LoadStatus } from "@kava/contracts/loading";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadStatus } from "./storage/loadBatches.js";
import { STAFF, TENANT, startCustomer, type CustomerService } from "./testing/startCustomer.js";

const NOW = new Date("2026-11-22T10:00:00Z");
let service: CustomerService;
beforeAll(async () => {
  service = await startCustomer(NOW);
  await until("the menu is known", async () => (await service.count("item_view")) === 3 && (await service.count("venue_view")) === 1);
});
afterAll(() => service?.close());

const customerRow = (key: string, more: object = {}) => ({
  id: derivedId(TENANT, "customer", key),
  externalId: key,
  displayName: `Customer ${key}`,
  joinedAt: "2025-01-01T00:00:00Z",
  ...more,
});
const purchaseRow = (key: string, at: string, more: object = {}) => ({
  id: purchaseIdOf(TENANT, key, new Date(at)),
  key,
  customerId: derivedId(TENANT, "customer", "1"),
  venueId: service.venueId,
  at,
  lines: [{ itemId: service.items.coffee, quantity: 2, unitPriceMinor: 400, paidMinor: 700 }],
  ...more,
});
const finish = async (batch: string) => {
  await service.request(`/internal/load/finish?tenant=${TENANT}&batch=${batch}`, { method: "POST" });
  await until("the batch is finished", async () => (await statusOf()).state === "idle");
};
const statusOf = async () => (await (await service.request(`/internal/load/status?tenant=${TENANT}`)).json()) as LoadStatus;
const habitsOf = async (key: string) =>
  (
    await service.running.platform.database.sql.query<{
      habits: object;
      purchase_count: number;
      total_minor: number;
      last_at: Date | null;
    }>("SELECT habits, purchase_count, total_minor, last_at FROM customer WHERE external_id = $1", [key])
  ).rows[0]!;

test("customers are loaded once; who comes second with an address keeps it as an attribute", async () => {
  const rows = [
    customerRow("1", { email: "One@Example.com" }),
    customerRow("2", { email: "one@example.com", attributes: { gender: "F" } }),
    customerRow("3", { email: "no address", tastes: ['a "b"', "c\\d"] }),
  ];
  expect(await service.load("customers", rows)).toMatchObject({ added: 3, known: 0, rejected: [] });
  expect(await service.load("customers", rows)).toMatchObject({ added: 0, known: 3, rejected: [] });
  const { rows: kept } = await service.running.platform.database.sql.query(
    "SELECT external_id, email, attributes, tastes FROM customer WHERE external_id IN ('1', '2', '3') ORDER BY external_id",
  );
  expect(kept).toEqual([
    { external_id: "1", email: "one@example.com", attributes: {}, tastes: [] },
    { external_id: "2", email: null, attributes: { gender: "F", emailOnFile: "one@example.com" }, tastes: [] },
    { external_id: "3", email: null, attributes: { emailOnFile: "no address" }, tastes: ['a "b"', "c\\d"] },
  ]);
});

test("rows that cannot be loaded are named with their place and reason, and the rest is loaded", async () => {
  const { rejected, added } = await service.load("customers", [
    { ...customerRow("9"), id: "9" },
    customerRow("4"),
    customerRow("10", { displayName: "a\u0000b" }),
    { ...customerRow("1"), id: randomUUID() },
  ]);
  expect(added).toBe(1);
  expect(rejected.map(({ index }) => index)).toEqual([0, 2, 3]);
  expect(rejected[2]!.reason).toContain("external id 1 ");
  const at = "2026-10-05T08:00:00Z";
  const purchases = await service.load("purchases", [
    purchaseRow("bad-1", at, { customerId: randomUUID() }),
    purchaseRow("bad-2", at, { venueId: randomUUID() }),
    purchaseRow("bad-3", at, { lines: [{ itemId: randomUUID(), quantity: 1, unitPriceMinor: 1, paidMinor: 1 }] }),
    purchaseRow("bad-4", "2027-01-01T00:00:00Z"),
    purchaseRow("bad-5", at, { id: purchaseIdOf(TENANT, "other", new Date(at)) }),
    purchaseRow("bad-6", at, { lines: [] }),
    purchaseRow("good-1", at, { customerId: null }),
    purchaseRow("bad-7", "1889-01-01T00:00:00Z"),
  ]);
  expect(purchases.added).toBe(1);
  expect(purchases.rejected.map(({ reason }) => reason.split(":")[0])).toEqual([
    "customerId",
    "venueId",
    "lines",
    "at",
    "id",
    "lines",
    "at",
  ]);
});

test("purchases are loaded once, also when their dates were shifted in between, and a till's retry finds them", async () => {
  const rows = [
    purchaseRow("p-1", "2019-04-01T08:00:00Z"),
    purchaseRow("p-2", "2026-11-23T20:00:00Z"),
    purchaseRow("p-2", "2026-11-23T20:00:00Z"),
  ];
  expect(await service.load("purchases", rows)).toMatchObject({ added: 2, known: 1, rejected: [] });
  expect(await service.load("purchases", rows)).toMatchObject({ added: 0, known: 3 });
  expect(await service.load("purchases", [purchaseRow("p-1", "2019-06-01T08:00:00Z")])).toMatchObject({ added: 0, known: 1 });
  const again = async (quantity: number) =>
    (
      await service.ask(
        "mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename ... on Purchase { id total { amount } discount { amount } } } }",
        {
          input: {
            idempotencyKey: "p-1",
            customerId: derivedId(TENANT, "customer", "1"),
            lines: [{ itemId: service.items.coffee, quantity }],
          },
        },
      )
    ).data as unknown;
  expect(await again(2)).toEqual({
    recordPurchase: { __typename: "Purchase", id: rows[0]!.id, total: { amount: "7.00" }, discount: { amount: "1.00" } },
  });
  expect(await again(1)).toEqual({ recordPurchase: { __typename: "KeyReused" } });
});

test("finishing a batch computes habits, puts everyone into a segment, and tells what came", async () => {
  await service.load("customers", [customerRow("20"), customerRow("21")], "second");
  await service.load(
    "purchases",
    [
      purchaseRow("q-2", "2026-11-01T07:30:00Z", { customerId: derivedId(TENANT, "customer", "20") }),
      purchaseRow("q-1", "2026-10-01T07:30:00Z", { customerId: derivedId(TENANT, "customer", "20") }),
    ],
    "second",
  );
  await finish("second");
  expect(await habitsOf("20")).toMatchObject({
    purchase_count: 2,
    total_minor: 1_400,
    last_at: new Date("2026-11-01T07:30:00Z"),
    habits: { purchaseCount: 2, totalMinor: 1_400, categories: { Espresso: 1_400 } },
  });
  expect(await habitsOf("21")).toMatchObject({ purchase_count: 0, last_at: null });
  expect((await service.events("purchases.loaded")).at(-1)).toEqual({
    batchId: "second",
    purchases: 2,
    customers: 2,
    from: "2026-10-01T07:30:00.000Z",
    to: "2026-11-01T07:30:00.000Z",
  });
  const told = (await service.events("customers.segmented")).flatMap((event) => event.members.map((member) => member.customerId));
  expect(told).toEqual(expect.arrayContaining([derivedId(TENANT, "customer", "20"), derivedId(TENANT, "customer", "21")]));
});

test("a batch that is loaded again changes nothing and tells nothing", async () => {
  const before = [await service.count("outbox"), await service.count("purchase"), await habitsOf("20")];
  await service.load("customers", [customerRow("20")], "second");
  await service.load(
    "purchases",
    [purchaseRow("q-1", "2026-10-01T07:30:00Z", { customerId: derivedId(TENANT, "customer", "20") })],
    "second",
  );
  await finish("second");
  expect([await service.count("outbox"), await service.count("purchase"), await habitsOf("20")]).toEqual(before);
});

test("habits are the same whether purchases arrive one by one at the till or at once from the records", async () => {
  const sales = Array.from({ length: 25 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 3 + (index % 7), 1 + ((index * 11) % 28), (5 + index) % 24, index)).toISOString(),
    item: [service.items.coffee, service.items.cake, service.items.beans][index % 3]!,
    price: [400, 650, 1_500][index % 3]!,
    quantity: 1 + (index % 4),
  }));
  await service.load("customers", [customerRow("till"), customerRow("records")], "third");
  for (const [index, sale] of sales.entries())
    await service.ask(
      "mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }",
      {
        input: {
          customerId: derivedId(TENANT, "customer", "till"),
          venueId: service.venueId,
          at: sale.at,
          lines: [{ itemId: sale.item, quantity: sale.quantity }],
          idempotencyKey: `till-${index}`,
        },
      },
      STAFF,
    );
  await service.load(
    "purchases",
    sales.map((sale, index) =>
      purchaseRow(`records-${index}`, sale.at, {
        customerId: derivedId(TENANT, "customer", "records"),
        lines: [{ itemId: sale.item, quantity: sale.quantity, unitPriceMinor: sale.price, paidMinor: sale.price * sale.quantity }],
      }),
    ),
    "third",
  );
  await finish("third");
  expect(await habitsOf("till")).toEqual(await habitsOf("records"));
  expect((await habitsOf("till")).purchase_count).toBe(25);
});

test("a purchase that is recorded while its customer's history is loaded is counted once", async () => {
  await service.load("customers", [customerRow("busy")], "fourth");
  const customerId = derivedId(TENANT, "customer", "busy");
  const live = (index: number) =>
    service.ask("mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }", {
      input: { customerId, lines: [{ itemId: service.items.coffee, quantity: 1 }], idempotencyKey: `busy-${index}` },
    });
  await Promise.all([
    ...Array.from({ length: 10 }, (_, index) => live(index)),
    service.load(
      "purchases",
      Array.from({ length: 40 }, (_, index) => purchaseRow(`busy-old-${index}`, "2026-11-01T08:00:00Z", { customerId })),
      "fourth",
    ),
  ]);
  await Promise.all([finish("fourth"), ...Array.from({ length: 10 }, (_, index) => live(10 + index))]);
  await until(
    "no history waits",
    async () => (await service.running.platform.database.sql.query("SELECT FROM customer WHERE habits_stale")).rows.length === 0,
  );
  expect(await habitsOf("busy")).toMatchObject({ purchase_count: 60, habits: { purchaseCount: 60 } });
});

test("a purchase that is being loaded while habits are computed is in them", async () => {
  const customerId = derivedId(TENANT, "customer", "meanwhile");
  const sale = (key: string) => purchaseRow(key, "2026-10-01T07:30:00Z", { customerId });
  const { database } = service.running.platform;
  const waiting = async () =>
    (await database.sql.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rowCount;
  await service.load("customers", [customerRow("meanwhile")], "fifth");
  await service.load("purchases", [sale("meanwhile-1")], "fifth");
  await service.load("customers", [customerRow("other")], "sixth");
  let loaded: Promise<unknown> | undefined;
  await database.transaction(async (tx) => {
    // the second block has its purchase and its customer, and waits for the batch that it belongs to
    await tx.query("SELECT FROM load_batch WHERE batch_id = 'sixth' FOR UPDATE");
    loaded = service.load("purchases", [sale("meanwhile-2")], "sixth");
    await until("the block waits", async () => (await waiting()) === 1);
    await service.request(`/internal/load/finish?tenant=${TENANT}&batch=fifth`, { method: "POST" });
    await until("the computation waits for the block", async () => (await waiting()) === 2);
  });
  await loaded;
  await until("no history waits", async () => (await database.sql.query("SELECT FROM customer WHERE habits_stale")).rowCount === 0);
  expect(await habitsOf("meanwhile")).toMatchObject({ purchase_count: 2, total_minor: 1_400, habits: { purchaseCount: 2 } });
});

test("a computation that failed is under way as long as it is tried again, and says why when it is not", async () => {
  const { sql } = service.running.platform.database;
  await service.load("customers", [customerRow("broken")], "seventh");
  await sql.query("ALTER TABLE item_view RENAME TO item_view_away");
  try {
    await service.request(`/internal/load/finish?tenant=${TENANT}&batch=seventh`, { method: "POST" });
    await until("it failed", async () => (await sql.query("SELECT FROM load_batch WHERE state = 'failed'")).rowCount === 1);
    expect(await statusOf()).toMatchObject({ state: "working" });
    expect(await loadStatus(sql, TENANT, false)).toEqual({ state: "failed", step: expect.stringContaining("item_view") });
  } finally {
    await sql.query("ALTER TABLE item_view_away RENAME TO item_view");
  }
  await until("it went on by itself", async () => (await statusOf()).state === "idle");
  expect((await service.events("purchases.loaded")).at(-1)).toMatchObject({ batchId: "seventh", customers: 1 });
});

test.each(["waiting", "failed"])("a service that ended while a batch was %s finishes it at the next start", async (state) => {
  const first = await startCustomer(NOW);
  await first.load("customers", [customerRow("left")], "left");
  await first.running.platform.database.sql.query("UPDATE load_batch SET state = $1, step = 'because'", [state]);
  await first.close();
  const second = await startCustomer(NOW, first.running.platform.config.databaseUrl);
  try {
    await until("the batch is done", async () => (await second.events("purchases.loaded")).length > 0);
    expect(await second.events("purchases.loaded")).toEqual([{ batchId: "left", purchases: 0, customers: 1, from: null, to: null }]);
    expect((await second.events("customers.segmented")).flatMap((event) => event.members)).toMatchObject([{ segmentName: "Newcomers" }]);
  } finally {
    await second.close();
  }
});
