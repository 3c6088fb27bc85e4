import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock.js";
import { holderOf, isFree } from "./ports.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kava-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is one supervisor's at a time, and free again when it is let go", async () => {
  const first = await takeLock(folder);
  expect(first).not.toBeNull();
  expect(await takeLock(folder)).toBeNull();
  await first?.release();
  const second = await takeLock(folder);
  expect(second).not.toBeNull();
  await second?.release();
});

test("of many who want it at the same moment one gets it", async () => {
  const locks = await Promise.all(Array.from({ length: 20 }, () => takeLock(folder)));
  const held = locks.filter((lock) => lock !== null);
  expect(held).toHaveLength(1);
  await held[0]?.release();
});

test("a taken port is known, with its holder where the system tells", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  expect(await isFree(port, "127.0.0.1")).toBe(false);
  expect([null, `(process ${process.pid})`]).toContain(holderOf(port)?.match(/\(process \d+\)/)?.[0] ?? null);
  await new Promise((resolve) => server.close(resolve));
  expect(await isFree(port, "127.0.0.1")).toBe(true);
  await expect(isFree(port, "203.0.113.1")).rejects.toThrow("no address of this machine");
});
