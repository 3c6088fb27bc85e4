import { newId } from "@kava/contracts/ids";
import { TenantView } from "@kava/platform/views/tenants";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ResponseComparison } from "./domain/fitModel.js";
import { chooseChain } from "@kava/platform/models/chooseChain";
import { trainNow } from "@kava/platform/models/trainNow";
import { lastTraining, Trainings, type Progress } from "@kava/platform/models/trainings";
import { DISCOUNT_MODELS } from "./commands/models.js";
import { modelTable } from "./commands/modelTable.js";
import { priorModel } from "./domain/fitModel.js";
import { verdictOnModel } from "./domain/promotion.js";
import { keepModel, listModels, modelInService, rollBack, ROLL_BACK_TO, servingSince } from "./storage/modelLife.js";
import { DiscountUnderTest } from "./testing/startDiscount.js";

let discount: DiscountUnderTest;
beforeAll(async () => {
  discount = await DiscountUnderTest.start();
});
afterAll(() => discount?.close());

const comparison: ResponseComparison = {
  cases: 500,
  customers: 100,
  buyers: 60,
  lossInService: 0.3,
  loss: 0.28,
  gain: { mean: 0.02, low: 0.01, high: 0.03 },
  calibrationSlope: 1,
  shift: [{ feature: "logPrice", index: 0.31 }],
};
const model = priorModel().model.toJSON();
const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));
const keep = (version: string, at: Date, promoted = true) =>
  discount.running.platform.database.transaction((tx) =>
    keepModel(tx, discount.tenantId, {
      kind: "response",
      version,
      fittedAt: at,
      model,
      comparison,
      verdict: { promoted, reasons: promoted ? [] : ["it may be worse"] },
    }),
  );
const undo = (at = day(90)) => discount.running.platform.database.transaction((tx) => rollBack(tx, discount.tenantId, "response", at));
const serving = async () => (await modelInService(discount.sql, discount.tenantId, "response"))?.version ?? null;

test("a model goes into service unless it may be worse, is badly calibrated, or cannot be judged", () => {
  expect(verdictOnModel(comparison)).toEqual({ promoted: true, reasons: [] });
  expect(verdictOnModel({ ...comparison, gain: { mean: -0.001, low: -0.0029, high: 0.001 } }).promoted).toBe(true);
  expect(verdictOnModel({ ...comparison, gain: { mean: -0.001, low: -0.0031, high: 0.001 } }).reasons).toEqual([
    expect.stringContaining("may be worse"),
  ]);
  for (const calibrationSlope of [0.69, 1.31, null])
    expect(verdictOnModel({ ...comparison, calibrationSlope }).reasons).toEqual([expect.stringContaining("calibration slope")]);
  expect(verdictOnModel(null).reasons).toEqual([expect.stringContaining("too few purchases")]);
});

test("of a chain one model is in service; rolling back puts the one before it there, never one that was withdrawn or refused, and at last the prior", async () => {
  expect(await serving()).toBeNull();
  await expect(undo()).rejects.toThrow("nothing to roll back");
  await keep("one", day(1));
  await keep("two", day(2));
  await keep("bad", day(3), false);
  await keep("three", day(4));
  expect(await serving()).toBe("three");
  expect(await undo()).toEqual({ withdrawn: "three", serving: "two" });
  await keep("four", day(5));
  expect(await undo()).toEqual({ withdrawn: "four", serving: "two" });
  expect(await undo()).toEqual({ withdrawn: "two", serving: "one" });
  expect(await undo()).toEqual({ withdrawn: "one", serving: null });
  const listed = await listModels(discount.sql, discount.tenantId);
  expect(listed.map((each) => [each.version, each.state])).toEqual([
    ["four", "withdrawn"],
    ["three", "withdrawn"],
    ["bad", "refused"],
    ["two", "withdrawn"],
    ["one", "withdrawn"],
  ]);
  expect(modelTable("response", listed)).toMatch(/bad \(refused\).*it may be worse\n/);
  expect(modelTable("response", listed)).toContain("0.31 logPrice");
  expect(modelTable("response", listed)).toContain("The prior is in service.");
});

test("of two fits of one moment, as when a person asks in the midst of the daily one, the first is kept, and stays withdrawn if it was", async () => {
  await keep("twice", day(40));
  await keep("twice", day(40));
  expect(await serving()).toBe("twice");
  await undo();
  await keep("twice", day(40));
  expect(await serving()).not.toBe("twice");
});

