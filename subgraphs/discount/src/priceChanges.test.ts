import type { EventData } from "@kava/contracts/events";
import { newId } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHAIN, customerAs, DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
});
afterAll(() => discount?.close());

interface Push {
  offer: { id: string; state: string; depth: number; price: { amount: string } | null; item: { id: string } } | null;
}
const latestPush = async (customerId: string) => {
  const { data } = await discount.ask<{ offerPushes: Push[] }>(
    "query($id: ID!) { offerPushes(customerId: $id) { offer { id state depth price { amount } item { id } } } }",
    { id: customerId },
    customerAs(customerId),
  );
  return data.offerPushes[0]!;
};
const countPushes = async (customerId: string) =>
  (await discount.sql.query("SELECT FROM offer_push WHERE customer_id = $1", [customerId])).rowCount;

const withOffer = async (given: Partial<EventData<"menu.item.priced">> = {}) => {
  const [item, customerId] = [await discount.item(given), await discount.customer()];
  await discount.publish([discount.liking(customerId, [{ itemId: item.itemId, score: 0.08 }])]);
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const { offer } = await latestPush(customerId);
  expect(offer?.state).toBe("LIVE");
  return { item, customerId, offer: offer! };
};

test("a cost that rises beyond what the depth bears withdraws or corrects the offer, and the customer is told", async () => {
  const { item, customerId, offer } = await withOffer();
  const pushes = await countPushes(customerId);
  await discount.item({ ...item, costMinor: 240 });
  const after = await latestPush(customerId);
  expect(after.offer?.id).not.toBe(offer.id);
  expect(await countPushes(customerId)).toBe(pushes + 1);
  const { rows } = await discount.sql.query<{ state: string }>("SELECT state FROM offer WHERE id = $1", [offer.id]);
  expect(rows[0]!.state).toBe("WITHDRAWN");
  expect(Number(after.offer?.price?.amount ?? Infinity) * 100 * 0.65).toBeGreaterThanOrEqual(240);
});

test("a price that rises is in the offer at once: the same offer, the new price", async () => {
  const { item, customerId, offer } = await withOffer();
  await discount.item({ ...item, priceMinor: 440 });
  const after = await latestPush(customerId);
  expect(after.offer).toMatchObject({
    id: offer.id,
    depth: offer.depth,
    price: { amount: (Math.ceil((440 * (100 - offer.depth)) / 100) / 100).toFixed(2) },
  });
});

test("an item that is retired is not offered any more", async () => {
  const { item, customerId } = await withOffer();
  await discount.item({ ...item, retired: true });
  expect(await latestPush(customerId)).toEqual({ offer: null });
});

test("a new name of an item pushes nothing", async () => {
  const { item, customerId } = await withOffer();
  const pushes = await countPushes(customerId);
  await discount.item({ ...item, name: "Croissant au beurre" });
  expect(await countPushes(customerId)).toBe(pushes);
});

test("an older event of an item that arrives late changes nothing", async () => {
  const { item, customerId, offer } = await withOffer();
  const late = { ...discount.event("menu.item.priced", { ...item, priceMinor: 100 }, item.itemId), aggregateVersion: 0 };
  await discount.publish([late]);
  expect((await latestPush(customerId)).offer?.price).toEqual(offer.price);
});

const halfPrice = (itemId: string): EventData<"menu.promotion.changed"> => ({
  promotionId: newId(),
  name: "Half price",
  startsAt: "2020-01-01T00:00:00.000Z",
  endsAt: null,
  active: true,
  reduction: { percent: 50 },
  rule: { itemIds: [itemId] },
});

test("a promotion that makes the item cheaper than the personal price takes the offer's place", async () => {
  const { item, customerId } = await withOffer();
  const promotion = halfPrice(item.itemId);
  await discount.tell("menu.promotion.changed", promotion, promotion.promotionId);
  expect((await latestPush(customerId)).offer).toBeNull();
});

/** The greatest number of decisions that one transaction made on such a change. */
const mostAtOnce = async (trigger: string) =>
  (
    await discount.sql.query<{ most: number }>(
      "SELECT max(n)::int AS most FROM (SELECT count(*) AS n FROM decision WHERE trigger = $1 GROUP BY xmin::text) AS by_transaction",
      [trigger],
    )
  ).rows[0]!.most;
const liveOn = async (itemId: string) =>
  (await discount.sql.query("SELECT FROM offer WHERE item_id = $1 AND state = 'LIVE'", [itemId])).rowCount;

test("a change that concerns more customers than one transaction holds reaches them all in parts, and nobody is shown a stale offer meanwhile", async () => {
  const item = await discount.item();
  const customers = await discount.customersOffered(item.itemId, 230);
  expect(await liveOn(item.itemId)).toBe(230);

  await discount.item({ ...item, priceMinor: 440 });
  for (const customerId of [customers[0]!, customers[229]!])
    expect((await latestPush(customerId)).offer).toMatchObject({ state: "LIVE", price: { amount: expect.stringMatching(/^[34]\.\d\d$/) } });
  await until("every offer has the new price", async () => {
    const { rowCount } = await discount.sql.query("SELECT FROM offer WHERE item_id = $1 AND state = 'LIVE' AND list_minor = 440", [
      item.itemId,
    ]);
    return rowCount === 230;
  });
  for (const customerId of [customers[0]!, customers[115]!, customers[229]!]) expect(await countPushes(customerId)).toBe(2);

  await discount.item({ ...item, costMinor: 350 });
  for (const customerId of [customers[0]!, customers[229]!]) expect((await latestPush(customerId)).offer?.price ?? null).toBeNull();
  await until("no offer on it is live", async () => (await liveOn(item.itemId)) === 0);
  expect(await mostAtOnce("item")).toBeLessThanOrEqual(100);
});

