import { parsePurchaseId } from "@kava/contracts/ids";
import { OFFER_PUSHES, type PushesAnswer } from "@kava/harness/documents";
import { dataOf } from "@kava/harness/graphClient";
import { startInstallation, type Installation } from "@kava/harness/installation";
import type { Service } from "@kava/harness/processes";
import type { PushSubscriber } from "@kava/harness/pushSubscriber";
import { loadSmallChain, type SmallChain } from "@kava/harness/smallChain";
import { startTraffic, type Sale, type Traffic } from "@kava/harness/traffic";
import { until } from "@kava/harness/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { salesRecorded, salesShown } from "./support/salesTotals.js";
import { startSystem } from "./support/system.js";

/** Modest: the point is what is lost, not how much there is. */
const RATE = 5;
const BUYERS = 12;

let kava: Installation;
let chain: SmallChain;
let buyers: string[];
let traffic: Traffic;
let subscribers: PushSubscriber[];

beforeAll(async () => {
  kava = await startSystem();
  chain = await loadSmallChain(kava);
  buyers = chain.regulars.filter((id) => !chain.isHeldOut(id)).slice(0, BUYERS);
  subscribers = buyers.map((id) => kava.subscribe(id, { after: BEGINNING }));
  traffic = startTraffic({
    url: kava.url,
    token: await kava.token("staff"),
    customers: buyers,
    items: chain.items,
    venues: chain.venues,
    rate: RATE,
    name: "crash",
  });
});
afterAll(async () => {
  await Promise.all((subscribers ?? []).map((each) => each.close()));
  await traffic?.stop().catch(() => undefined);
  await kava?.stop().catch(() => undefined);
  await kava?.remove();
});

/** The cursor before a customer's first push. */
const BEGINNING = "start";
const acknowledgedIds = (): string[] => traffic.sales.map((sale: Sale) => sale.acknowledged.id);
const isReady = async () => (await fetch(`http://127.0.0.1:${kava.port}/health/ready`).catch(() => undefined))?.ok === true;

test.each<Service | "postgres">(["customer", "menu", "analytics", "discount", "gateway", "postgres"])(
  "kill -9 of %s while purchases arrive: it comes back, and purchases go on",
  async (victim) => {
    const before = traffic.sales.length;
    await until("purchases arrive", () => traffic.sales.length >= before + RATE);
    const killed = await kava.signal(victim, "SIGKILL");
    await until(`${victim} runs again as another process`, async () => {
      const pid = await kava.pid(victim);
      return pid !== undefined && pid !== killed;
    });
    await until("all is ready", isReady);
    const after = traffic.sales.length;
    await until("purchases arrive again", () => traffic.sales.length >= after + RATE);
    expect(await kava.pid(victim)).not.toBe(killed);
  },
);

test("after all of that no purchase is lost and none is doubled", async () => {
  await traffic.stop();
  const ids = acknowledgedIds();
  expect(ids).toHaveLength(traffic.sent());
  expect(new Set(ids).size).toBe(ids.length);
  const [row] = await kava.sql<{ all: string; acknowledged: string }>(
    `SELECT count(*) AS all, count(*) FILTER (WHERE id = ANY($1::uuid[])) AS acknowledged FROM customer.purchase WHERE tenant_id = $2`,
    [ids.map((id) => parsePurchaseId(id)!.uuid), kava.tenantId],
  );
  expect({ all: Number(row!.all), acknowledged: Number(row!.acknowledged) }).toEqual({
    all: chain.purchases + ids.length,
    acknowledged: ids.length,
  });
});

