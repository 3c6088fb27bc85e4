import { pushTopic } from "@kava/contracts/events";
import { newId } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { anonymous, customerAs, DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
});
afterAll(() => discount?.close());

interface Push {
  cursor: string;
  customerId: string;
  offer: { id: string; state: string; depth: number; price: { amount: string } | null; item: { id: string } | null } | null;
}
const PUSHES =
  "query($id: ID!, $after: String, $first: Int) { offerPushes(customerId: $id, after: $after, first: $first) { cursor customerId offer { id state depth price { amount } item { id } } } }";
const askPushes = (customerId: string, after: string | null = "start", identity = customerAs(customerId), first = 100) =>
  discount.ask<{ offerPushes: Push[] | null }>(PUSHES, { id: customerId, after, first }, identity);
const pushesOf = async (customerId: string, after: string | null = "start", first = 100) =>
  (await askPushes(customerId, after, customerAs(customerId), first)).data.offerPushes!;

/** A customer who likes an item that can be discounted, but does not buy it anyway. */
const customerWhoLikes = async ({ score = 0.08, holdout = false, costMinor = 100 as number | null } = {}) => {
  const [item, customerId] = [await discount.item({ costMinor }), await discount.customer({ holdout })];
  await discount.publish([discount.liking(customerId, [{ itemId: item.itemId, score }])]);
  return { item, customerId };
};

test("a purchase makes a margin-checked offer, a push row, a wake-up and an event", async () => {
  const { item, customerId } = await customerWhoLikes();
  const woken: string[] = [];
  const listener = await discount.running.platform.bus.wakeups.subscribe(pushTopic(discount.tenantId), (_, keys) => woken.push(...keys));
  await discount.publish([discount.purchase(customerId, [newId()])]);
  await until("the wake-up came", () => woken.includes(customerId));
  await listener.close();
  const [push, ...more] = await pushesOf(customerId);
  expect(more).toEqual([]);
  expect(push).toMatchObject({ customerId, offer: { state: "LIVE", item: { id: item.itemId } } });
  expect(Number(push!.offer!.price!.amount)).toBeLessThan(4);
  expect(Number(push!.offer!.price!.amount) * 0.65).toBeGreaterThanOrEqual(1);
  const { rows } = await discount.sql.query(
    "SELECT data FROM outbox WHERE type = 'offer.decided' AND aggregate_id = $1 ORDER BY aggregate_version DESC LIMIT 1",
    [customerId],
  );
  expect(rows[0]).toMatchObject({ data: { offerId: push!.offer!.id, itemId: item.itemId, depth: push!.offer!.depth, holdout: false } });
});

test("the same event twice is one push", async () => {
  const { customerId } = await customerWhoLikes();
  const purchase = discount.purchase(customerId, [newId()]);
  await discount.publish([purchase]);
  await discount.running.platform.bus.events.publish([purchase]);
  await until("the queue is empty", async () => (await discount.running.platform.bus.events.depth("discount")) === 0);
  expect(await pushesOf(customerId)).toHaveLength(1);
});

test("purchases of one customer at the same moment are pushed one after the other, without a gap", async () => {
  const { customerId } = await customerWhoLikes();
  await discount.publish(Array.from({ length: 20 }, () => discount.purchase(customerId, [newId()])));
  const { rows } = await discount.sql.query<{ seq: number }>("SELECT seq FROM offer_push WHERE customer_id = $1 ORDER BY seq", [
    customerId,
  ]);
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  const { rows: live } = await discount.sql.query("SELECT FROM offer WHERE customer_id = $1 AND state = 'LIVE'", [customerId]);
  expect(live).toHaveLength(1);
});

test("purchases of several customers that come together are decided together, each with a push of its own", async () => {
  const [one, other] = [await customerWhoLikes(), await customerWhoLikes({ score: 0.9 })];
  const purchases = [one, other, one].map(({ customerId }) => discount.purchase(customerId, [newId()]));
  await discount.publish(purchases);
  const [ofOne, ofOther] = [await pushesOf(one.customerId), await pushesOf(other.customerId)];
  expect(ofOne.map((push) => push.offer?.item?.id)).toEqual([one.item.itemId, one.item.itemId]);
  expect(ofOther.map((push) => push.offer)).toEqual([null]);
  const { rows } = await discount.sql.query("SELECT FROM visit WHERE customer_id = ANY($1::uuid[])", [[one.customerId, other.customerId]]);
  expect(rows).toHaveLength(3);
});

