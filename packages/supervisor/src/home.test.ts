import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptFile, keptSecret, openHome, type Home } from "./home.js";

let place: string;
let home: Home;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "kava-home-"));
  home = openHome(join(place, "home"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

test("a secret is made once, is the owner's alone, and nothing else is left beside it", () => {
  const first = keptSecret(home, "key");
  expect(first.value).toMatch(/^[\w-]{32}$/);
  expect(readFileSync(first.file, "utf8")).toBe(`${first.value}\n`);
  expect(statSync(first.file).mode & 0o777).toBe(0o600);
  expect(keptSecret(home, "key")).toEqual(first);
  expect(readdirSync(home.secrets)).toEqual(["key"]);
});

test.each(["", "\n"])("a kept file that a crash left with %j is made anew", (content) => {
  writeFileSync(join(home.secrets, "key"), content);
  const { file, value } = keptSecret(home, "key");
  expect(value).toHaveLength(32);
  expect(readFileSync(file, "utf8")).toBe(`${value}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("what another process kept in the meantime stays, and is the value", () => {
  const { value } = keptFile(home, "key", () => {
    keptFile(home, "key", () => "theirs");
    return "ours";
  });
  expect(value).toBe("theirs");
});