test("a promotion that concerns more customers than one transaction holds takes the place of all their offers, in parts", async () => {
  const item = await discount.item();
  await discount.customersOffered(item.itemId, 120);
  expect(await liveOn(item.itemId)).toBe(120);
  const promotion = { ...halfPrice(item.itemId), rule: {} };
  await discount.tell("menu.promotion.changed", promotion, promotion.promotionId);
  await until("no offer on it is live", async () => (await liveOn(item.itemId)) === 0);
  expect(await mostAtOnce("promotion")).toBeLessThanOrEqual(100);
  await discount.tell("menu.promotion.changed", { ...promotion, active: false }, promotion.promotionId);
});

test("a taste that moves by little changes nothing; one that moves by much decides again", async () => {
  const { item, customerId, offer } = await withOffer();
  const other = await discount.item({ name: "Cake", priceMinor: 4_000, costMinor: 100 });
  const decisions = async () => (await discount.sql.query("SELECT FROM decision WHERE customer_id = $1", [customerId])).rowCount;
  const before = await decisions();
  await discount.publish([
    discount.liking(customerId, [
      { itemId: item.itemId, score: 0.1 },
      { itemId: other.itemId, score: 0.05 },
    ]),
  ]);
  expect(await decisions()).toBe(before);
  await discount.publish([
    discount.liking(customerId, [
      { itemId: item.itemId, score: 0.1 },
      { itemId: other.itemId, score: 0.2 },
    ]),
  ]);
  expect(await decisions()).toBe(before + 1);
  expect((await latestPush(customerId)).offer).toMatchObject({ state: "LIVE", item: { id: other.itemId } });
  expect(offer.item.id).toBe(item.itemId);
});

test("a floor that rises is in every answer at once, and ends or corrects the offers that no longer hold it", async () => {
  const { customerId, offer } = await withOffer({ priceMinor: 400, costMinor: 100 });
  await discount.tell("tenant.configured", { ...CHAIN, floor: 0.74 }, discount.tenantId);
  const shown = (await latestPush(customerId)).offer!;
  expect(shown).toMatchObject(
    offer.price && Number(offer.price.amount) * 100 * 0.26 < 100 ? { state: "WITHDRAWN", price: null } : { state: "LIVE" },
  );
  await until("every live offer holds the new floor", async () => {
    const { rows } = await discount.sql.query(
      "SELECT FROM offer o JOIN item_view i USING (tenant_id, item_id) WHERE o.state = 'LIVE' AND o.price_minor * 26 < i.cost_minor * 100",
    );
    return rows.length === 0;
  });
  await discount.tell("tenant.configured", CHAIN, discount.tenantId);
});

test("whatever happens to items and customers, at the same moment too, no live offer is under its floor and each customer has one at the most", async () => {
  // in a chain of their own: where hundreds are offered the same items, a job decides again for them, a moment later
  const tenantId = discount.otherTenantId;
  const items = await Promise.all([0, 1, 2, 3].map(() => discount.item({}, tenantId)));
  const customers = await Promise.all([0, 1, 2].map(() => discount.customer({ tenantId })));
  await discount.publish(
    customers.map((customerId) =>
      discount.liking(
        customerId,
        items.map(({ itemId }) => ({ itemId, score: 0.09 })),
        { tenantId },
      ),
    ),
  );
  const happening = fc.oneof(
    fc.record({
      kind: fc.constant("priced" as const),
      at: fc.nat(3),
      priceMinor: fc.integer({ min: 1, max: 900 }),
      costMinor: fc.option(fc.integer({ min: 0, max: 500 })),
      retired: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("purchase" as const), customer: fc.nat(2), at: fc.nat(3) }),
    fc.record({
      kind: fc.constant("liked" as const),
      customer: fc.nat(2),
      scores: fc.array(fc.double({ min: 0, max: 0.6, noNaN: true }), { minLength: 4, maxLength: 4 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 12 }), async (story) => {
      await discount.publish(
        story.map((step) => {
          if (step.kind === "purchase") return discount.purchase(customers[step.customer]!, [items[step.at]!.itemId], {}, tenantId);
          if (step.kind === "liked")
            return discount.liking(
              customers[step.customer]!,
              items.map(({ itemId }, i) => ({ itemId, score: step.scores[i]! })),
              { tenantId },
            );
          const { kind: _, at, ...changes } = step;
          return discount.event("menu.item.priced", { ...items[at]!, ...changes }, items[at]!.itemId, tenantId);
        }),
      );
      const { rows } = await discount.sql.query<{
        priceMinor: number;
        listMinor: number;
        viewMinor: number;
        costMinor: number | null;
        retired: boolean;
        customerId: string;
      }>(
        `SELECT o.price_minor AS "priceMinor", o.list_minor AS "listMinor", i.price_minor AS "viewMinor", i.cost_minor AS "costMinor", i.retired, o.customer_id AS "customerId"
       FROM offer o JOIN item_view i USING (tenant_id, item_id) WHERE o.state = 'LIVE' AND o.customer_id = ANY($1::uuid[])`,
        [customers],
      );
      for (const row of rows) {
        expect(row).toMatchObject({ retired: false, listMinor: row.viewMinor });
        expect(row.costMinor).not.toBeNull();
        expect(row.priceMinor * 65).toBeGreaterThanOrEqual(row.costMinor! * 100);
      }
      expect(new Set(rows.map((row) => row.customerId)).size).toBe(rows.length);
    }),
    { numRuns: 25 },
  );
});