test("outboxes empty themselves, and discount has applied every purchase", async () => {
  const behind = async () => {
    const [row] = await kava.sql<{ waiting: number; missing: number }>(
      `SELECT (SELECT count(*) FROM customer.outbox WHERE relayed_at IS NULL)::int + (SELECT count(*) FROM menu.outbox WHERE relayed_at IS NULL)::int
            + (SELECT count(*) FROM analytics.outbox WHERE relayed_at IS NULL)::int + (SELECT count(*) FROM discount.outbox WHERE relayed_at IS NULL)::int AS waiting,
         (SELECT count(*)::int FROM customer.outbox o WHERE o.type = 'purchase.recorded'
            AND NOT EXISTS (SELECT FROM discount.inbox i WHERE i.consumer = 'discount' AND i.event_id = o.id)) AS missing`,
    );
    return row!;
  };
  await until("all have caught up", async () => Object.values(await behind()).every((count) => count === 0)).catch(() => undefined);
  expect(await behind()).toEqual({ waiting: 0, missing: 0 });
});

test("each customer has a push for every purchase, numbered without a gap", async () => {
  const rows = await kava.sql<{ customer_id: string; pushes: string; last: string }>(
    "SELECT customer_id, count(*) AS pushes, max(seq) AS last FROM discount.offer_push WHERE tenant_id = $1 GROUP BY 1",
    [kava.tenantId],
  );
  for (const id of buyers) {
    const own = rows.find((row) => row.customer_id === id);
    expect(Number(own?.pushes)).toBe(Number(own?.last));
    expect(Number(own?.pushes)).toBeGreaterThanOrEqual(traffic.sales.filter((sale) => sale.input.customerId === id).length);
  }
});

test("features and offers have caught up by themselves", async () => {
  const mismatched = await kava.sql(
    `SELECT c.id, c.purchase_count, p.purchases FROM customer.customer c
     JOIN (SELECT customer_id, count(*) AS purchases FROM customer.purchase WHERE tenant_id = $1 GROUP BY 1) p ON p.customer_id = c.id
     WHERE c.tenant_id = $1 AND c.purchase_count <> p.purchases`,
    [kava.tenantId],
  );
  expect(mismatched).toEqual([]);
  const behind = await kava.sql(
    `SELECT v.customer_id FROM discount.customer_view v JOIN customer.customer c ON c.tenant_id = v.tenant_id AND c.id = v.customer_id
     WHERE v.tenant_id = $1 AND v.purchase_count <> c.purchase_count`,
    [kava.tenantId],
  );
  expect(behind).toEqual([]);
});

test("ClickHouse shows the same sales of every day as PostgreSQL holds", async () => {
  const recorded = await salesRecorded(kava, chain.facts.timeZone);
  await until("ClickHouse has caught up", async () => JSON.stringify(await salesShown(kava)) === JSON.stringify(recorded)).catch(
    () => undefined,
  );
  expect(await salesShown(kava)).toEqual(recorded);
});

test("each subscriber saw every push once and in order, across all crashes", async () => {
  for (const [i, id] of buyers.entries()) {
    const pushed: string[] = [];
    for (let after = BEGINNING; ;) {
      const page = dataOf(await kava.ask<PushesAnswer>(OFFER_PUSHES, { id, after, first: 100 })).offerPushes!;
      pushed.push(...page.map(({ cursor }) => cursor));
      if (page.length < 100) break;
      after = page.at(-1)!.cursor;
    }
    const { received } = subscribers[i]!;
    await until(`subscriber ${i} has all pushes`, () => received.length >= pushed.length).catch(() => undefined);
    expect(received.map(({ cursor }) => cursor)).toEqual(pushed);
  }
  await Promise.all(subscribers.map((each) => each.close()));
});

test("kill -9 of the supervisor leaves no process, and a new start finds a sound database", async () => {
  const ids = acknowledgedIds();
  await kava.processes();
  await kava.signal("supervisor", "SIGKILL");
  await kava.gone(45_000);
  kava = await startInstallation({ args: ["--empty"], home: kava.home });
  const [row] = await kava.sql<{ count: string }>("SELECT count(*) FROM customer.purchase WHERE tenant_id = $1", [kava.tenantId]);
  expect(Number(row!.count)).toBe(chain.purchases + ids.length);
  const { customer } = dataOf(
    await kava.ask<{ customer: { segment: { name: string } } }>("query($id: ID!) { customer(id: $id) { segment { name } } }", {
      id: buyers[0]!,
    }),
  );
  expect(customer.segment.name).toMatch(/\w/);
});
