import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import { openDatabase } from "@kava/platform/database/database";
import { createLogger } from "@kava/platform/telemetry/logger";
import { FROM_SOURCE } from "@kava/platform/worker";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { purchaseEntry } from "./domain/ledgerEntry.js";
import { contextOf } from "./domain/purchaseFact.js";
import { ANALYTICS_MIGRATIONS } from "./storage/migrations.js";
import { Ledger } from "./storage/ledger.js";
import { FACTS, TestAnalytics, itemPriced, purchaseRecorded, purchaseRow } from "./testing/analytics.js";
import { totalsOf, type Total } from "./testing/totals.js";

const tenantId = tenantIdOf("exactly-once");
const [espresso, croissant, unpriced] = ["espresso", "croissant", "unpriced"].map((name) => derivedId(tenantId, "item", name)) as [
  string,
  string,
  string,
];
const [ann, bob] = ["ann", "bob"].map((name) => derivedId(tenantId, "customer", name)) as [string, string];
const venue = derivedId(tenantId, "venue", "one");
let analytics: TestAnalytics;
const totals = (): Promise<Record<string, Total>> => totalsOf(analytics.sql, analytics.folder);
const baskets = [[espresso], [espresso, croissant], [croissant, unpriced], [espresso, croissant, unpriced, espresso]];

beforeAll(async () => {
  analytics = await TestAnalytics.start();
  await analytics.hear("tenant.configured", tenantId, FACTS);
  await analytics.hear("menu.venue.changed", tenantId, { venueId: venue, name: "One", latitude: null, longitude: null });
  await analytics.hear("menu.item.priced", tenantId, itemPriced(espresso, "espresso"));
  await analytics.hear("menu.item.priced", tenantId, itemPriced(croissant, "croissant", { category: "pastry", costMinor: 150 }));
  await analytics.load("customers", tenantId, [{ id: ann, externalId: "ann", displayName: "Ann", joinedAt: "2026-01-05T10:00:00Z" }]);
  await analytics.hear("customer.registered", tenantId, {
    customerId: ann,
    externalId: "ann",
    displayName: "Ann",
    joinedAt: "2026-01-05T10:00:00.000Z",
    tastes: [],
    homeVenueId: null,
  });
  await analytics.load(
    "purchases",
    tenantId,
    [...Array(40).keys()].map((i) =>
      purchaseRow(
        tenantId,
        `h${i}`,
        [ann, bob, null][i % 3]!,
        new Date(Date.UTC(2026, i % 5, 1 + (i % 28), 22, 30)).toISOString(),
        baskets[i % 4]!,
        venue,
      ),
    ),
  );
  for (let i = 0; i < 6; i++)
    await analytics.hear(
      "purchase.recorded",
      tenantId,
      purchaseRecorded(tenantId, `p${i}`, [ann, null][i % 2]!, `2026-06-0${i + 1}T08:00:00.000Z`, baskets[i % 4]!, venue),
    );
  await analytics.hear("offer.decided", tenantId, {
    offerId: derivedId(tenantId, "event", "offer"),
    customerId: ann,
    itemId: espresso,
    depth: 12.5,
    listMinor: 400,
    priceMinor: 350,
    expiresAt: "2026-06-14T08:00:00.000Z",
    reason: "margin",
    policyVersion: "1",
    holdout: false,
  });
  await analytics.hear("customers.segmented", tenantId, {
    members: [{ customerId: ann, segmentId: derivedId(tenantId, "event", "segment"), segmentName: 'regulars; "daily"\n' }],
  });
  await analytics.hear("customer.profiled", tenantId, {
    customerId: ann,
    tastes: ["Tea"],
    homeVenueId: venue,
    segment: { id: derivedId(tenantId, "event", "segment"), name: "tea lovers" },
  });
  await analytics.hear("preferences.learned", tenantId, {
    afterLoad: true,
    customers: [{ customerId: ann, items: [{ itemId: espresso, score: 0.5, because: { code: "popular", params: {} } }] }],
  });
  await analytics.quiet();
});
afterAll(() => analytics?.remove());

test("every fact is in ClickHouse once, a customer who was loaded and registered too", async () => {
  const all = await totals();
  const { rows } = await analytics.sql.query<{ facts: number }>("SELECT count(*) AS facts FROM ledger");
  expect(all["event"]!.rows).toBe(rows[0]!.facts);
  expect(all["purchase"]!.rows).toBe(46);
  expect(all["purchase_line"]!.rows).toBe([...Array(40).keys(), ...Array(6).keys()].reduce((sum, i) => sum + baskets[i % 4]!.length, 0));
  expect(all["customer"]!.rows).toBe(1);
  expect(all["customer_behaviour"]!.rows).toBe(2);
  expect([
    all["offer_decision"]!.rows,
    all["membership"]!.rows,
    all["taste"]!.rows > 0,
    all["item_price"]!.rows,
    all["item_pair"]!.rows > 0,
  ]).toEqual([1, 2, true, 2, true]);
});

