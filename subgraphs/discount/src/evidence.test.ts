import { newId } from "@kava/contracts/ids";
import { trainNow } from "@kava/platform/models/trainNow";
import { createLogger } from "@kava/platform/telemetry/logger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explainOffer } from "./commands/explainOffer.js";
import { DISCOUNT_MODELS } from "./commands/models.js";
import { modelTable } from "./commands/modelTable.js";
import { replay } from "./domain/decideOffer.js";
import type { DecisionRecord } from "./domain/decision.js";
import { listModels, modelInService, rollBack } from "./storage/modelLife.js";
import { Models } from "./storage/models.js";
import { writeDrawnWeeks } from "./testing/drawnWeeks.js";
import { DiscountUnderTest } from "./testing/startDiscount.js";

const LOGGER = createLogger("test", "silent");
/** The odds of buying rise by half at 5 % and more than double at 10 %; deeper was never drawn. */
const ELASTICITY = 8;
const buys = (depth: number, taste: number): number => {
  const odds = (taste / (1 - taste)) * (1 - depth / 100) ** -ELASTICITY;
  return odds / (1 + odds);
};
const TASTE = 0.25;
const PRICE = { priceMinor: 400, costMinor: 100 };

let discount: DiscountUnderTest;
let item: { itemId: string; priceMinor: number; costMinor: number };
const said: string[] = [];
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
  discount.setClock(new Date("2026-11-23T08:00:00.000Z"));
  item = { ...(await discount.item(PRICE)), ...PRICE };
  await writeDrawnWeeks(discount, { item, customers: 3_000, depths: [0, 5, 10], buys });
});
afterAll(() => discount?.close());

const train = () =>
  trainNow(
    { queue: discount.running.platform.bus.jobs("discount"), sql: discount.sql, say: (text) => said.push(text) },
    discount.tenantId,
    "uplift",
    DISCOUNT_MODELS.training("uplift", discount.tenantId),
  );
const serving = async () => (await modelInService(discount.sql, discount.tenantId, "uplift"))?.version ?? null;
/** The decision for a customer of whom it was learned that they like the item. */
const decided = async (tenantId = discount.tenantId): Promise<DecisionRecord & { offerId: string | null }> => {
  const customerId = await discount.customer({ draws: "greedy" });
  await discount.publish([discount.liking(customerId, [{ itemId: item.itemId, score: TASTE }])]);
  const { rows } = await discount.sql.query<{ record: DecisionRecord; offerId: string | null }>(
    `SELECT d.record, o.id AS "offerId" FROM decision d LEFT JOIN offer o ON o.tenant_id = d.tenant_id AND o.decision_id = d.id
     WHERE d.tenant_id = $1 AND d.customer_id = $2 AND d.trigger = 'taste'`,
    [tenantId, customerId],
  );
  return { ...rows[0]!.record, offerId: rows[0]!.offerId };
};

test("before anything was measured a decision claims nothing of depths", async () => {
  const { input, output } = await decided();
  expect(input.upliftVersion).toBeNull();
  expect(output).toMatchObject({ model: { rung: 0 }, weighing: null });
});

test("once enough weeks were decided by chance, what depths change is learned from them, judged on the latest, and in service; people see how far it is", async () => {
  await train();
  expect(said).toContainEqual(expect.stringMatching(/^uplift: uplift-.* is in service$/));
  expect(await serving()).not.toBeNull();
  const models = await listModels(discount.sql, discount.tenantId);
  expect(models[0]).toMatchObject({ kind: "uplift", state: "serving", reasons: [] });
  expect(modelTable("uplift", models)).toMatch(/→ +uplift-/);
});

test("a decision then weighs the depths that were measured, and the next one with more doubt: bound less teaching less the price of the budget", async () => {
  const { input, output } = await decided();
  expect(output.model.rung).toBe(1);
  const { depths, segmentId, assumed } = output.weighing!;
  expect(depths.map(({ depth, measured }) => [depth, measured])).toEqual([
    [5, true],
    [10, true],
    [15, false],
  ]);
  const ten = depths.find(({ depth }) => depth === 10)!;
  const truth = buys(10, TASTE) * 260 - buys(0, TASTE) * 300;
  expect(Math.abs(ten.mean - truth)).toBeLessThan(4 * ten.deviation);
  for (const each of depths) {
    expect(each.worth).toBeCloseTo(each.lower - each.teaching - input.multiplier * each.cost, 2);
    expect(each.lower).toBeLessThan(each.mean);
  }
  expect(segmentId).toBeNull();
  expect(assumed).toContain("patience");
  expect(output.decided).toMatchObject({ kind: "offer", depth: 10, how: "greedy" });
});

test("its probabilities sum to one, the best depth has most, and every depth at least its share of exploring", async () => {
  const { output } = await decided();
  const { propensities } = output;
  expect(propensities.map(({ depth }) => depth)).toEqual([0, 5, 10, 15]);
  expect(propensities.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 9);
  for (const { probability } of propensities) expect(probability).toBeGreaterThanOrEqual(0.1 / (2 * propensities.length) - 1e-9);
  expect(propensities.find(({ depth }) => depth === 10)!.probability).toBeGreaterThan(0.9);
  expect(output.assigned).toMatchObject({ itemId: item.itemId, propensities });
});

