import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { uniformAt } from "@kava/algorithms/random";
import { derivedId, purchaseIdOf } from "@kava/contracts/ids";
import type { LoadStatus } from "@kava/contracts/loading";
import { TenantView } from "@kava/platform/views/tenants";
import { FROM_SOURCE } from "@kava/platform/worker";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askAndWait, trainNow as trainKind, type TrainingPlace } from "@kava/platform/models/trainNow";
import { CUSTOMER_MODELS } from "./commands/models.js";
import type { Learned, LifetimeComparison, ModelKind } from "./domain/modelLife.js";
import { trainModel } from "./domain/segmentation.js";
import { keepModel, listModels, nextGeneration, type KeptModel } from "./storage/modelLife.js";
import { SegmentationStore } from "./storage/segmentationStore.js";
import { SegmentTraining } from "./storage/segmentTraining.js";
import { lastTraining, Trainings } from "@kava/platform/models/trainings";
import { TENANT, startCustomer, type CustomerService } from "./testing/startCustomer.js";

const START = new Date("2026-11-22T10:00:00Z");
const A_DAY_MS = 86_400_000;
const BUYERS = 110;
let service: CustomerService;
let today = START;

const nextDay = (): void => {
  today = new Date(today.getTime() + A_DAY_MS);
  service.setNow(today);
};
const keyOf = (index: number): string => `guest-${index}`;
const idOf = (index: number): string => derivedId(TENANT, "customer", keyOf(index));
const luck = (...key: (string | number)[]): number => uniformAt(11, ...key);

/** Coffee every few days, or cake now and then; a third of both have left some time ago. */
const momentsOf = (index: number): Date[] => {
  const gap = (index % 2 === 0 ? 3 : 9) * (0.7 + 0.6 * luck("gap", index));
  const moments: Date[] = [];
  for (
    let day = (index % 3 === 0 ? 60 + 40 * luck("left", index) : 0) + gap * luck("first", index);
    day < 120;
    day -= gap * Math.log(luck(index, moments.length))
  )
    moments.push(new Date(START.getTime() - day * A_DAY_MS - 60_000));
  return moments;
};
const finish = async (batch: string): Promise<void> => {
  await service.request(`/internal/load/finish?tenant=${TENANT}&batch=${batch}`, { method: "POST" });
  await until(
    "the load is finished",
    async () => ((await (await service.request(`/internal/load/status?tenant=${TENANT}`)).json()) as LoadStatus).state === "idle",
  );
};

beforeAll(async () => {
  service = await startCustomer(START);
  await until("the menu is known", async () => (await service.count("item_view")) === 3 && (await service.count("venue_view")) === 1);
  const indices = Array.from({ length: BUYERS }, (_, index) => index);
  await service.load(
    "customers",
    indices.map((index) => ({ id: idOf(index), externalId: keyOf(index), displayName: keyOf(index), joinedAt: "2026-01-01T00:00:00Z" })),
  );
  await service.load(
    "purchases",
    indices.flatMap((index) =>
      momentsOf(index).map((at, visit) => {
        const key = `${keyOf(index)}:${visit}`;
        const [itemId, unitPriceMinor, quantity] =
          index % 2 === 0
            ? ([service.items.coffee, 400, 1] as const)
            : ([service.items.cake, 650, 1 + Math.floor(3 * luck("many", key))] as const);
        const lines = [{ itemId, quantity, unitPriceMinor, paidMinor: quantity * unitPriceMinor }];
        return { id: purchaseIdOf(TENANT, key, at), key, customerId: idOf(index), venueId: service.venueId, at: at.toISOString(), lines };
      }),
    ),
  );
  await finish("test");
});
afterAll(() => service?.close());

const sql = () => service.running.platform.database.sql;
const place = (said: string[] = []): TrainingPlace => ({
  queue: service.running.platform.bus.jobs("customer"),
  sql: sql(),
  say: (text) => void said.push(text),
});
const listed = (kind: ModelKind) => listModels<unknown>(sql(), kind, TENANT);
const states = async (kind: ModelKind) => (await listed(kind)).map(({ generation, state }) => `${generation} ${state}`);
const undo = (kind: ModelKind) => service.running.platform.database.transaction((tx) => CUSTOMER_MODELS.rollBack(tx, TENANT, kind, today));
const trainNow = (at: TrainingPlace, tenantId: string, kind: ModelKind) =>
  trainKind(at, tenantId, kind, CUSTOMER_MODELS.training(kind, tenantId));
