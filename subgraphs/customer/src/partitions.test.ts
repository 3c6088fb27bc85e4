import { randomUUID } from "node:crypto";
import { until } from "@kava/tests/support/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { statementById } from "./storage/purchaseReads.js";
import { TENANT, startCustomer, type CustomerService } from "./testing/startCustomer.js";

let service: CustomerService;
beforeAll(async () => {
  service = await startCustomer(new Date("2026-11-22T10:00:00Z"));
  await until("the menu is known", async () => (await service.count("item_view")) === 3);
});
afterAll(() => service?.close());

const partitions = async (): Promise<string[]> =>
  (
    await service.running.platform.database.sql.query<{ name: string }>(
      "SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'purchase'::regclass ORDER BY 1",
    )
  ).rows.map((row) => row.name);
const scanned = async (text: string, values: unknown[]): Promise<string[]> => {
  const { rows } = await service.running.platform.database.sql.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
  return [
    ...new Set(
      rows.flatMap((row) => /(?:Scan|Scan using \S+|Scan Backward using \S+) on (purchase_\d{6})\b/.exec(row["QUERY PLAN"])?.[1] ?? []),
    ),
  ];
};
const record = async (at: string): Promise<string> => {
  const { data } = await service.ask(
    "mutation ($input: RecordPurchaseInput!) { recordPurchase(input: $input) { ... on Purchase { id } } }",
    { input: { at, lines: [{ itemId: service.items.coffee, quantity: 1 }], idempotencyKey: randomUUID() } },
  );
  return (data as Record<string, { id: string }>)["recordPurchase"]!.id;
};

test("this month and the next three have their partition before anybody buys", async () => {
  expect(await partitions()).toEqual(["purchase_202611", "purchase_202612", "purchase_202701", "purchase_202702"]);
});

test("months that a till was offline in get theirs when it reports, also when many report at once", async () => {
  await Promise.all(["2026-08-31T23:59:59Z", "2026-09-01T00:00:00Z", "2026-08-01T00:00:00Z", "2026-11-01T00:00:00Z"].map(record));
  expect(await partitions()).toEqual([
    "purchase_202608",
    "purchase_202609",
    "purchase_202611",
    "purchase_202612",
    "purchase_202701",
    "purchase_202702",
  ]);
});

test("a month's purchases are read from one partition", async () => {
  expect(
    await scanned("SELECT sum(total_minor) FROM purchase WHERE tenant_id = $1 AND at >= $2 AND at < $3", [
      TENANT,
      new Date("2026-08-01T00:00:00Z"),
      new Date("2026-09-01T00:00:00Z"),
    ]),
  ).toEqual(["purchase_202608"]);
});

test("a purchase is looked up by its id in one partition", async () => {
  const statement = statementById(TENANT, await record("2026-09-15T12:00:00Z"))!;
  expect(await scanned(statement.text, statement.values)).toEqual(["purchase_202609"]);
});
