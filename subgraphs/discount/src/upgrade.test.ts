import { newId, tenantIdOf } from "@kava/contracts/ids";
import { openDatabase } from "@kava/platform/database/database";
import type { Sql } from "@kava/platform/database/sql";
import { createLogger } from "@kava/platform/telemetry/logger";
import { freshDatabase } from "@kava/tests/support/freshDatabase";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explainOffer } from "./commands/explainOffer.js";
import { modelTable } from "./commands/modelTable.js";
import { decideOffer } from "./domain/decideOffer.js";
import type { Decided, DecisionRecord } from "./domain/decision.js";
import { priorModel } from "./domain/fitModel.js";
import { isInHoldout } from "./domain/holdout.js";
import { isoWeek } from "./domain/localTime.js";
import { OfferEntity, QuoteEntity } from "./storage/entities.js";
import { DISCOUNT_MIGRATIONS } from "./storage/migrations.js";
import { listModels, modelInService } from "./storage/modelLife.js";
import { candidate, input } from "./testing/decisionInputs.js";
import { DiscountUnderTest } from "./testing/startDiscount.js";

const LOGGER = createLogger("test", "silent");
const NOW = new Date("2026-11-23T08:00:00.000Z");
const tenantId = tenantIdOf("kava");
const [itemId, offerId, decisionId] = [newId(), newId(), newId()];
let customerId = newId();
while (isInHoldout(tenantId, customerId)) customerId = newId();

interface OldRecord {
  version: number;
  input: object;
  output: { policyVersion: string; decided: Omit<Extract<Decided, { kind: "offer" }>, "costMinor"> };
}

/** A record as it was written before anything was measured of depths: the first of some seeds that draws an offer. */
const recordOfBefore = (seed = 1): OldRecord => {
  const decidedOn = input({ tenantId, customerId, candidates: [candidate({ itemId })], modelVersion: "fitted-1", seed });
  const { weighing: _, decided, ...output } = decideOffer(decidedOn, priorModel());
  const { offeredAt: __, remembered: ___, multiplier: ____, upliftVersion: _____, ...known } = decidedOn;
  if (decided.kind !== "offer") return recordOfBefore(seed + 1);
  const { costMinor: ______, ...offered } = decided;
  return { version: 1, input: known, output: { ...output, policyVersion: "margin-3", decided: offered } };
};

/** What the service of then had written: an offer that lives, its week, and a model in service. */
const writeAsBefore = async (sql: Sql, depth: number, priceMinor: number, record: object): Promise<void> => {
  await sql.query("INSERT INTO decision VALUES ($1, $2, $3, $4, 'purchase', 'greedy', $5)", [
    tenantId,
    decisionId,
    customerId,
    NOW,
    record,
  ]);
  await sql.query(
    `INSERT INTO offer (tenant_id, id, customer_id, item_id, decision_id, state, depth, list_minor, price_minor, because, policy_version, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, 'LIVE', $6, 400, $7, '{"code":"popular","params":{}}', 'margin-3', $8, $8::timestamptz + interval '7 days')`,
    [tenantId, offerId, customerId, itemId, decisionId, depth, priceMinor, NOW],
  );
  await sql.query(
    "INSERT INTO push_counter (tenant_id, customer_id, seq, decisions, week, week_depth, week_propensities) VALUES ($1, $2, 1, 1, $3, $4, $5)",
    [tenantId, customerId, isoWeek(NOW, "UTC"), depth, JSON.stringify([{ depth, probability: 1 }])],
  );
  const model = JSON.stringify(priorModel().model.toJSON());
  const comparison = {
    cases: 500,
    customers: 90,
    buyers: 60,
    lossInService: 0.3,
    loss: 0.28,
    gain: { mean: 0, low: 0, high: 0 },
    calibrationSlope: 1,
  };
  await sql.query(
    `INSERT INTO response_model (tenant_id, version, fitted_at, model, state, promoted_at, comparison)
     VALUES ($1, 'fitted-1', $2, $3, 'serving', $2, NULL), ($1, 'fitted-0', $2::timestamptz - interval '1 day', $3, 'retired', $2::timestamptz - interval '1 day', $4)`,
    [tenantId, NOW, model, comparison],
  );
};

let discount: DiscountUnderTest;
const record = recordOfBefore();
beforeAll(async () => {
  const url = await freshDatabase();
  const migrations = Object.fromEntries(Object.entries(DISCOUNT_MIGRATIONS).filter(([name]) => name < "0016"));
  const before = await openDatabase({
    url,
    schema: "discount",
    entities: [OfferEntity, QuoteEntity],
    migrations,
    pool: 2,
    logger: LOGGER,
  });
  const { depth, priceMinor } = record.output.decided;
  await writeAsBefore(before.sql, depth, priceMinor, record);
  await before.close();
  discount = await DiscountUnderTest.start(url);
  discount.setClock(new Date(NOW.getTime() + 3_600_000));
  await discount.item({ itemId, priceMinor: 400, costMinor: 100 });
});
afterAll(() => discount?.close());

test("an offer of before depths were measured is still explained, and says that it cannot be made again", async () => {
  const explained = { offerId, view: "auditor" as const, language: "en" as const, json: false };
  const text = await explainOffer(discount.sql, explained, { now: discount.now, logger: LOGGER });
  expect(text).toMatch(/Rung 0 of the ladder/);
  expect(text).toMatch(/Not possible: .* policy margin-3/);
  expect(text).not.toMatch(/undefined|NaN|null/);
});

test("models of before depths were measured are listed as response models, and the one in service stays there", async () => {
  const models = await listModels(discount.sql, tenantId);
  expect(models.map(({ kind, version, state }) => [kind, version, state])).toEqual([
    ["response", "fitted-1", "serving"],
    ["response", "fitted-0", "retired"],
  ]);
  expect(modelTable("response", models)).toMatch(/→ +fitted-1/);
  expect(modelTable("uplift", models)).toMatch(/No uplift model was learned yet/);
  expect((await modelInService(discount.sql, tenantId, "response"))?.version).toBe("fitted-1");
});

test("the depth of the week stands at the next decision, and so does the offer that lives; nothing is remembered of before", async () => {
  await discount.tell(
    "customer.registered",
    { customerId, externalId: null, displayName: "Ada", joinedAt: "2025-01-01T00:00:00.000Z", tastes: [], homeVenueId: null },
    customerId,
  );
  await discount.publish([discount.liking(customerId, [{ itemId, score: 0.08 }])]);
  await discount.publish([discount.purchase(customerId, [newId()])]);
  const { rows } = await discount.sql.query<{ id: string; state: string }>("SELECT id, state FROM offer WHERE customer_id = $1", [
    customerId,
  ]);
  expect(rows).toEqual([{ id: offerId, state: "LIVE" }]);
  const { rows: kept } = await discount.sql.query<{ record: DecisionRecord }>(
    "SELECT record FROM decision WHERE customer_id = $1 AND trigger = 'purchase' AND id <> $2",
    [customerId, decisionId],
  );
  expect(kept[0]!.record.input).toMatchObject({ sticky: { depth: record.output.decided.depth }, remembered: 0, modelVersion: "fitted-1" });
  expect(kept[0]!.record.output.decided).toMatchObject({ kind: "offer", how: "kept" });
});