const placeNow = (at: TrainingPlace, tenantId: string) =>
  askAndWait(at, tenantId, CUSTOMER_MODELS.afterRollback!("segments", tenantId)!, async () => "segments: placing everyone");
const valueOf = async (index: number) => {
  const { data } = await service.ask(
    "query ($id: ID!) { customer(id: $id) { lifetimeValue { amount basedOnCustomers priorDominates } } }",
    { id: idOf(index) },
  );
  return (data as Record<string, { lifetimeValue: { amount: string; basedOnCustomers: number; priorDominates: boolean } }>)["customer"]!
    .lifetimeValue;
};

/** A guest registers with a taste; returns these fields of the customer. */
const register = async (name: string, fields: string) => {
  const { data } = await service.ask(
    `mutation { registerCustomer(input: { email: "${name}@example.com", password: "a long secret", displayName: "${name}", tastes: ["desserts"] }) { ... on Session { customer { ${fields} } } } }`,
  );
  return (data as Record<string, { customer: { id: string; segment: { name: string } } }>)["registerCustomer"]!.customer;
};

test("the first lifetime parameters are judged on the last weeks against what other chains are like, and rest on who came before these", async () => {
  const [first, ...more] = (await listModels<LifetimeComparison>(sql(), "lifetime", TENANT)) as [KeptModel<LifetimeComparison>];
  expect(more).toEqual([]);
  expect(first).toMatchObject({ generation: 1, state: "serving", fittedAt: START, comparison: { against: "prior" } });
  const { weeks, purchases } = first.comparison!;
  expect(weeks).toBeGreaterThan(4);
  expect(weeks).toBeLessThan(5);
  const all = Array.from({ length: BUYERS }, (_, index) => momentsOf(index).map((at) => at.getTime()));
  const since = Math.max(...all.flat()) - weeks * 7 * A_DAY_MS;
  const known = all.filter((moments) => moments.some((at) => at < since));
  expect(purchases.customers).toBe(known.length);
  expect(purchases.actual).toBe(known.flat().filter((at) => at >= since - 1).length);
  expect(await valueOf(1)).toMatchObject({ basedOnCustomers: known.length });
});

test("a training that is asked for says its steps and what came of it, and the list tells both", async () => {
  nextDay();
  const said: string[] = [];
  await trainNow(place(said), TENANT, "lifetime");
  expect(said.length).toBeGreaterThan(1);
  expect(said.at(-1)).toMatch(/^lifetime: in service/);
  expect(await states("lifetime")).toEqual(["2 serving", "1 retired"]);
  expect(await lastTraining(sql(), TENANT, "lifetime")).toMatchObject({
    startedAt: today,
    finishedAt: today,
    said: expect.stringMatching(/^in service/),
  });
  const table = await CUSTOMER_MODELS.show(sql(), TENANT, ["lifetime", "segments"]);
  expect(table).toMatch(/^→ +2 \(serving\) +2026-11-23 10:00/m);
  expect(table).toMatch(/lifetime model.*predicted.*slope.*shift/);
  expect(table).toMatch(/segments model.*stability.*silhouette/);
});

test("as a program it trains, tells the steps aside, and prints the table alone", async () => {
  nextDay();
  const program = fileURLToPath(new URL("./commands/models.ts", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...FROM_SOURCE, program, "train", "--model", "segments"], {
    env: { ...process.env, DATABASE_URL: service.running.platform.config.databaseUrl, REDIS_URL: "" },
  });
  expect(stdout).toMatch(/^ +segments model +fitted at/);
  expect(stdout).toMatch(/^→ +2 \(serving\)/m);
  expect(stderr).toMatch(/^segments: .*\n(segments: .*\n)*segments: in service\n$/);
});

