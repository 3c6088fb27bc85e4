import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CUSTOMERS, MENU, VISIT_QUERY, type CustomersAnswer, type MenuAnswer, type Visit } from "@kava/harness/documents";
import { dataOf } from "@kava/harness/graphClient";
import type { Installation } from "@kava/harness/installation";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { salesRecorded, salesShown } from "./support/salesTotals.js";
import { startSystem } from "./support/system.js";
import { until } from "@kava/harness/until";

const root = resolve(import.meta.dirname, "..");
const records = resolve(root, "../shared/data/coffee-chain");
const LINES = 49_894;
const isThere = existsSync(join(records, "receipts.csv.gz"));

describe.skipIf(!isThere)(`a real chain's records${isThere ? "" : " (skipped: needs ../shared/data/coffee-chain)"}`, () => {
  let kava: Installation;
  let rejects: string;

  beforeAll(async () => {
    kava = await startSystem();
    rejects = join(kava.home, "rejects.csv");
    await importRecords();
  });
  afterAll(async () => {
    await kava?.stop();
    await kava?.remove();
  });

  const importRecords = () =>
    promisify(execFile)(
      join(root, "node_modules/.bin/node"),
      [
        join(root, "packages/importer/dist/main.js"),
        "--menu",
        join(records, "product.csv"),
        "--customers",
        join(records, "customer.csv"),
        "--purchases",
        join(records, "receipts.csv.gz"),
        "--venues",
        join(records, "sales_outlet.csv"),
        "--map",
        join(root, "examples/coffee-chain.yaml"),
        "--shift-to-now",
        "--rejects",
        rejects,
      ],
      { cwd: root, env: { ...process.env, KAVA_HOME: kava.home }, maxBuffer: 64 * 2 ** 20 },
    );
  const held = async () =>
    (
      await kava.sql<{ baskets: number; lines: number }>(
        "SELECT count(*)::int AS baskets, sum(jsonb_array_length(lines))::int AS lines FROM customer.purchase WHERE tenant_id = $1",
        [kava.tenantId],
      )
    )[0]!;
  const heard = async () =>
    (
      await kava.sql<{ visits: number; bought: number; counted: number }>(
        `SELECT (SELECT count(*)::int FROM discount.visit WHERE tenant_id = $1) AS visits, (SELECT sum(purchases)::int FROM discount.habit WHERE tenant_id = $1) AS bought,
           (SELECT sum(purchase_count)::int FROM discount.customer_view WHERE tenant_id = $1) AS counted`,
        [kava.tenantId],
      )
    )[0]!;
  const rejectedLines = async () =>
    (await readFile(rejects, "utf8"))
      .trim()
      .split("\n")
      .slice(1)
      .filter((line) => line.includes("receipts"));

  test("every line is imported, or named in the reject file with its reason", async () => {
    const rejected = await rejectedLines();
    const { baskets, lines } = await held();
    expect(lines + rejected.length).toBe(LINES);
    expect(rejected.length).toBeGreaterThanOrEqual(5);
    expect(rejected.length).toBeLessThan(50);
    expect(baskets).toBeGreaterThan(39_200);
    expect(baskets).toBeLessThan(39_300);
    for (const line of rejected) expect(line).toMatch(/\d+/);
  });

  test("its customers are found by the chain's own number, and a visit answers everything", async () => {
    const costs = new Map(dataOf(await kava.ask<MenuAnswer>(MENU)).menu!.edges.map(({ node }) => [node.id, node]));
    for (const number of ["558", "781", "1", "5"]) {
      const { customers } = dataOf(await kava.ask<CustomersAnswer>(CUSTOMERS, { search: number, first: 5 }));
      const found = customers!.edges.map(({ node }) => node).find((node) => node.externalId === number);
      expect(found, `customer ${number}`).toBeDefined();
      expect(customers!.edges[0]!.node.externalId).toBe(number);
      const { customer } = dataOf(await kava.ask<Visit>(VISIT_QUERY, { id: found!.id }));
      expect(customer!.segment.name).toMatch(/\p{L}{3}/u);
      expect(customer!.recommendedItems).toHaveLength(5);
      for (const { because, item } of customer!.recommendedItems!)
        expect([because, item!.name]).toEqual([expect.stringMatching(/\w{3}/), expect.stringMatching(/\w/)]);
      if (!customer!.offer) continue;
      const price = Number(customer!.offer.price!.amount);
      expect(customer!.offer.marginChecked).toBe(true);
      expect((price - Number(costs.get(customer!.offer.item!.id)!.cost!.amount)) / price).toBeGreaterThanOrEqual(0.35);
    }
  });

  test("a good part of its customers has an offer, and segments have names that differ", async () => {
    const [row] = await kava.sql<{ offers: number; customers: number }>(
      `SELECT (SELECT count(*)::int FROM discount.offer WHERE tenant_id = $1 AND state = 'LIVE') AS offers, (SELECT count(*)::int FROM customer.customer WHERE tenant_id = $1) AS customers`,
      [kava.tenantId],
    );
    expect(row!.customers).toBeGreaterThanOrEqual(2_240);
    expect(row!.offers).toBeGreaterThan(row!.customers / 10);
    const { segments } = dataOf(await kava.ask<{ segments: { name: string; size: number }[] }>("{ segments { name size } }"));
    expect(new Set(segments.map(({ name }) => name)).size).toBe(segments.length);
    expect(segments.filter(({ size }) => size > 0).length).toBeGreaterThan(1);
  });

  test("ClickHouse holds the same sales of every day", async () => {
    const [{ facts }] = (await kava.sql<{ facts: { timeZone: string } }>("SELECT facts FROM customer.tenant WHERE tenant_id = $1", [
      kava.tenantId,
    ])) as [{ facts: { timeZone: string } }];
    const recorded = await salesRecorded(kava, facts.timeZone);
    await until("ClickHouse has caught up", async () => JSON.stringify(await salesShown(kava)) === JSON.stringify(recorded)).catch(
      () => undefined,
    );
    expect(await salesShown(kava)).toEqual(recorded);
  });

  test("the same import again adds nothing, to no subgraph", async () => {
    const state = async () => ({ held: await held(), heard: await heard(), rejected: (await rejectedLines()).length });
    const before = await state();
    await importRecords();
    expect(await state()).toEqual(before);
  });
});
