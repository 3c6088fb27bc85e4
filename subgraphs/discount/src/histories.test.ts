import { newId } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleHistories } from "./storage/histories.js";
import { DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
});
afterAll(() => discount?.close());

test("the response is learned from the holdout first: after some months few others have weeks without an offer", async () => {
  const customers = await Promise.all(Array.from({ length: 12 }, (_, i) => discount.customer({ holdout: i % 4 === 0 })));
  // the order total tells who it was
  await discount.sql.query(
    `INSERT INTO visit (tenant_id, customer_id, purchase_id, at, total_minor, item_ids)
     SELECT $1, id, gen_random_uuid(), $3, n * 100, ARRAY[$4::uuid] FROM unnest($2::uuid[]) WITH ORDINALITY AS c(id, n)`,
    [discount.tenantId, customers, discount.now, newId()],
  );
  await discount.sql.query("UPDATE customer_view SET purchase_count = 2 WHERE tenant_id = $1", [discount.tenantId]);
  const sampled = async (most: number) =>
    (await sampleHistories(discount.sql, discount.tenantId, new Date(0), most)).map(({ visits }) => visits[0]!.totalMinor / 100);
  expect((await sampled(3)).toSorted((a, b) => a - b)).toEqual([1, 5, 9]);
  expect(await sampled(100)).toHaveLength(12);
  expect(await sampled(5)).toEqual(await sampled(5));
});