test("how long models have served is counted from the first promotion, and anew from each withdrawal: what was sold before is not their doing", async () => {
  const since = () => servingSince(discount.sql, discount.tenantId, "response");
  await discount.sql.query("DELETE FROM response_model WHERE tenant_id = $1", [discount.tenantId]);
  expect(await since()).toBeNull();
  await keep("refused", day(1), false);
  expect(await since()).toBeNull();
  await keep("first", day(10));
  await keep("second", day(11));
  expect(await since()).toEqual(day(10));
  await undo(day(20)); // the first one is put back
  expect(await since()).toEqual(day(20));
  await undo(day(21));
  expect(await since()).toBeNull();
  await keep("third", day(30));
  expect(await since()).toEqual(day(30));
  expect(await servingSince(discount.sql, discount.tenantId, "uplift")).toBeNull();
  expect(await servingSince(discount.sql, discount.otherTenantId, "response")).toBeNull();
  await discount.sql.query("DELETE FROM response_model WHERE tenant_id = $1", [discount.tenantId]);
});

test("a rollback reaches the last five models; what was refused is forgotten after a month", async () => {
  for (let i = 0; i <= ROLL_BACK_TO + 2; i++) await keep(`later ${i}`, day(50 + i));
  for (let i = 0; i < ROLL_BACK_TO; i++) expect((await undo()).serving).toBe(`later ${ROLL_BACK_TO + 1 - i}`);
  expect((await undo()).serving).toBeNull();
  expect((await listModels(discount.sql, discount.tenantId)).map((each) => each.version)).not.toContain("bad");
});

test("a fit that is asked for is waited for; with too little history what is in service stays", async () => {
  const before = await serving();
  const said: string[] = [];
  const place = { queue: discount.running.platform.bus.jobs("discount"), sql: discount.sql, say: (text: string) => said.push(text) };
  await trainNow(place, discount.tenantId, "response", DISCOUNT_MODELS.training("response", discount.tenantId));
  await trainNow(place, discount.tenantId, "uplift", DISCOUNT_MODELS.training("uplift", discount.tenantId));
  expect(await serving()).toBe(before);
  expect(said).toContain("response: there is no purchase yet to learn from");
  expect(said.at(-1)).toMatch(/^uplift: nothing is claimed of depths: chance has decided for no customer's week/);
});

test("a step that is noted after a training has failed does not make it look as if it went on", async () => {
  const notes: Progress[] = [];
  const failing = new Trainings(discount.sql, () => day(1)).track(discount.otherTenantId, "response", async (progress) => {
    notes.push(progress);
    await progress({ step: "scores", done: 1, total: 9 });
    throw new Error("its worker was killed");
  });
  await expect(failing).rejects.toThrow("its worker was killed");
  await notes[0]!({ step: "effects of the depths", done: 2, total: 9 });
  expect(await lastTraining(discount.sql, discount.otherTenantId, "response")).toMatchObject({
    step: "scores",
    finishedAt: day(1),
    said: "it failed: its worker was killed",
  });
});

test("a chain whose log cannot be learned from keeps no other one from its daily turn, and says why", async () => {
  const [broken, ...others] = (await new TenantView(discount.sql).all()).map((chain) => chain.tenantId);
  await discount.sql.query(
    `INSERT INTO assignment (tenant_id, customer_id, week, decided_at, item_id, depth, propensities, customer, item, model_version, policy_version)
     SELECT $1, gen_random_uuid(), '2026-W01', $2, $3, 10, '[{"depth":0,"probability":1}]', '{}', '{"priceMinor":400,"costMinor":100,"taste":0.1}', 'prior-1', 'margin-4'
     FROM generate_series(1, 10)`,
    [broken, new Date(discount.now.getTime() - 60 * 86_400_000), newId()],
  );
  const begun = new Date();
  await discount.runJob("fit uplift", { tenantId: null });
  expect((await lastTraining(discount.sql, broken!, "uplift"))?.said).toMatch(/^it failed: Row 0 was drawn 10 %/);
  for (const other of others) {
    const last = await lastTraining(discount.sql, other, "uplift");
    expect(last?.startedAt.getTime()).toBeGreaterThanOrEqual(begun.getTime());
    expect(last?.said).toMatch(/^nothing is claimed of depths/);
  }
  await discount.sql.query("DELETE FROM assignment WHERE tenant_id = $1", [broken]);
});

test("the chain is named, or is the only one", async () => {
  await expect(chooseChain(discount, null)).rejects.toThrow(/several chains: say --tenant with one of .*another-chain/);
  await expect(chooseChain(discount, "nowhere")).rejects.toThrow('There is no chain "nowhere"');
});
