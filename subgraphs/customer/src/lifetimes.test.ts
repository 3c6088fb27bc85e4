import { uniformAt } from "@kava/algorithms/random";
import { derivedId, purchaseIdOf, tenantIdOf } from "@kava/contracts/ids";
import type { LoadStatus } from "@kava/contracts/loading";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fitLifetimesJob } from "./jobs/fitLifetimes.js";
import { TENANT, startCustomer, type Answer, type CustomerService } from "./testing/startCustomer.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const DAY_MS = 86_400_000;
const BUYERS = 60;
let service: CustomerService;

const keyOf = (index: number | string): string => `guest-${index}`;
const idOf = (index: number | string): string => derivedId(TENANT, "customer", keyOf(index));

/** Some come every few days until now, some came a few times in spring. */
const momentsOf = (index: number): Date[] => {
  const gap = 3 + 8 * uniformAt(3, "gap", index);
  const visits = index % 3 === 0 ? 4 : Math.floor(150 / gap);
  const last = index % 3 === 0 ? 120 : 1;
  return Array.from({ length: visits }, (_, visit) => new Date(NOW.getTime() - (last + visit * gap) * DAY_MS));
};

const finish = async (batch: string): Promise<void> => {
  await service.request(`/internal/load/finish?tenant=${TENANT}&batch=${batch}`, { method: "POST" });
  await until(
    "the load is finished",
    async () => ((await (await service.request(`/internal/load/status?tenant=${TENANT}`)).json()) as LoadStatus).state === "idle",
  );
};
const loadPurchases = (indices: readonly number[], batch: string) =>
  service.load(
    "purchases",
    indices.flatMap((index) =>
      momentsOf(index).map((at, visit) => {
        const key = `${keyOf(index)}:${visit}`;
        const line = { itemId: service.items.coffee, quantity: 1, unitPriceMinor: 400, paidMinor: 400 };
        return {
          id: purchaseIdOf(TENANT, key, at),
          key,
          customerId: idOf(index),
          venueId: service.venueId,
          at: at.toISOString(),
          lines: [line],
        };
      }),
    ),
    batch,
  );

interface Value {
  amount: string;
  currency: string;
  expectedPurchases: number;
  horizonDays: number;
  probabilityAlive: number;
  basedOnCustomers: number;
  priorDominates: boolean;
}
const QUERY =
  "query ($id: ID!) { customer(id: $id) { lifetimeValue { amount currency expectedPurchases horizonDays probabilityAlive basedOnCustomers priorDominates } } }";
const valueIn = ({ data }: Answer): Value | null => (data as Record<string, { lifetimeValue: Value | null }>)["customer"]!.lifetimeValue;
const valueOf = async (index: number | string) => valueIn(await service.ask(QUERY, { id: idOf(index) }));

beforeAll(async () => {
  service = await startCustomer(NOW);
  await until("the menu is known", async () => (await service.count("item_view")) === 3 && (await service.count("venue_view")) === 1);
  await service.load(
    "customers",
    [...Array.from({ length: BUYERS }, (_, index) => index), "quiet"].map((index) => ({
      id: idOf(index),
      externalId: keyOf(index),
      displayName: keyOf(index),
      joinedAt: "2026-01-01T00:00:00Z",
    })),
  );
});
afterAll(() => service?.close());

test("a chain of fewer than ten buyers is told no value, then one that rests on all of them", async () => {
  await loadPurchases([0, 1, 2], "few");
  await finish("few");
  expect(await valueOf(1)).toBeNull();
  expect(await service.count("lifetime_model")).toBe(0);
  await loadPurchases(
    Array.from({ length: BUYERS - 3 }, (_, index) => index + 3),
    "all",
  );
  await finish("all");
  expect(await valueOf(1)).toMatchObject({ currency: "EUR", horizonDays: 364, basedOnCustomers: BUYERS });
});

test("who comes is worth their margin for a year, who stayed away is worth less, and who never came nothing that is known", async () => {
  const regular = (await valueOf(1))!;
  const lapsed = (await valueOf(0))!;
  // 4.00 a purchase, 1.20 of it cost
  expect(Number(regular.amount) / regular.expectedPurchases).toBeGreaterThan(2.8 * 0.9);
  expect(Number(regular.amount) / regular.expectedPurchases).toBeLessThan(2.8 * 1.02);
  expect(regular.expectedPurchases).toBeGreaterThan(15);
  expect(lapsed.expectedPurchases).toBeLessThan(regular.expectedPurchases / 2);
  expect(lapsed.probabilityAlive).toBeLessThan(regular.probabilityAlive);
  expect(await valueOf("quiet")).toBeNull();
});

test("a purchase is in the next value at once, without a new fit", async () => {
  const before = (await valueOf(0))!;
  const { errors } = await service.ask("mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }", {
    input: {
      customerId: idOf(0),
      idempotencyKey: "again",
      lines: [{ itemId: service.items.coffee, quantity: 1 }],
    },
  });
  expect(errors).toBeUndefined();
  expect((await valueOf(0))!.probabilityAlive).toBeGreaterThan(before.probabilityAlive);
});

test("customers do not see their value, which would tell them what a purchase earns; another chain's staff sees none", async () => {
  const own = await service.ask(QUERY, { id: idOf(1) }, { tenantId: TENANT, role: "customer", customerId: idOf(1), scopes: [] });
  expect(JSON.stringify(own)).toMatch(/FORBIDDEN/);
  expect(JSON.stringify(own)).not.toMatch(/amount/);
  const stranger = await service.ask(QUERY, { id: idOf(1) }, { tenantId: tenantIdOf("another"), role: "staff", scopes: [] });
  expect(stranger.data).toEqual({ customer: null });
});

test("a fit on demand is kept with its moment", async () => {
  const jobs = service.running.platform.bus.jobs("customer");
  const { sql } = service.running.platform.database;
  service.setNow(new Date(NOW.getTime() + DAY_MS));
  await jobs.enqueue(
    fitLifetimesJob(async () => {}),
    { tenantId: TENANT },
  );
  const fittedAt = async () =>
    (await sql.query<{ fittedAt: Date }>('SELECT fitted_at AS "fittedAt" FROM lifetime_model WHERE tenant_id = $1', [TENANT])).rows[0]!
      .fittedAt;
  await until("the new fit is kept", async () => (await fittedAt()) > NOW);
  expect(await fittedAt()).toEqual(new Date(NOW.getTime() + DAY_MS));
});
