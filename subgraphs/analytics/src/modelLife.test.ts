import { askAndWait, trainNow } from "@kava/platform/models/trainNow";
import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANALYTICS_MODELS } from "./commands/models.js";
import { modelTable } from "./commands/modelTable.js";
import { learnTastes } from "./domain/learnTastes.js";
import { keepModel, listModels, rollBack, ROLL_BACK_TO } from "./storage/modelLife.js";
import { FACTS, TestAnalytics, itemPriced, purchaseRow } from "./testing/analytics.js";

const tenantId = tenantIdOf("taste-life");
const MENU = ["espresso", "croissant", "tea", "scone"];
const item = (name: string) => derivedId(tenantId, "item", name);
const customer = (at: number) => derivedId(tenantId, "customer", `c${at}`);
let analytics: TestAnalytics;

/** Visits of sixty customers on a day of June; every second is a tea person. */
const visits = (day: number) =>
  Array.from({ length: 60 }, (_, at) =>
    purchaseRow(
      tenantId,
      `d${day}c${at}`,
      customer(at),
      new Date(Date.UTC(2026, 5, day, 8, at)).toISOString(),
      (at % 2 === 0 ? ["espresso", "croissant"] : ["tea", "scone"]).slice(0, 1 + (day % 2)).map(item),
    ),
  );
const models = () => listModels(analytics.sql, tenantId);
const states = async () => (await models()).map(({ state }) => state);
const said: string[] = [];
const place = () => ({
  queue: analytics.running.platform.bus.jobs("analytics"),
  sql: analytics.sql,
  say: (text: string) => void said.push(text),
  patienceMs: 60_000,
});
const listOf = async (at: number) =>
  (
    await analytics.sql.query<{ items: { itemId: string }[]; version: number }>(
      "SELECT items, version FROM recommendation WHERE customer_id = $1",
      [customer(at)],
    )
  ).rows[0]!;

beforeAll(async () => {
  analytics = await TestAnalytics.start();
  await analytics.hear("tenant.configured", tenantId, FACTS);
  for (const name of MENU) await analytics.hear("menu.item.priced", tenantId, itemPriced(item(name), name));
  await analytics.load("purchases", tenantId, Array.from({ length: 12 }, (_, day) => visits(day + 1)).flat());
  await analytics.finish(tenantId);
});
afterAll(() => analytics?.remove());

test("the first model serves and says that there was nothing to judge it by; the next is judged by baskets that neither has seen", async () => {
  expect(await models()).toMatchObject([{ state: "serving", purchases: 720, comparison: null, reasons: [/the first/] }]);
  await analytics.load("purchases", tenantId, [...visits(13), ...visits(14)]);
  await trainNow(place(), tenantId, "tastes", ANALYTICS_MODELS.training("tastes", tenantId));
  expect(said.at(-1)).toMatch(/^tastes: preferences learned/);
  const [newest, before] = await models();
  expect(newest).toMatchObject({ state: "serving", purchases: 840, comparison: { customers: 60 } });
  expect(newest!.shift).toBeLessThan(0.25);
  expect(before).toMatchObject({ state: "retired", purchases: 720 });
  const { rows } = await analytics.sql.query<{ n: number }>(
    "SELECT count(DISTINCT version) AS n FROM association_rule WHERE tenant_id = $1",
    [tenantId],
  );
  expect(rows[0]!.n).toBe(1);
  const metrics = await (await fetch(new URL("/metrics", analytics.running.url))).text();
  expect(metrics).toMatch(/kava_model_shift\{model="tastes",tenant="test",feature="items bought"[^}]*\} [\d.e-]+/);
});

test("rolling back puts the one before it and its rules in service, and everyone's list is made anew by it", async () => {
  const [newest, before] = await models();
  const versionOfLists = (await listOf(0)).version;
  const { withdrawn, serving } = await analytics.running.platform.database.transaction((tx) => rollBack(tx, tenantId, new Date()));
  expect([withdrawn, serving]).toEqual([newest!.learnedAt, before!.learnedAt]);
  // a list that would be the same is left as it is: this one would not
  await analytics.sql.query("UPDATE recommendation SET items = '[]' WHERE customer_id = $1", [customer(0)]);
  await askAndWait(place(), tenantId, ANALYTICS_MODELS.afterRollback!("tastes", tenantId)!, async () => null);
  await until("the list was made anew", async () => (await listOf(0)).version > versionOfLists);
  expect((await listOf(0)).items[0]!.itemId).toBe(item("espresso"));
  expect(await states()).toEqual(["withdrawn", "serving"]);
  const { rows } = await analytics.sql.query<{ version: number }>("SELECT DISTINCT version FROM association_rule WHERE tenant_id = $1", [
    tenantId,
  ]);
  expect(rows).toEqual([{ version: before!.version }]);
  await expect(analytics.running.platform.database.transaction((tx) => rollBack(tx, tenantId, new Date()))).rejects.toThrow(
    /train another/,
  );
});

test("what is refused changes nothing, and of what served the last five are kept", async () => {
  const other = tenantIdOf("taste-life-many");
  const model = learnTastes({ baskets: [{ customer: -1, itemIds: [item("tea")], at: 1 }], customers: [] }, MENU.map(item));
  const keep = (day: number, promoted: boolean) =>
    analytics.running.platform.database.transaction((tx) =>
      keepModel(tx, other, {
        version: day,
        learnedAt: new Date(Date.UTC(2026, 0, day)),
        purchases: day,
        through: null,
        model,
        comparison: null,
        shift: null,
        verdict: { promoted, reasons: [] },
      }),
    );
  for (let day = 1; day <= 8; day++) await keep(day, true);
  await keep(9, false);
  const kept = await listModels(analytics.sql, other);
  expect(kept.map(({ version, state }) => [version, state])).toEqual([
    [9, "refused"],
    [8, "serving"],
    ...Array.from({ length: ROLL_BACK_TO }, (_, i) => [7 - i, "retired"]),
  ]);
});

test("the table has an arrow at what serves, and says what serves where nothing was learned", async () => {
  const text = await ANALYTICS_MODELS.show(analytics.sql, tenantId, ["tastes"]);
  expect(text.split("\n").filter((line) => line.startsWith("→"))).toHaveLength(1);
  expect(text).toContain("(withdrawn)");
  expect(modelTable([])).toMatch(/popular is recommended/);
});
