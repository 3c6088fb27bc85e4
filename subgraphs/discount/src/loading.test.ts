import { uniformAt } from "@kava/algorithms/random";
import { derivedId, newId, purchaseIdOf } from "@kava/contracts/ids";
import type { CustomerRow, PurchaseRow } from "@kava/contracts/loading";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { isInHoldout } from "./domain/holdout.js";
import { replay } from "./domain/decideOffer.js";
import type { DecisionRecord } from "./domain/decision.js";
import { serveModel } from "./domain/fitModel.js";
import { DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
let itemIds: string[];
let customers: CustomerRow[];
let purchases: PurchaseRow[];

const DAY_MS = 86_400_000;

beforeAll(async () => {
  discount = await DiscountUnderTest.start();
  const items = await Promise.all(
    Array.from({ length: 12 }, (_, i) => discount.item({ name: `Item ${i}`, priceMinor: 300 + 40 * i, costMinor: 80 + 10 * i })),
  );
  itemIds = items.map((item) => item.itemId);
  const start = Date.now() - 120 * DAY_MS;
  customers = Array.from({ length: 60 }, (_, i) => ({
    id: derivedId(discount.tenantId, "customer", `c${i}`),
    externalId: `c${i}`,
    displayName: `Customer ${i}`,
    email: null,
    joinedAt: new Date(start).toISOString(),
    tastes: [],
    homeVenueId: null,
    attributes: {},
  }));
  // customer i comes every 3 + i mod 9 days and mostly buys item i mod 12, now and then the next one
  purchases = customers.flatMap((customer, i) =>
    Array.from({ length: Math.floor(118 / (3 + (i % 9))) }, (_, visit): PurchaseRow => {
      const early = i % 9 === 0 ? 0 : 2.5 * uniformAt(1, i, visit); // people are no clockwork
      const [key, at] = [`p${i}-${visit}`, new Date(start + (visit * (3 + (i % 9)) - (visit === 0 ? 0 : early)) * DAY_MS)];
      const itemId = itemIds[(i + (uniformAt(2, i, visit) < 0.4 ? 1 : 0)) % 12]!;
      return {
        id: purchaseIdOf(discount.tenantId, key, at),
        key,
        customerId: customer.id,
        venueId: null,
        at: at.toISOString(),
        lines: [{ itemId, quantity: 1, unitPriceMinor: 400, paidMinor: 400 }],
      };
    }),
  );
});
afterAll(() => discount?.close());

const counts = async () =>
  (
    await discount.sql.query(
      `SELECT (SELECT count(*) FROM visit) AS visits, (SELECT sum(purchases)::int FROM habit) AS bought, (SELECT count(*) FROM customer_view) AS customers,
     (SELECT sum(purchase_count)::int FROM customer_view) AS purchases, (SELECT count(*) FROM offer_push) AS pushes`,
    )
  ).rows[0];

test("history becomes habits, features, a fitted model and offers for all but the holdout, and nobody is pushed", async () => {
  expect(await discount.load("customers", customers)).toMatchObject({ added: 60, known: 0, rejected: [] });
  const future = new Date(Date.now() + 30 * DAY_MS);
  const wrong = [
    { nonsense: true },
    { ...purchases[0]!, id: newId() },
    { ...purchases[0]!, id: purchaseIdOf(discount.tenantId, "ahead", future), at: future.toISOString() },
    { ...purchases[0]!, id: purchaseIdOf(discount.tenantId, "old", new Date(0)), at: new Date(0).toISOString() },
  ];
  expect(await discount.load("purchases", [...purchases, ...wrong])).toMatchObject({
    added: purchases.length,
    known: 0,
    rejected: ["nonsense|customerId|id", "^id: .* is no identifier", "^at: .* is in the future", "^at: .* is before 1990"].map(
      (reason, i) => ({
        index: purchases.length + i,
        reason: expect.stringMatching(reason),
      }),
    ),
  });
  await discount.finishLoad();
  expect(await counts()).toEqual({
    visits: purchases.length,
    bought: purchases.length,
    customers: 60,
    purchases: purchases.length,
    pushes: 0,
  });
  const {
    rows: [first],
  } = await discount.sql.query(
    "SELECT purchase_count AS count, median_gap_days AS gap, average_order_minor AS average, round(frequency_per_week::numeric, 1)::float8 AS weekly FROM customer_view WHERE customer_id = $1",
    [customers[0]!.id],
  );
  expect(first).toEqual({ count: 39, gap: 3, average: 400, weekly: 2.3 });
  const { rows: models } = await discount.sql.query("SELECT state, reasons FROM response_model");
  expect(models).toEqual([{ state: "serving", reasons: [] }]);
  const { rows: live } = await discount.sql.query<{ customerId: string }>(
    `SELECT customer_id AS "customerId" FROM offer WHERE state = 'LIVE'`,
  );
  expect(live.length).toBeGreaterThan(10); // half of 57, but for luck
  expect(live.filter((offer) => isInHoldout(discount.tenantId, offer.customerId))).toEqual([]);
});

test("a decision made with a fitted model replays with the version that is kept", async () => {
  const { rows } = await discount.sql.query<{ record: DecisionRecord; model: object; version: string }>(
    "SELECT d.record, m.version, m.model FROM decision d JOIN offer o ON o.decision_id = d.id JOIN response_model m ON m.version = d.record #>> '{input,modelVersion}' WHERE o.state = 'LIVE'",
  );
  expect(rows.length).toBeGreaterThan(10);
  for (const { record, model, version } of rows) expect(replay(record, serveModel(version, model))).toEqual(record.output);
});

test("the same history again adds nothing", async () => {
  const before = await counts();
  expect(await discount.load("customers", customers)).toMatchObject({ added: 0, known: 60 });
  expect(await discount.load("purchases", purchases)).toMatchObject({ added: 0, known: purchases.length });
  await discount.finishLoad();
  expect(await counts()).toEqual(before);
});

test("the same history at other moments, in another month too, adds nothing and changes no habit", async () => {
  const state = async () => [
    await counts(),
    (await discount.sql.query("SELECT * FROM habit ORDER BY customer_id, item_id")).rows,
    (await discount.sql.query("SELECT purchase_count, average_order_minor, median_gap_days FROM customer_view ORDER BY customer_id")).rows,
  ];
  const before = await state();
  const moved = purchases.map((row): PurchaseRow => {
    const at = new Date(Date.parse(row.at) - 31 * DAY_MS + 4_321_000);
    return { ...row, id: purchaseIdOf(discount.tenantId, row.key, at), at: at.toISOString() };
  });
  expect(await discount.load("purchases", moved)).toMatchObject({ added: 0, known: purchases.length, rejected: [] });
  await discount.finishLoad();
  expect(await state()).toEqual(before);
});

test("a load whose offers could not be decided says so and why, until a later one succeeds", async () => {
  const decideAll = { name: "decide all", input: z.object({ tenantId: z.uuid(), trigger: z.literal("load") }), attempts: 1 };
  await discount.sql.query("ALTER TABLE decision RENAME TO decision_away");
  const input = { tenantId: discount.tenantId, trigger: "load" as const };
  await discount.running.platform.bus.jobs("discount").enqueue(decideAll, input, { key: `${discount.tenantId}.load` });
  await until("it was given up", async () => (await discount.loadStatus()).state === "failed");
  expect((await discount.loadStatus()).step).toMatch(/offers: .*decision/);
  await discount.sql.query("ALTER TABLE decision_away RENAME TO decision");
  await discount.finishLoad();
  expect(await discount.loadStatus()).toEqual({ state: "idle" });
});

test("tastes that were learned from history decide for everybody again, and nobody is pushed", async () => {
  const liked = customers.map((customer) =>
    discount.liking(
      customer.id,
      itemIds.slice(0, 5).map((itemId, i) => ({ itemId, score: 0.1 - i * 0.01 })),
      { afterLoad: true },
    ),
  );
  await discount.publish(liked);
  await discount.finishLoad();
  const { rows } = await discount.sql.query<{ because: string }>(
    "SELECT DISTINCT because->>'code' AS because FROM offer WHERE state = 'LIVE'",
  );
  expect(rows.map((row) => row.because)).toContain("customersLikeYou");
  expect(await counts()).toMatchObject({ pushes: 0 });
});

test("a purchase of a customer of whom nothing else is known yet counts, and its features come with it", async () => {
  let customerId = newId();
  while (isInHoldout(discount.tenantId, customerId)) customerId = newId();
  await discount.publish([discount.purchase(customerId, [itemIds[0]!])]);
  const { rows } = await discount.sql.query("SELECT purchase_count AS count FROM customer_view WHERE customer_id = $1", [customerId]);
  expect(rows).toEqual([{ count: 3 }]);
});
