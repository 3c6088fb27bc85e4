import { pushTopic } from "@kava/contracts/events";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customerAs, DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
beforeAll(async () => { discount = await DiscountUnderTest.start(); });
afterAll(() => discount?.close());

interface Push { cursor: string; customerId: string; offer: { id: string; state: string; depth: number; price: { amount: string } | null; item: { id: string } | null } | null }
const PUSHES = "query($id: ID!, $after: String, $first: Int) { offerPushes(customerId: $id, after: $after, first: $first) { cursor customerId offer { id state depth price { amount } item { id } } } }";
const pushesOf = async (customerId: string, after: string | null = "start", first = 100) =>
  (await discount.ask<{ offerPushes: Push[] }>(PUSHES, { id: customerId, after, first }, customerAs(customerId))).data.offerPushes;

/** A customer who likes an item that can be discounted, but does not buy it anyway. */
const customerWhoLikes = async (score = 0.08) => {
  const [item, customerId] = [await discount.item(), await discount.customer()];
  await discount.publish([discount.liking(customerId, [{ itemId: item.itemId, score }])]);
  return { item, customerId };
};

test("a purchase makes a margin-checked offer, a push row and a wake-up", async () => {
  const { item, customerId } = await customerWhoLikes();
  const woken: string[] = [];
  const listener = await discount.running.platform.bus.wakeups.subscribe("offer.pushed.>", (topic) => woken.push(topic));
  await discount.publish([discount.purchase(customerId, [item.itemId])]);
  await until("the wake-up came", () => woken.includes(pushTopic(discount.tenantId, customerId)));
  await listener.close();
  const [push, ...more] = await pushesOf(customerId);
  expect(more).toEqual([]);
  expect(push).toMatchObject({ customerId, offer: { state: "LIVE", item: { id: item.itemId } } });
  expect(Number(push!.offer!.price!.amount)).toBeLessThan(4);
  expect(Number(push!.offer!.price!.amount) * 0.65).toBeGreaterThanOrEqual(1);
});