test("an offer that still stands is pushed again, unchanged", async () => {
  const { customerId } = await customerWhoLikes();
  await discount.publish([discount.purchase(customerId, [newId()])]);
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const [first, second] = await pushesOf(customerId);
  expect(second!.offer).toEqual(first!.offer);
  expect(second!.cursor).not.toBe(first!.cursor);
});

test("a purchase after which nothing is offered pushes none, and the decision says why", async () => {
  const { customerId } = await customerWhoLikes({ costMinor: null });
  await discount.publish([discount.purchase(customerId, [newId()])]);
  expect((await pushesOf(customerId)).map((push) => push.offer)).toEqual([null]);
  const { rows } = await discount.sql.query(
    "SELECT reason, record #>> '{output,findings,0,reason}' AS why FROM decision WHERE customer_id = $1 AND trigger = 'purchase'",
    [customerId],
  );
  expect(rows).toEqual([{ reason: "noneEligible", why: "costUnknown" }]);
});

test("who would probably buy the item at full price gets no discount on it", async () => {
  const { customerId } = await customerWhoLikes({ score: 0.9 });
  await discount.publish([discount.purchase(customerId, [newId()])]);
  expect((await pushesOf(customerId)).map((push) => push.offer)).toEqual([null]);
});

test("each customer and week is kept once with what was drawn, what else could have been, and what was known; purchases with what each item brought", async () => {
  const { item, customerId } = await customerWhoLikes();
  const other = newId();
  for (let i = 0; i < 3; i++) await discount.publish([discount.purchase(customerId, [item.itemId, other])]);
  const { rows } = await discount.sql.query(
    "SELECT item_id, depth, propensities, customer, item, model_version, policy_version FROM assignment WHERE customer_id = $1",
    [customerId],
  );
  expect(rows).toHaveLength(1);
  const [kept] = rows as { depth: number; propensities: { depth: number; probability: number }[] }[];
  expect(kept).toMatchObject({
    item_id: item.itemId,
    customer: { purchaseCount: expect.any(Number) },
    item: { priceMinor: item.priceMinor, costMinor: item.costMinor, taste: expect.any(Number) },
    model_version: "prior-1",
    policy_version: "margin-4",
  });
  expect(kept!.propensities.map((each) => each.depth)).toContain(kept!.depth);
  expect(kept!.propensities.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 9);
  const { rows: visits } = await discount.sql.query("SELECT item_ids, quantities, paid_minor FROM visit WHERE customer_id = $1", [
    customerId,
  ]);
  expect(visits).toHaveLength(3);
  for (const visit of visits as { item_ids: string[]; quantities: number[]; paid_minor: number[] }[])
    expect([visit.item_ids, visit.quantities.length, visit.paid_minor.length]).toEqual([[item.itemId, other], 2, 2]);
});

test("the holdout never gets an offer nor a push", async () => {
  const { customerId } = await customerWhoLikes({ holdout: true });
  await discount.publish([discount.purchase(customerId, [newId()]), discount.purchase(customerId, [newId()])]);
  expect(await pushesOf(customerId)).toEqual([]);
  const { rows } = await discount.sql.query("SELECT FROM offer WHERE customer_id = $1", [customerId]);
  expect(rows).toEqual([]);
  const { rows: told } = await discount.sql.query(
    "SELECT data->>'holdout' AS holdout FROM outbox WHERE type = 'offer.decided' AND aggregate_id = $1",
    [customerId],
  );
  expect(told).toEqual([{ holdout: "true" }, { holdout: "true" }, { holdout: "true" }].slice(0, told.length));
  expect(told.length).toBeGreaterThanOrEqual(2);
});

test("pushes go on from a cursor; without one there is the most recent alone", async () => {
  const { customerId } = await customerWhoLikes();
  expect(await pushesOf(customerId, null)).toEqual([]);
  for (let i = 0; i < 4; i++) await discount.publish([discount.purchase(customerId, [newId()])]);
  const all = await pushesOf(customerId);
  expect(all).toHaveLength(4);
  expect(await pushesOf(customerId, all[1]!.cursor)).toEqual(all.slice(2));
  expect(await pushesOf(customerId, all[0]!.cursor, 2)).toEqual(all.slice(1, 3));
  expect(await pushesOf(customerId, all[3]!.cursor)).toEqual([]);
  expect(await pushesOf(customerId, null)).toEqual(all.slice(3));
});

