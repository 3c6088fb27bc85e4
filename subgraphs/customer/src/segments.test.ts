import { uniformAt } from "@kava/algorithms/random";
import { derivedId, purchaseIdOf } from "@kava/contracts/ids";
import type { LoadStatus } from "@kava/contracts/loading";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trainSegmentsJob } from "./jobs/trainSegments.js";
import { TENANT, startCustomer, type CustomerService } from "./testing/startCustomer.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const DAY_MS = 86_400_000;
let service: CustomerService;

/** Three ways of life: coffee on weekday mornings, cake on weekend afternoons, and beans once in a while until the summer. */
const KINDS = ["morning", "weekend", "lapsed"] as const;
type Kind = (typeof KINDS)[number];
const keyOf = (kind: Kind, index: number): string => `${kind}-${index}`;
const idOf = (kind: Kind, index: number): string => derivedId(TENANT, "customer", keyOf(kind, index));
const MEMBERS = 50;
/** Orders sixty coffees once a week. */
const OFFICE = derivedId(TENANT, "customer", "office");

/** Luck that is the same in every run. */
const luck = (...key: (string | number)[]): number => uniformAt(7, ...key);
const momentsOf = (kind: Kind, index: number): Date[] => {
  if (kind === "lapsed")
    return Array.from(
      { length: 3 + Math.floor(3 * luck("n", index)) },
      (_, visit) => new Date(NOW.getTime() - (100 + 60 * luck(kind, index, visit)) * DAY_MS),
    );
  const isOpen = (day: Date): boolean => (day.getUTCDay() % 6 === 0) === (kind === "weekend");
  const eager = 0.5 + 0.3 * luck("eager", kind, index);
  const days = Array.from({ length: 84 }, (_, day) => new Date(NOW.getTime() - (day + 1) * DAY_MS)).filter(
    (day, at) => isOpen(day) && luck(kind, index, at) < eager,
  );
  const hour = kind === "morning" ? 5 : 12;
  return days.map(
    (day, at) =>
      new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), hour + Math.floor(3 * luck("hour", kind, index, at)))),
  );
};
const lineOf = (kind: Kind, index: number, visit: number) => {
  const favourite = {
    morning: [service.items.coffee, 400],
    weekend: [service.items.cake, 650],
    lapsed: [service.items.beans, 1_500],
  } as const;
  const [itemId, unitPriceMinor] =
    luck("usual", kind, index, visit) < 0.8 ? favourite[kind] : favourite[KINDS[Math.floor(3 * luck("other", kind, index, visit))]!];
  const quantity = kind === "weekend" ? 2 + Math.floor(3 * luck("many", index, visit)) : 1;
  return { itemId, quantity, unitPriceMinor, paidMinor: quantity * unitPriceMinor };
};

beforeAll(async () => {
  service = await startCustomer(NOW);
  await until("the menu is known", async () => (await service.count("item_view")) === 3 && (await service.count("venue_view")) === 1);
  const everyone = KINDS.flatMap((kind) => Array.from({ length: MEMBERS }, (_, index) => ({ kind, index })));
  await service.load("customers", [
    ...everyone.map(({ kind, index }) => ({
      id: idOf(kind, index),
      externalId: keyOf(kind, index),
      displayName: keyOf(kind, index),
      joinedAt: "2026-01-01T00:00:00Z",
    })),
    { id: derivedId(TENANT, "customer", "quiet"), externalId: "quiet", displayName: "Quiet", joinedAt: "2026-01-01T00:00:00Z" },
    { id: OFFICE, externalId: "office", displayName: "Office", joinedAt: "2026-01-01T00:00:00Z" },
  ]);
  await service.load("purchases", [
    ...Array.from({ length: 12 }, (_, week) => {
      const at = new Date(NOW.getTime() - (7 * week + 3) * DAY_MS);
      const lines = [{ itemId: service.items.coffee, quantity: 60, unitPriceMinor: 400, paidMinor: 24_000 }];
      const key = `office:${week}`;
      return { id: purchaseIdOf(TENANT, key, at), key, customerId: OFFICE, venueId: service.venueId, at: at.toISOString(), lines };
    }),
    ...everyone.flatMap(({ kind, index }) =>
      momentsOf(kind, index).map((at, number) => {
        const key = `${keyOf(kind, index)}:${number}`;
        return {
          id: purchaseIdOf(TENANT, key, at),
          key,
          customerId: idOf(kind, index),
          venueId: service.venueId,
          at: at.toISOString(),
          lines: [lineOf(kind, index, number)],
        };
      }),
    ),
  ]);
  await service.request(`/internal/load/finish?tenant=${TENANT}&batch=test`, { method: "POST" });
  await until(
    "segments are trained",
    async () => ((await (await service.request(`/internal/load/status?tenant=${TENANT}`)).json()) as LoadStatus).state === "idle",
  );
});
afterAll(() => service?.close());

