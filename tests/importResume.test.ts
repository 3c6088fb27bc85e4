import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Installation } from "@kava/harness/installation";
import { until } from "@kava/harness/until";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSystem } from "./support/system.js";

const root = resolve(import.meta.dirname, "..");
const RECEIPTS = 20_000;
let kava: Installation;
let records: string;

beforeAll(async () => {
  kava = await startSystem();
  records = await mkdtemp(join(tmpdir(), "kava-records-"));
  await writeFile(
    join(records, "menu.csv"),
    "sku,name,category,price,cost\n1,Latte,Coffee,3.50,1.10\n2,Scone,Bakery,2.65,0.90\n3,Tea,Tea,2.80,0.60\n",
  );
  const start = Date.now() - 60 * 86_400_000;
  const receipt = (n: number): string => {
    const at = new Date(start + n * 200_000).toISOString();
    return `${n},${at},north,${n % 500},${1 + (n % 3)},1,,\n`;
  };
  await writeFile(
    join(records, "receipts.csv"),
    `receipt_id,timestamp,store,customer_id,sku,qty,unit_price,amount\n${Array.from({ length: RECEIPTS }, (_, n) => receipt(n)).join("")}`.replaceAll(
      ",,\n",
      ",3.50,3.50\n",
    ),
  );
});
afterAll(async () => {
  await kava?.stop();
  await kava?.remove();
  await rm(records, { recursive: true, force: true });
});

const startImport = () => {
  const child = spawn(
    join(root, "node_modules/.bin/node"),
    [join(root, "packages/importer/dist/main.js"), "--menu", join(records, "menu.csv"), "--purchases", join(records, "receipts.csv")],
    {
      cwd: root,
      env: { ...process.env, KAVA_HOME: kava.home },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += String(text)));
  const ended = new Promise<number | null>((done) => child.on("exit", done));
  return { child, ended, said: () => said };
};
const held = async (): Promise<number> =>
  (await kava.sql<{ n: number }>("SELECT count(*)::int AS n FROM customer.purchase WHERE tenant_id = $1", [kava.tenantId]))[0]!.n;

test("an import that was killed in the middle goes on when it is run again, and a third run adds nothing", async () => {
  const killed = startImport();
  await until("some receipts are in", async () => (await held()) > 0);
  killed.child.kill("SIGKILL");
  await killed.ended;
  const before = await held(); // of a fast load perhaps all, though not yet what follows from them

  const again = startImport();
  expect(await again.ended, again.said()).toBe(0);
  expect(await held()).toBe(RECEIPTS);
  const [imported, known] = /receipts +20,000: ([\d,]+) imported, ([\d,]+) known/
    .exec(again.said())!
    .slice(1)
    .map((text) => Number(text.replaceAll(",", "")));
  expect(imported! + known!).toBe(RECEIPTS);
  expect(known).toBeGreaterThanOrEqual(before);

  const third = startImport();
  expect(await third.ended, third.said()).toBe(0);
  expect(third.said()).toContain("20,000: 0 imported, 20,000 known already");
  expect(await held()).toBe(RECEIPTS);
  const visits = await kava.sql<{ n: number }>("SELECT count(*)::int AS n FROM discount.visit WHERE tenant_id = $1", [kava.tenantId]);
  expect(visits[0]!.n).toBe(RECEIPTS - RECEIPTS / 500); // those of customer "0" are nobody's
}, 240_000);
