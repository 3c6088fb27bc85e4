import { newId } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countDraws, outcomesAfter, sampleFor } from "./storage/outcomes.js";
import { CHAIN, DiscountUnderTest } from "./testing/startDiscount.js";

const DAY_MS = 86_400_000;
const BEGINNING = { decidedAt: new Date(0), customerId: "00000000-0000-0000-0000-000000000000" };
let discount: DiscountUnderTest;
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
});
afterAll(() => discount?.close());

const later = (days: number): void => discount.setClock(new Date(discount.now.getTime() + days * DAY_MS));
const outcomes = (after = BEGINNING, limit = 10) => outcomesAfter(discount.sql, discount.tenantId, CHAIN, discount.now, after, limit);

test("of a week that chance decided it is known, once its window is over, what the customer earned in it, over all items, and whether the item was bought", async () => {
  const [liked, other, unpriced] = [
    await discount.item({ priceMinor: 400, costMinor: 100 }),
    await discount.item({ costMinor: 300 }),
    await discount.item({ costMinor: null }),
  ];
  const customerId = await discount.customer();
  await discount.publish([discount.liking(customerId, [{ itemId: liked.itemId, score: 0.08 }])]);
  discount.setClock(new Date(discount.now.getTime()));
  await discount.publish([discount.purchase(customerId, [newId()])]);
  later(3);
  await discount.publish([discount.purchase(customerId, [liked.itemId, liked.itemId, other.itemId, unpriced.itemId])]);
  expect(await outcomes()).toEqual([]);
  later(20);
  await discount.publish([discount.purchase(customerId, [liked.itemId])]);
  later(10);
  await discount.publish([discount.purchase(customerId, [other.itemId])]); // 33 days after the draw: its window is over
  const [first] = await outcomes();
  expect(first).toMatchObject({
    customerId,
    itemId: liked.itemId,
    marginMinor: 2 * 300 + 100 + 300,
    purchases: 2,
    units: 2,
    customer: { purchaseCount: 3 },
    item: { priceMinor: 400, costMinor: 100 },
  });
  expect(first!.propensities.map((each) => each.depth)).toContain(first!.depth);
});

test("outcomes come page after page, each once, none of another chain", async () => {
  later(100);
  const all = await outcomes();
  expect(all.length).toBeGreaterThan(1);
  const pages = [];
  for (let after = BEGINNING; ;) {
    const [next] = await outcomes(after, 1);
    if (!next) break;
    pages.push(next);
    after = next;
  }
  expect(pages).toEqual(all);
  expect(await outcomesAfter(discount.sql, discount.otherTenantId, CHAIN, discount.now, BEGINNING, 10)).toEqual([]);
});

test("of a log too long a sample is read: some customers with all their weeks, and some weeks of others; the same ones each time", async () => {
  const tenantId = discount.otherTenantId;
  await discount.sql.query(
    `INSERT INTO assignment (tenant_id, customer_id, week, decided_at, item_id, depth, propensities, customer, item, model_version, policy_version)
     SELECT $1, md5('customer ' || c)::uuid, 'week ' || w, $2::timestamptz + w * interval '1 hour', $3::uuid, 0, '[]', '{}', '{}', 'prior-1', 'margin-4'
     FROM generate_series(1, 400) AS c, generate_series(1, 10) AS w`,
    [tenantId, new Date(discount.now.getTime() - 90 * DAY_MS), newId()],
  );
  const sample = await sampleFor(discount.sql, tenantId, new Date(0), 2_000);
  expect(sample).toEqual({ customers: 0.25, weeks: 0.25 });
  const read = () => outcomesAfter(discount.sql, tenantId, CHAIN, discount.now, BEGINNING, 10_000, sample);
  const rows = await read();
  expect(rows.length).toBeGreaterThan(1_400); // 4,000 × (1 − 0.75²) = 1,750, but for luck
  expect(rows.length).toBeLessThan(2_100);
  const weeksOf = Map.groupBy(rows, (row) => row.customerId);
  for (const own of weeksOf.values()) {
    expect(new Set(own.map((row) => row.whole)).size).toBe(1);
    if (own[0]!.whole) expect(own).toHaveLength(10);
  }
  expect(weeksOf.size).toBeGreaterThan(350);
  expect(await read()).toEqual(rows);
  expect(await sampleFor(discount.sql, tenantId, new Date(0), 4_000)).toEqual({ customers: 1, weeks: 1 });
  const hour = (w: number) => new Date(discount.now.getTime() - 90 * DAY_MS + w * 3_600_000);
  expect(await countDraws(discount.sql, tenantId, hour(3), hour(5))).toBe(800); // those of hours 4 and 5
  expect(await countDraws(discount.sql, tenantId, hour(3))).toBe(2_800);
});