test("a cursor of another customer, or none at all, is refused", async () => {
  const [mine, theirs] = [await customerWhoLikes(), await customerWhoLikes()];
  await discount.publish([discount.purchase(theirs.customerId, [newId()])]);
  const [push] = await pushesOf(theirs.customerId);
  for (const cursor of [push!.cursor, "nonsense", Buffer.from("[1]").toString("base64url")]) {
    const { errors } = await askPushes(mine.customerId, cursor);
    expect(errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
  }
});

test("pushes and offers are for the customer and staff: others, strangers, partners and another tenant see nothing", async () => {
  const { customerId } = await customerWhoLikes();
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const [push] = await pushesOf(customerId);
  const id = push!.offer!.id;
  const OFFER =
    "query($id: ID!, $customer: [_Any!]!) { offer(id: $id) { id } _entities(representations: $customer) { ... on Customer { offer { id } offers { edges { node { id } } } } } }";
  const see = async (identity: object) =>
    (
      await discount.ask<{ offer: object | null; _entities: object[] }>(
        OFFER,
        { id, customer: [{ __typename: "Customer", id: customerId }] },
        identity,
      )
    ).data;
  const nothing = { offer: null, _entities: [{ offer: null, offers: null }] };
  const everything = { offer: { id }, _entities: [{ offer: { id }, offers: { edges: [{ node: { id } }] } }] };
  expect(await see(customerAs(customerId))).toEqual(everything);
  expect(await see({ role: "staff" })).toEqual(everything);
  for (const stranger of [customerAs(newId()), anonymous, { role: "partner", scopes: ["purchases:write"] }]) {
    expect(await see(stranger)).toEqual(nothing);
    expect((await askPushes(customerId, null, stranger as never)).errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
  }
  expect(await see({ role: "staff", tenantId: discount.otherTenantId })).toEqual({
    offer: null,
    _entities: [{ offer: null, offers: { edges: [] } }],
  });
  expect((await askPushes(customerId, "start", { role: "staff", tenantId: discount.otherTenantId } as never)).data.offerPushes).toEqual([]);
});

test("an expired offer is never shown as live, also before the sweep has seen it; the sweep ends it", async () => {
  const { customerId } = await customerWhoLikes();
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const before = (await pushesOf(customerId))[0]!.offer!;
  expect(before.state).toBe("LIVE");
  discount.setClock(new Date(Date.now() + 8 * 86_400_000));
  const LIVE = "query($c: [_Any!]!) { _entities(representations: $c) { ... on Customer { offer { id } } } }";
  const live = async () =>
    (
      await discount.ask<{ _entities: [{ offer: { id: string } | null }] }>(
        LIVE,
        { c: [{ __typename: "Customer", id: customerId }] },
        customerAs(customerId),
      )
    ).data._entities[0].offer;
  expect(await live()).toBeNull();
  expect((await pushesOf(customerId))[0]!.offer).toMatchObject({ id: before.id, state: "EXPIRED", price: null });
  await discount.running.platform.bus.jobs("discount").enqueue({ name: "expire offers", input: z.object({}) }, {});
  await until(
    "the sweep ended the offer",
    async () => (await discount.sql.query("SELECT FROM offer WHERE id = $1 AND state = 'EXPIRED'", [before.id])).rowCount === 1,
  );
  expect((await live())?.id).not.toBe(before.id);
});

test("an offer lives as long as the customer was told, over the end of the week too; only then the next week is drawn", async () => {
  const start = new Date();
  discount.setClock(start);
  const { customerId } = await customerWhoLikes();
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const made = (await pushesOf(customerId))[0]!.offer!;
  const monday = new Date(
    Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + 8 - (start.getUTCDay() || 7), 0, 0, 1),
  );
  const drawn = async () =>
    (await discount.sql.query("SELECT FROM assignment WHERE tenant_id = $1 AND customer_id = $2", [discount.tenantId, customerId]))
      .rowCount;
  discount.setClock(monday);
  await discount.publish([discount.purchase(customerId, [newId()])]);
  expect((await pushesOf(customerId)).at(-1)!.offer).toMatchObject({ id: made.id, state: "LIVE" });
  expect(await drawn()).toBe(1);
  discount.setClock(new Date(start.getTime() + 7 * 86_400_000 + 1_000));
  await discount.runJob("expire offers", {});
  expect(await drawn()).toBe(2);
});

test("who does not buy is reached by the daily sweep", async () => {
  discount.setClock(new Date());
  const { customerId } = await customerWhoLikes();
  await discount.running.platform.bus.jobs("discount").enqueue({ name: "sweep lapsed", input: z.object({}) }, {});
  const [push] = await until("the sweep pushed an offer", async () => {
    const pushes = await pushesOf(customerId);
    return pushes.length > 0 && pushes;
  });
  expect(push!.offer).toMatchObject({ state: "LIVE" });
});
