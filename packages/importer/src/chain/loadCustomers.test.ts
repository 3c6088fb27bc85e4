import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tenantIdOf } from "@kava/contracts/ids";
import { TenantFacts } from "@kava/contracts/tenant";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Refusal } from "../loadClient.js";
import { Mapping } from "../mapping/mapping.js";
import { Rejects } from "../records/rejects.js";
import type { Progress } from "../terminal/progress.js";
import { loadCustomers } from "./loadCustomers.js";
import { readRecords } from "./readRecords.js";
import { NO_SHIFT } from "./shift.js";

const silent: Progress = { part: () => {}, at: () => {}, say: () => {}, end: () => {} };
const facts = TenantFacts.parse({ slug: "north", name: "North", currency: "USD", timeZone: "UTC" });
const mapping = Mapping.parse({});
const now = new Date("2026-11-22T12:00:00Z");
let place: string;
let rejects: Rejects;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "kava-customers-"));
  rejects = new Rejects(join(place, "rejects.csv"));
});
afterEach(() => {
  rejects.close();
  rmSync(place, { recursive: true, force: true });
});

const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(place, name), `${lines.join("\n")}\n`);
  return join(place, name);
};
/** The services' answer to a stream of customers, by the chain's own ids. */
const refusing = (refused: Record<string, Omit<Refusal, "index">[]>) => ({
  tenantId: tenantIdOf("north"),
  load: async (_kind: string, rows: Iterable<unknown> | AsyncIterable<unknown>) => {
    const keys: string[] = [];
    for await (const row of rows) keys.push((row as { externalId: string }).externalId);
    const all = keys.flatMap((key, index) => (refused[key] ?? []).map((each) => ({ ...each, index })));
    return { added: keys.length - all.length, known: 0, refused: all };
  },
});

test("a customer whom a service refuses stands in the reject file with their line and the reason, and counts", async () => {
  const files = {
    customers: file("customers.csv", ["customer_id,name", "1,Ann", "2,Ben", "3,Cem"]),
    purchases: file("receipts.csv", [
      "order_id,date,customer_id,product,price",
      "7,2026-04-02,9,Latte,3",
      "8,2026-04-01,9,Latte,3",
      "9,2026-04-01,1,Latte,3",
    ]),
  };
  const records = await readRecords(files, mapping, facts, rejects, silent, now);
  const client = refusing({
    "2": [
      { by: "customer", reason: "the external id 2 belongs to another customer" },
      { by: "discount", reason: "said a second time" },
    ],
    "9": [{ by: "analytics", reason: "too odd" }],
  });
  const loaded = await loadCustomers(
    client,
    { files, mapping },
    "b",
    records,
    { zone: records.zone, shift: NO_SHIFT, now },
    rejects,
    silent,
  );
  expect(loaded?.refusedCustomers).toBe(2);
  expect(rejects.total).toBe(2);
  const written = readFileSync(rejects.path, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/^[^,]*\//, ""));
  expect(written).toEqual([
    'customers.csv,3,the service customer refused it: the external id 2 belongs to another customer,"2,Ben"',
    'receipts.csv,3,"the service analytics refused it: its customer ""9"": too odd","8,2026-04-01,9,Latte,3"',
  ]);
});
