import { newId } from "@kava/contracts/ids";
import type { EventData } from "@kava/contracts/events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anonymous, customerAs, DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
let customerId: string;
let offered: EventData<"menu.item.priced">;
let offer: { depth: number; amount: string };
const other = () => discount.item({ name: "Cake", category: "Cake" });

beforeAll(async () => {
  discount = await DiscountUnderTest.start();
  [offered, customerId] = [await discount.item(), await discount.customer()];
  await discount.publish([discount.liking(customerId, [{ itemId: offered.itemId, score: 0.08 }])]);
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const { data } = await discount.ask<{ offerPushes: [{ offer: { depth: number; price: { amount: string } } }] }>(
    "query($id: ID!) { offerPushes(customerId: $id) { offer { depth price { amount } } } }",
    { id: customerId },
  );
  offer = { depth: data.offerPushes[0].offer.depth, amount: data.offerPushes[0].offer.price.amount };
});
afterAll(() => discount?.close());

interface Price {
  amount: string;
  currency: string;
  depth: number;
  because: string;
  personalised: boolean;
}
const priceOf = async (
  itemId: string,
  identity: object,
  { amount = "4.00", currency = "EUR", named = undefined as string | undefined } = {},
) => {
  const { data } = await discount.ask<{ _entities: [{ personalPrice: Price | null }] }>(
    "query($r: [_Any!]!, $c: ID) { _entities(representations: $r) { ... on MenuItem { personalPrice(customerId: $c) { amount currency depth because personalised } } } }",
    { r: [{ __typename: "MenuItem", id: itemId, price: { __typename: "Money", amount, currency } }], c: named },
    identity,
  );
  return data._entities[0].personalPrice;
};

test("the customer sees their offer's price on its item, and the menu price on others", async () => {
  expect(await priceOf(offered.itemId, customerAs(customerId))).toEqual({
    amount: offer.amount,
    currency: "EUR",
    depth: offer.depth,
    because: "This price is personal: an offer made for you",
    personalised: true,
  });
  expect(await priceOf((await other()).itemId, customerAs(customerId))).toEqual({
    amount: "4.00",
    currency: "EUR",
    depth: 0,
    because: "The menu price",
    personalised: false,
  });
});

test("both prices of one answer agree: the list price is the one that came with the question", async () => {
  const price = await priceOf(offered.itemId, customerAs(customerId), { amount: "5.00" });
  expect(price).toMatchObject({ amount: (Math.ceil((500 * (100 - offer.depth)) / 100) / 100).toFixed(2), personalised: true });
});

test("a list price at which the offer would be under its floor leaves the list price", async () => {
  expect(await priceOf(offered.itemId, customerAs(customerId), { amount: "1.60" })).toMatchObject({
    amount: "1.60",
    depth: 0,
    personalised: false,
  });
});

test("naming a customer is for staff and for the customer themselves", async () => {
  expect(await priceOf(offered.itemId, { role: "staff" }, { named: customerId })).toMatchObject({
    amount: offer.amount,
    personalised: true,
  });
  expect(await priceOf(offered.itemId, customerAs(customerId), { named: customerId })).toMatchObject({ personalised: true });
  for (const identity of [anonymous, customerAs(newId()), { role: "partner", scopes: ["purchases:write"] }])
    expect(await priceOf(offered.itemId, identity, { named: customerId })).toBeNull();
});

test("a stranger, a partner and staff who name nobody see the public price", async () => {
  for (const identity of [anonymous, { role: "partner", scopes: [] }, { role: "staff" }])
    expect(await priceOf(offered.itemId, identity)).toMatchObject({ amount: "4.00", personalised: false });
});

test("a public promotion is everybody's price, with its name; one that breaks the floor is nobody's", async () => {
  const cake = await other();
  const promotion = (reduction: EventData<"menu.promotion.changed">["reduction"], itemId: string): EventData<"menu.promotion.changed"> => ({
    promotionId: newId(),
    name: "Happy hour",
    startsAt: "2020-01-01T00:00:00.000Z",
    endsAt: null,
    active: true,
    reduction,
    rule: { itemIds: [itemId] },
  });
  await discount.tell("menu.promotion.changed", promotion({ percent: 20 }, cake.itemId));
  expect(await priceOf(cake.itemId, anonymous)).toMatchObject({
    amount: "3.20",
    depth: 20,
    because: "Promotion: Happy hour",
    personalised: false,
  });
  const thin = await discount.item({ name: "Thin", priceMinor: 400, costMinor: 250 });
  await discount.tell("menu.promotion.changed", promotion({ amountMinor: 200 }, thin.itemId));
  expect(await priceOf(thin.itemId, anonymous)).toMatchObject({ amount: "4.00", depth: 0, because: "The menu price" });
});

test("an item that discount has not heard of is sold at list; a price in another currency is none", async () => {
  expect(await priceOf(newId(), customerAs(customerId))).toMatchObject({ amount: "4.00", personalised: false });
  expect(await priceOf(offered.itemId, customerAs(customerId), { currency: "USD" })).toBeNull();
});
