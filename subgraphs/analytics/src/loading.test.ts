import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import type { LoadStatus } from "@kava/contracts/loading";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LearnPreferences } from "./jobs/learnPreferences.js";
import { FACTS, TestAnalytics, purchaseRow } from "./testing/analytics.js";

const tenantId = tenantIdOf("loading");
let analytics: TestAnalytics;
beforeAll(async () => {
  analytics = await TestAnalytics.start();
});
afterAll(() => analytics?.remove());

const status = () => analytics.request<LoadStatus>("GET", `/internal/load/status?tenant=${tenantId}`);

test("a load from which nothing could be learned says so and why, until a later one succeeds", async () => {
  await analytics.hear("tenant.configured", tenantId, FACTS);
  const [customer, item] = [derivedId(tenantId, "customer", "ann"), derivedId(tenantId, "item", "espresso")];
  await analytics.load("purchases", tenantId, [purchaseRow(tenantId, "one", customer, "2026-06-01T09:00:00.000Z", [item])]);
  expect(await status()).toEqual({ state: "idle" });

  await analytics.sql.query("ALTER TABLE recommendation RENAME TO recommendation_away");
  const once = { ...LearnPreferences, attempts: 1 };
  await analytics.running.platform.bus.jobs("analytics").enqueue(once, { tenantId, afterLoad: true }, { key: `${tenantId}.load` });
  await until("it was given up", async () => (await status()).state === "failed");
  expect((await status()).step).toMatch(/^learning preferences: .*recommendation/);

  await analytics.sql.query("ALTER TABLE recommendation_away RENAME TO recommendation");
  await analytics.finish(tenantId);
  expect(await status()).toEqual({ state: "idle" });
});
