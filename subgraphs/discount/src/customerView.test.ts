import { newId } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
});
afterAll(() => discount?.close());

const viewOf = async (customerId: string) =>
  (
    await discount.sql.query(
      "SELECT joined_at IS NOT NULL AS joined, tastes, home_venue_id, segment_name FROM customer_view WHERE customer_id = $1",
      [customerId],
    )
  ).rows[0];
const profiled = (customerId: string, tastes: string[], homeVenueId: string | null, segmentName: string) =>
  discount.event("customer.profiled", { customerId, tastes, homeVenueId, segment: { id: newId(), name: segmentName } }, customerId);

test("what a customer declares anew takes the place of what they declared before, and older news never does", async () => {
  const [customerId, venue] = [await discount.customer({ tastes: ["Tea"] }), newId()];
  const [older, newer] = [profiled(customerId, ["Cake"], null, "Cake lovers"), profiled(customerId, ["Beans"], venue, "Home brewers")];
  newer.occurredAt = new Date(Date.parse(older.occurredAt) + 1).toISOString();
  await discount.publish([newer]);
  await discount.publish([older]);
  expect(await viewOf(customerId)).toEqual({ joined: true, tastes: ["Beans"], home_venue_id: venue, segment_name: "Home brewers" });
});

test("a registration that comes after a change of the profile keeps the change", async () => {
  const customerId = newId();
  const registered = discount.event(
    "customer.registered",
    { customerId, externalId: null, displayName: "Ada", joinedAt: "2025-01-01T00:00:00.000Z", tastes: ["Tea"], homeVenueId: newId() },
    customerId,
  );
  await discount.publish([profiled(customerId, ["Cake"], null, "Cake lovers")]);
  await discount.publish([registered]);
  expect(await viewOf(customerId)).toEqual({ joined: true, tastes: ["Cake"], home_venue_id: null, segment_name: "Cake lovers" });
});

test("of two tills at once the segment that was committed last stays, whichever request began first and whichever news comes first", async () => {
  for (const order of ["as committed", "the other way round"]) {
    const customerId = await discount.customer();
    const bought = (name: string, seconds: number) => ({
      ...discount.purchase(customerId, [newId()], { segment: { id: newId(), name } }),
      occurredAt: new Date(Date.now() + 1_000 * seconds).toISOString(),
    });
    const news = [bought("Newcomers", 5), bought("Regulars", 0)];
    for (const event of order === "as committed" ? news : news.toReversed()) await discount.publish([event]);
    expect(await viewOf(customerId), order).toMatchObject({ segment_name: "Regulars" });
  }
});

test("a training's membership loses to a purchase that knew a later state of the customer, and wins over an earlier one", async () => {
  const customerId = await discount.customer();
  const purchase = discount.purchase(customerId, [newId()], { segment: { id: newId(), name: "Regulars" } });
  const trained = async (segmentName: string, changes: { version?: number; later?: number }) => {
    const { version, later = 0 } = changes;
    const event = discount.event("customers.segmented", { members: [{ customerId, segmentId: newId(), segmentName, version }] });
    await discount.publish([{ ...event, occurredAt: new Date(Date.parse(purchase.occurredAt) + later).toISOString() }]);
    return (await viewOf(customerId))!;
  };
  await discount.publish([purchase]);
  expect(await trained("Older", { version: purchase.aggregateVersion - 1, later: 60_000 })).toMatchObject({ segment_name: "Regulars" });
  expect(await trained("Newer", { version: purchase.aggregateVersion + 1, later: -60_000 })).toMatchObject({ segment_name: "Newer" });
  expect(await trained("Long ago", { later: -120_000 })).toMatchObject({ segment_name: "Newer" });
  expect(await trained("Without a version", { later: 60_000 })).toMatchObject({ segment_name: "Without a version" });
});