test("the same events and the same rows again leave every total as it was", async () => {
  const before = await totals();
  await analytics.load("purchases", tenantId, [purchaseRow(tenantId, "h3", ann, "2026-04-04T22:30:00.000Z", baskets[3]!, venue)]);
  const id = (await analytics.sql.query<{ id: string }>("SELECT event_id AS id FROM inbox LIMIT 1")).rows[0]!.id;
  await analytics.hear(
    "purchase.recorded",
    tenantId,
    purchaseRecorded(tenantId, "other", ann, "2026-06-09T08:00:00.000Z", baskets[0]!, venue),
    { id },
  );
  await analytics.hear(
    "purchase.recorded",
    tenantId,
    purchaseRecorded(tenantId, "p1", null, "2026-06-02T08:00:00.000Z", baskets[1]!, venue),
  ); // another event of the same purchase
  await analytics.settled();
  expect(await totals()).toEqual(before);
});

test("the last batch sent again leaves every total as it was", async () => {
  const before = await totals();
  await analytics.sql.query("UPDATE batch SET sent_at = NULL WHERE number = (SELECT max(number) FROM batch)");
  await analytics.settled();
  expect(await totals()).toEqual(before);
});

test("a full replay gives the same totals in tables and in views", async () => {
  const before = await totals();
  const databaseBefore = (await analytics.sql.query("SELECT database FROM generation WHERE state = 'active'")).rows[0];
  await analytics.request("POST", "/internal/replay", "{}", "application/json");
  await until("the replay is over", async () => (await analytics.request<{ waiting: number }>("GET", "/internal/replay")).waiting === 0);
  expect(await totals()).toEqual(before);
  const { rows } = await analytics.sql.query("SELECT database FROM generation");
  expect(rows).toHaveLength(1);
  expect(rows[0]).not.toEqual(databaseBefore);
});

test("a process killed after it inserted a batch and before it said so doubles nothing and loses nothing", async () => {
  const before = await totals();
  await analytics.close();
  const database = await openDatabase({
    url: analytics.databaseUrl,
    schema: "analytics",
    entities: [],
    migrations: ANALYTICS_MIGRATIONS,
    pool: 2,
    logger: createLogger("test", "error"),
  });
  const ledger = new Ledger(database);
  for (let i = 0; i < 25; i++) {
    const { lines, ...sale } = purchaseRow(
      tenantId,
      `k${i}`,
      bob,
      new Date(Date.UTC(2026, i % 3, 9, 9)).toISOString(),
      baskets[i % 4]!,
      venue,
    );
    const entry = { purchaseId: sale.id, customerId: sale.customerId, venueId: sale.venueId, at: sale.at, lines };
    await ledger.keep(database.sql, [purchaseEntry(tenantId, entry, contextOf(entry, new Map(), FACTS))]);
  }
  const child = spawn(
    process.execPath,
    [...FROM_SOURCE, fileURLToPath(new URL("./testing/sendAndDie.ts", import.meta.url)), analytics.databaseUrl, analytics.folder],
    { stdio: "inherit" },
  );
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  expect((await database.sql.query("SELECT FROM batch WHERE sent_at IS NULL")).rowCount).toBe(1);
  await database.close();

  analytics = await TestAnalytics.start(analytics.databaseUrl, analytics.folder);
  await analytics.settled();
  const after = await totals();
  expect(after["purchase"]!.rows).toBe(before["purchase"]!.rows + 25);
  await analytics.request("POST", "/internal/replay", "{}", "application/json");
  await until("the replay is over", async () => (await analytics.request<{ waiting: number }>("GET", "/internal/replay")).waiting === 0);
  expect(await totals()).toEqual(after);
});

test("tables that another version of the program made are made anew at the start", async () => {
  const before = await totals();
  await analytics.sql.query("UPDATE generation SET tables_version = 0");
  await analytics.close();
  analytics = await TestAnalytics.start(analytics.databaseUrl, analytics.folder);
  await until(
    "the tables were made anew",
    async () => (await analytics.sql.query("SELECT FROM generation WHERE tables_version > 0 AND state = 'active'")).rowCount === 1,
  );
  expect(await totals()).toEqual(before);
});

test("a ClickHouse that was emptied is filled again from the ledger", async () => {
  const before = await totals();
  await analytics.close();
  await rm(analytics.folder, { recursive: true, force: true });
  analytics = await TestAnalytics.start(analytics.databaseUrl, analytics.folder);
  const old = (await analytics.sql.query<{ id: string }>("SELECT id FROM generation ORDER BY made_at LIMIT 1")).rows[0]!.id;
  await until(
    "the tables were made anew",
    async () => (await analytics.sql.query("SELECT FROM generation WHERE state = 'active' AND id <> $1", [old])).rowCount === 1,
  );
  expect(await totals()).toEqual(before);
});