test("how far buyers have moved since the models learned is on the metrics", async () => {
  const metrics = await (await service.request("/metrics")).text();
  expect(metrics).toMatch(/kava_model_shift\{model="lifetime",tenant="kava",feature="purchasesPerWeek",service="customer"\} \d/);
  expect(metrics).toMatch(/kava_model_shift\{model="segments",tenant="kava",feature="recencyDays",service="customer"\} \d/);
});

test("an office that buys after the training is marked when everyone is placed, and no sooner", async () => {
  const { id } = await register("office", "id");
  for (let week = 0; week < 10; week++)
    await service.ask("mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }", {
      input: {
        customerId: id,
        idempotencyKey: `office-${week}`,
        lines: [{ itemId: service.items.coffee, quantity: 80 }],
        at: new Date(today.getTime() - (7 * week + 1) * A_DAY_MS).toISOString(),
      },
    });
  const isMarked = async () => (await service.ask("query ($id: ID!) { customer(id: $id) { segment { outlier } } }", { id })).data;
  expect(await isMarked()).toEqual({ customer: { segment: { outlier: false } } });
  await placeNow(place(), TENANT);
  expect(await isMarked()).toEqual({ customer: { segment: { outlier: true } } });
  const { rows } = await sql().query<{ marked: number }>("SELECT count(*) AS marked FROM customer WHERE tenant_id = $1 AND outlier", [
    TENANT,
  ]);
  expect(rows[0]!.marked).toBeLessThanOrEqual(5);
});

test("segments that are rolled back are withdrawn for good; those before serve again under a new number, with everybody in them", async () => {
  nextDay();
  const before = await sql().query<{ model: { nextId: number } }>("SELECT model FROM segmentation_history WHERE generation = 1");
  await sql().query("UPDATE segmentation_history SET model = jsonb_set(model, '{nextId}', '77') WHERE state = 'serving'");
  expect(await undo("segments")).toBe("model 2 is withdrawn, model 1, under a new number, is in service again");
  await placeNow(place(), TENANT);
  expect(await states("segments")).toEqual(["3 serving", "2 withdrawn"]);
  const { rows } = await sql().query<{ generation: number; model: object; others: number }>(
    `SELECT generation, model, (SELECT count(*) FROM customer c WHERE c.tenant_id = s.tenant_id AND segment_generation <> 3) AS others FROM segmentation s WHERE tenant_id = $1`,
    [TENANT],
  );
  expect(rows[0]).toMatchObject({ generation: 3, others: 0 });
  // a segment's number is never given to another, also not one of the withdrawn
  expect(rows[0]!.model).toEqual({ ...before.rows[0]!.model, nextId: 77 });
});

test("segments by which customers are clearly worse told apart are refused with the reason; nobody moves, and it is not tried again within the hour", async () => {
  nextDay();
  const { database, cache, clock } = service.running.platform;
  const training = new SegmentTraining({
    database,
    tenants: new TenantView(sql()),
    segmentations: new SegmentationStore(database, cache),
    trainings: new Trainings(sql(), clock),
    fit: async (input) => {
      const trained = trainModel(input);
      return { ...trained, comparison: { ...trained.comparison, gain: { mean: -0.2, low: -0.25, high: -0.15 } } };
    },
    clock,
    wakeOutbox: () => {},
  });
  const steps: string[] = [];
  await training.train(TENANT, async ({ step }) => void steps.push(step));
  expect([steps[0], steps.at(-1)]).toEqual(["reading buyers", "placing everyone"]);
  expect(await states("segments")).toEqual(["4 refused", "3 serving", "2 withdrawn"]);
  expect((await listed("segments"))[0]!.reasons).toEqual([expect.stringContaining("clearly worse told apart")]);
  expect(await lastTraining(sql(), TENANT, "segments")).toMatchObject({
    said: expect.stringMatching(/^refused: customers are clearly worse/),
  });
  const { rows } = await sql().query("SELECT FROM customer WHERE tenant_id = $1 AND segment_generation <> 3", [TENANT]);
  expect(rows).toEqual([]);
  expect(await training.due(TENANT)).toBe("nothing");
  await trainNow(place(), TENANT, "segments");
  expect((await states("segments"))[0]).toBe("5 serving");
});