interface Membership {
  id: string;
  name: string;
  provisional: boolean;
  since: string;
}
const segmentOf = async (id: string): Promise<Membership> => {
  const { data } = await service.ask("query ($id: ID!) { customer(id: $id) { segment { id name provisional since } } }", { id });
  return (data as Record<string, { segment: Membership }>)["customer"]!.segment;
};
const segments = async () =>
  (
    (await service.ask("{ segments { id name description size } }")).data as Record<
      string,
      { id: string; name: string; description: string; size: number }[]
    >
  )["segments"]!;
const retrain = async (): Promise<void> => {
  const jobs = service.running.platform.bus.jobs("customer");
  const { generation } = await trained();
  await jobs.enqueue(
    trainSegmentsJob(async () => {}),
    { tenantId: TENANT },
  );
  await until(
    "segments are trained again",
    async () => (await trained()).generation > generation && (await jobs.pending("train-segments")) === 0,
  );
};
const trained = async () =>
  (
    await service.running.platform.database.sql.query<{ generation: number }>("SELECT generation FROM segmentation WHERE tenant_id = $1", [
      TENANT,
    ])
  ).rows[0]!;

test("customers who live alike are in one segment, with a readable name and a description", async () => {
  const found = await Promise.all(KINDS.map((kind) => Promise.all([0, 17, 42].map((index) => segmentOf(idOf(kind, index))))));
  for (const members of found) {
    expect(new Set(members.map((member) => member.id)).size).toBe(1);
    expect(members[0]).toMatchObject({ provisional: false, since: NOW.toISOString() });
  }
  expect(new Set(found.map((members) => members[0]!.id)).size).toBe(KINDS.length);
  for (const segment of await segments()) {
    expect(segment.name).toMatch(/^\p{Lu}[\p{L} ,&']+$/u);
    expect(segment.description.length).toBeGreaterThan(20);
  }
});

test("the segments of the list hold every customer once", async () => {
  expect((await segments()).reduce((sum, segment) => sum + segment.size, 0)).toBe(KINDS.length * MEMBERS + 2);
});

test("an office that orders for everybody is marked as one that fits no segment, and hardly anybody else is", async () => {
  const marked = async () =>
    (
      await service.running.platform.database.sql.query<{ id: string }>("SELECT id FROM customer WHERE tenant_id = $1 AND outlier", [
        TENANT,
      ])
    ).rows.map((row) => row.id);
  expect(await marked()).toContain(OFFICE);
  expect((await marked()).length).toBeLessThanOrEqual(3);
  const { data } = await service.ask("query ($id: ID!) { customer(id: $id) { segment { outlier provisional } } }", { id: OFFICE });
  expect(data).toEqual({ customer: { segment: { outlier: true, provisional: false } } });
});

test("who has neither bought nor said what they like is a newcomer", async () => {
  expect(await segmentOf(derivedId(TENANT, "customer", "quiet"))).toMatchObject({ name: "Newcomers", provisional: true });
});

test("the other services are told everyone's segment", async () => {
  const told = new Map(
    (await service.events("customers.segmented")).flatMap((event) => event.members.map((member) => [member.customerId, member.segmentId])),
  );
  expect(told.get(idOf("weekend", 3))).toBe((await segmentOf(idOf("weekend", 3))).id);
  expect(told.size).toBe(KINDS.length * MEMBERS + 2);
});

test("who registers with a taste is provisionally with those who share it", async () => {
  const { data } = await service.ask(
    `mutation { registerCustomer(input: { email: "cake@example.com", password: "a long secret", displayName: "Cake", tastes: ["desserts"] }) { ... on Session { customer { segment { id provisional } } } } }`,
  );
  expect((data as Record<string, { customer: { segment: Membership } }>)["registerCustomer"]!.customer.segment).toEqual({
    id: (await segmentOf(idOf("weekend", 0))).id,
    provisional: true,
  });
});

test("who has not bought yet and changes what they like or where they are at home is placed again, and the others are told", async () => {
  service.setNow(new Date(NOW.getTime() + 60_000));
  const registered = await service.ask(
    `mutation { registerCustomer(input: { email: "beans@example.com", password: "a long secret", displayName: "Beans", tastes: ["desserts"] }) { ... on Session { customer { id segment { id } } } } }`,
  );
  const { customer } = (registered.data as Record<string, { customer: { id: string; segment: { id: string } } }>)["registerCustomer"]!;
  const change = (input: object) =>
    service.ask("mutation ($input: ChangeProfileInput!) { changeProfile(input: $input) { __typename } }", {
      input: { customerId: customer.id, ...input },
    });
  const told = async () => (await service.events("customer.profiled")).filter((event) => event.customerId === customer.id);
  await change({ tastes: [] });
  expect(await segmentOf(customer.id)).toMatchObject({ name: "Newcomers", provisional: true });
  await change({ venueId: service.venueId });
  const now = await segmentOf(customer.id);
  expect(now).toMatchObject({ provisional: true, since: "2026-11-22T10:01:00.000Z" });
  expect(now.name).not.toBe("Newcomers");
  expect((await told()).map((event) => event.segment?.name)).toEqual(["Newcomers", now.name]);
  const { rows } = await service.running.platform.database.sql.query(
    "SELECT segment_id AS id FROM segment_move WHERE customer_id = $1 ORDER BY at DESC LIMIT 1",
    [customer.id],
  );
  expect(rows).toEqual([{ id: now.id }]);
  service.setNow(NOW);
});

test("a purchase moves the customer to the segment that fits now, in its own transaction and event", async () => {
  const registered = await service.ask(
    `mutation { registerCustomer(input: { email: "new@example.com", password: "a long secret", displayName: "New" }) { ... on Session { customer { id segment { name } } } } }`,
  );
  const { customer } = (registered.data as Record<string, { customer: { id: string; segment: Membership } }>)["registerCustomer"]!;
  expect(customer.segment.name).toBe("Newcomers");
  await service.ask("mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }", {
    input: {
      customerId: customer.id,
      idempotencyKey: "first",
      lines: [{ itemId: service.items.cake, quantity: 3 }],
      at: "2026-11-22T09:59:00Z",
    },
  });
  const now = await segmentOf(customer.id);
  expect(now).toMatchObject({ provisional: false });
  expect(now.name).not.toBe("Newcomers");
  expect((await service.events("purchase.recorded")).find((event) => event.customerId === customer.id)?.segment).toEqual({
    id: now.id,
    name: now.name,
  });
});

test("a segment keeps its id, its name and its members when it is trained again", async () => {
  const before = await segments();
  const member = await segmentOf(idOf("morning", 5));
  await retrain();
  expect((await segments()).map(({ id, name }) => ({ id, name })).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
    before.map(({ id, name }) => ({ id, name })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  expect(await segmentOf(idOf("morning", 5))).toEqual(member);
});

test("a mark that is no longer deserved goes with the next training, and one that still is stays", async () => {
  const { sql } = service.running.platform.database;
  await sql.query("UPDATE customer SET outlier = true WHERE tenant_id = $1 AND id = $2", [TENANT, idOf("morning", 8)]);
  await retrain();
  const { rows } = await sql.query<{ id: string; outlier: boolean }>(
    "SELECT id, outlier FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[])",
    [TENANT, [OFFICE, idOf("morning", 8)]],
  );
  expect(new Map(rows.map((row) => [row.id, row.outlier]))).toEqual(
    new Map([
      [OFFICE, true],
      [idOf("morning", 8), false],
    ]),
  );
});

test("purchases that arrive while segments are trained are all kept, and everyone ends in the segment of the last training", async () => {
  const purchases = await service.count("purchase");
  const [, answers] = await Promise.all([
    retrain(),
    Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        service.ask("mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { __typename } }", {
          input: {
            customerId: idOf("morning", index % MEMBERS),
            idempotencyKey: `while-${index}`,
            lines: [{ itemId: service.items.coffee, quantity: 1 }],
          },
        }),
      ),
    ),
  ]);
  expect(
    answers.every((answer) => (answer.data as Record<string, { __typename: string }>)["recordPurchase"]!.__typename === "Purchase"),
  ).toBe(true);
  expect(await service.count("purchase")).toBe(purchases + 60);
  const { generation } = await trained();
  const { rows } = await service.running.platform.database.sql.query(
    "SELECT FROM customer WHERE tenant_id = $1 AND segment_generation <> $2",
    [TENANT, generation],
  );
  expect(rows).toEqual([]);
});
