import { newId } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { customerAs, DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
});
afterAll(() => discount?.close());

const affinities = async (ids: readonly string[], identity = {}) =>
  discount.ask<{ _entities: ({ discountAffinity: number | null } | null)[] }>(
    "query($customers: [_Any!]!) { _entities(representations: $customers) { ... on Customer { discountAffinity } } }",
    { customers: ids.map((id) => ({ __typename: "Customer", id })) },
    identity,
  );

const customerWhoLikes = async (score: number, costMinor: number | null = 100): Promise<string> => {
  const [item, customerId] = [await discount.item({ costMinor }), await discount.customer()];
  await discount.publish([discount.liking(customerId, [{ itemId: item.itemId, score }])]);
  return customerId;
};

test("staff see by how much a typical offer would raise the probability of a purchase; who would buy anyway, bears no discount or is unknown has none", async () => {
  const likes = await customerWhoLikes(0.08);
  const [devoted, unpriced] = [await customerWhoLikes(0.95), await customerWhoLikes(0.08, null)];
  const { data, errors } = await affinities([likes, devoted, unpriced, newId(), "no identifier"]);
  expect(errors).toBeUndefined();
  const [rise, ...none] = data._entities.map((each) => each?.discountAffinity ?? null);
  expect(rise).toBeGreaterThan(0);
  expect(rise).toBeLessThan(0.2);
  expect(none).toEqual([null, null, null, null]);
});

test("the holdout has none: nothing is computed about it", async () => {
  const customerId = await discount.customer({ holdout: true });
  expect((await affinities([customerId])).data._entities).toEqual([{ discountAffinity: null }]);
});

test("a customer does not learn how they would respond", async () => {
  const customerId = await customerWhoLikes(0.08);
  const { errors } = await affinities([customerId], customerAs(customerId));
  expect(errors?.[0]?.extensions?.code).toBe("FORBIDDEN");
});