test("where nothing is left before them, segments stay", async () => {
  await sql().query("DELETE FROM segmentation_history WHERE state = 'retired'");
  const before = await states("segments");
  await expect(undo("segments")).rejects.toThrow("nothing to roll back to");
  expect(await states("segments")).toEqual(before);
});

test("a training that fails says why", async () => {
  const failing = new Trainings(sql(), () => today);
  await expect(failing.track(TENANT, "segments", () => Promise.reject(new Error("the disk is full")))).rejects.toThrow("disk");
  expect(await lastTraining(sql(), TENANT, "segments")).toMatchObject({ finishedAt: today, said: "it failed: the disk is full" });
});

test("the last five lifetime models are kept to roll back to, and at last what other chains are like", async () => {
  const { rows } = await sql().query<{ model: object; learned: Learned }>(
    "SELECT model, learned FROM lifetime_history WHERE state = 'serving'",
  );
  const { database } = service.running.platform;
  for (let model = 3; model <= 8; model++) {
    const given = { ...rows[0]!, fittedAt: today, comparison: null, verdict: { promoted: true, reasons: [] }, shift: [] };
    await database.transaction(async (tx) =>
      keepModel(tx, "lifetime", TENANT, { ...given, generation: await nextGeneration(tx, "lifetime", TENANT) }),
    );
  }
  expect(await states("lifetime")).toEqual(["8 serving", ...[7, 6, 5, 4, 3].map((model) => `${model} retired`)]);
  const own = await valueOf(1);
  expect(own.priorDominates).toBe(false);
  expect(await undo("lifetime")).toContain("model 8 is withdrawn, model 7, under a new number,");
  expect((await states("lifetime")).slice(0, 2)).toEqual(["9 serving", "8 withdrawn"]);
  for (const model of [6, 5, 4, 3]) expect(await undo("lifetime")).toContain(`model ${model}, under a new number,`);
  expect(await undo("lifetime")).toContain("what other chains are like is in service again");
  await expect(undo("lifetime")).rejects.toThrow("nothing to roll back");
  const pooled = await valueOf(1);
  expect(pooled).toMatchObject({ basedOnCustomers: 0, priorDominates: true });
  expect(pooled.amount).not.toBe(own.amount);
  expect(await CUSTOMER_MODELS.show(sql(), TENANT, ["lifetime"])).toContain("rest on what other chains are like");
});

test("parameters that cannot be judged do not take the place of ones that were; the margin of what serves is renewed all the same", async () => {
  nextDay();
  await trainNow(place(), TENANT, "lifetime");
  const [serving] = await listed("lifetime");
  expect(serving).toMatchObject({ state: "serving" });
  expect(serving!.comparison).not.toBeNull();
  await sql().query("DELETE FROM customer WHERE tenant_id = $1 AND NOT (id = ANY($2::uuid[]))", [
    TENANT,
    Array.from({ length: 30 }, (_, i) => idOf(i)),
  ]);
  await sql().query("UPDATE item_view SET cost_minor = cost_minor * 2 WHERE tenant_id = $1", [TENANT]);
  const shareOf = async () =>
    (await sql().query<{ share: number }>("SELECT (model->>'marginShare')::float8 AS share FROM lifetime_model")).rows[0]!.share;
  const before = await shareOf();
  nextDay();
  await trainNow(place(), TENANT, "lifetime");
  expect((await listed("lifetime"))[0]).toMatchObject({
    state: "refused",
    reasons: [expect.stringContaining("too few weeks or purchases")],
  });
  expect(await shareOf()).toBeLessThan(before - 0.1);
});

test("a model in a form that this code does not know is as if there was none", async () => {
  await sql().query("UPDATE lifetime_model SET model = jsonb_set(model, '{format}', '2')");
  expect(await valueOf(1)).toBeNull();
  await sql().query("UPDATE segmentation SET generation = generation + 1, model = jsonb_set(model, '{formatVersion}', '2')");
  const { segment } = await register("late", "segment { name }");
  expect(segment.name).toBe("Newcomers");
});