test("it replays with the models of its versions, and is explained with what each depth is worth", async () => {
  const { offerId, ...record } = await decided();
  const served = await new Models(LOGGER).version(discount.sql, discount.tenantId, record.input.modelVersion, record.input.upliftVersion);
  expect(replay(record, served!)).toEqual(record.output);
  expect(() => replay(record, { ...served!, uplift: null })).toThrow(/was decided with model .* and uplift-/);
  const text = await explainOffer(
    discount.sql,
    { offerId: offerId!, view: "auditor", language: "en", json: false },
    { now: discount.now, logger: LOGGER },
  );
  expect(text).toMatch(/Rung 1 of the ladder/);
  expect(text).toMatch(/\d\. What the depths of Croissant are worth/);
  expect(text).toMatch(/15 % .*\(not measured\)/);
  expect(text).toMatch(/assumed, not found in the log: .*patience/);
  expect(text).toContain("The same result, to the last digit");
});

test("what a customer was given is remembered the week after, and fades", async () => {
  const customerId = await discount.customer();
  await discount.publish([discount.liking(customerId, [{ itemId: item.itemId, score: TASTE }])]);
  const rememberedAfter = async (days: number): Promise<number> => {
    discount.setClock(new Date(discount.now.getTime() + days * 86_400_000));
    await discount.publish([discount.purchase(customerId, [newId()])]);
    const { rows } = await discount.sql.query<{ remembered: number; depth: number }>(
      "SELECT remembered, week_depth AS depth FROM push_counter WHERE tenant_id = $1 AND customer_id = $2",
      [discount.tenantId, customerId],
    );
    return rows[0]!.remembered;
  };
  const start = discount.now;
  expect(await rememberedAfter(0)).toBe(0);
  const weekLater = await rememberedAfter(7);
  expect(weekLater).toBeGreaterThan(0);
  expect(weekLater).toBeLessThan(10);
  expect(await rememberedAfter(70)).toBeLessThan(weekLater + 1);
  discount.setClock(start);
});

test("the price of the budget falls while new offers cost less than they may, and rises while they cost more", async () => {
  const budget = async () =>
    (
      await discount.sql.query<{ multiplier: number; spend: number; target: number }>(
        "SELECT multiplier, spend_minor AS spend, target_minor AS target FROM budget WHERE tenant_id = $1",
        [discount.tenantId],
      )
    ).rows[0]!;
  await discount.sql.query("UPDATE budget SET multiplier = 1 WHERE tenant_id = $1", [discount.tenantId]);
  await discount.runJob("adjust budget", {});
  const { multiplier, spend, target } = await budget();
  expect(spend).toBeGreaterThan(0);
  expect(multiplier).toBeCloseTo(1 + (0.5 * (spend - target)) / target, 9);
  expect(multiplier).toBeLessThan(1);
  await discount.sql.query("UPDATE visit SET total_minor = 1 WHERE tenant_id = $1", [discount.tenantId]);
  await discount.runJob("adjust budget", {});
  expect((await budget()).multiplier).toBeCloseTo(multiplier + 1, 9); // however much more: it could not fall as fast
});

test("how far customers have moved since the model learned is on the metrics", async () => {
  const metrics = await (await fetch(discount.running.url.replace("/graphql", "/metrics"))).text();
  expect(metrics).toMatch(/kava_model_shift\{model="uplift",tenant="kava",feature="tasteLogit",service="discount"\} \d/);
});

test("a rollback takes it out of service at the next decision: nothing is claimed of depths again", async () => {
  await discount.running.platform.database.transaction((tx) => rollBack(tx, discount.tenantId, "uplift", discount.now));
  expect(await serving()).toBeNull();
  const again = await new Models(LOGGER).current(discount.sql, discount.tenantId);
  expect(again.served.uplift).toBeNull();
});

test("when customers with offers surely earn less than the holdout since it serves, the model in service is withdrawn, and says so", async () => {
  discount.setClock(new Date(discount.now.getTime() + 60_000));
  await train();
  const version = await serving();
  expect(version).not.toBeNull();
  discount.setClock(new Date(discount.now.getTime() + 28 * 86_400_000));
  const held = await Promise.all(Array.from({ length: 40 }, () => discount.customer({ holdout: true })));
  const offered = await Promise.all(Array.from({ length: 40 }, () => discount.customer()));
  const buy = (customerId: string, daysAgo: number, paid: number) =>
    discount.sql.query(
      `INSERT INTO visit (tenant_id, customer_id, purchase_id, at, total_minor, item_ids, quantities, paid_minor)
       VALUES ($1, $2, gen_random_uuid(), $3, $4::bigint, ARRAY[$5::uuid], ARRAY[1], ARRAY[$4::bigint])`,
      [discount.tenantId, customerId, new Date(discount.now.getTime() - daysAgo * 86_400_000), paid, item.itemId],
    );
  await Promise.all([...held, ...offered].map((customerId) => buy(customerId, 60, 400)));
  await Promise.all(held.flatMap((customerId, i) => [buy(customerId, 9, 900 + i), buy(customerId, 4, 900)]));
  await Promise.all(offered.map((customerId, i) => buy(customerId, 5, 200 + i)));
  await train();
  expect(said.at(-1)).toMatch(/customers with offers earn less than the holdout .* is withdrawn/);
  expect(await serving()).toBeNull();
  expect((await listModels(discount.sql, discount.tenantId)).find((each) => each.version === version)!.state).toBe("withdrawn");
});
