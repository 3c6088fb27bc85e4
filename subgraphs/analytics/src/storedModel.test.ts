import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MODEL_SCHEMA } from "./domain/tasteModel.js";
import { FACTS, TestAnalytics, itemPriced, purchaseRecorded, purchaseRow } from "./testing/analytics.js";

const tenantId = tenantIdOf("stored-model");
const item = (name: string) => derivedId(tenantId, "item", name);
const bob = derivedId(tenantId, "customer", "bob");
let analytics: TestAnalytics;

beforeAll(async () => {
  analytics = await TestAnalytics.start();
  await analytics.hear("tenant.configured", tenantId, FACTS);
  for (const name of ["espresso", "croissant"]) await analytics.hear("menu.item.priced", tenantId, itemPriced(item(name), name));
  const row = (day: number) => purchaseRow(tenantId, `h${day}`, bob, `2026-06-0${day}T09:00:00.000Z`, [item("espresso")]);
  await analytics.load("purchases", tenantId, [1, 2, 3].map(row));
  await analytics.finish(tenantId);
});
afterAll(() => analytics?.remove());

const listOf = async (customerId: string) =>
  (await analytics.sql.query<{ items: object[] }>("SELECT items FROM recommendation WHERE customer_id = $1", [customerId])).rows[0]?.items;

test("a stored model of another shape is not served but learned anew, and the lists made from it stay until then", async () => {
  const before = await listOf(bob);
  expect(before).toHaveLength(2);
  await analytics.sql.query("UPDATE taste_model SET version = version + 1, model = jsonb_set(model::jsonb, '{schema}', '1')::json");
  expect(await listOf(bob)).toEqual(before);
  const purchase = purchaseRecorded(tenantId, "another", bob, "2026-07-03T10:00:00.000Z", [item("croissant")]);
  await analytics.hear("purchase.recorded", tenantId, purchase);
  await until("a model of this shape is in service", async () => {
    const { rowCount } = await analytics.sql.query("SELECT FROM taste_model WHERE (model->>'schema')::int = $1", [MODEL_SCHEMA]);
    return rowCount === 1;
  });
  await until("bob was ranked with it", async () => JSON.stringify(await listOf(bob)) !== JSON.stringify(before));
});
