import { openCache } from "@kava/platform/cache";
import { until } from "@kava/tests/support/until";
import { afterEach, expect, test } from "vitest";
import { MenuCache } from "./menuCache.js";

const cache = openCache("menu-cache-test", undefined);
afterEach(() => cache.clearAll());

/** A read that ends when the test says so. */
const held = <Value>() => {
  let release: (value: Value) => void = () => {};
  let begun = false;
  const value = new Promise<Value>((resolve) => void (release = resolve));
  return {
    read: () => {
      begun = true;
      return value;
    },
    release: (given: Value) => release(given),
    begun: () => begun,
  };
};

test("a value is read once and then given from the cache, for its tenant alone", async () => {
  const menu = new MenuCache(cache);
  const one = await menu.edition("one");
  expect(await one("price", async () => 400)).toBe(400);
  expect(await one("price", async () => 500)).toBe(400);
  expect(await (await menu.edition("two"))("price", async () => 700)).toBe(700);
});

test("a reader after a change never meets the value before it, not even one that was being read as it changed", async () => {
  const menu = new MenuCache(cache);
  const slow = held<number>();
  const before = (await menu.edition("t"))("price", slow.read);
  await until("the slow read has begun", slow.begun);
  await menu.renew("t");
  slow.release(400);
  expect(await before).toBe(400);
  expect(await (await menu.edition("t"))("price", async () => 500)).toBe(500);
  expect(await (await menu.edition("t"))("price", async () => 600)).toBe(500);
});

test("a value past its freshness is given without waiting while it is read anew", async () => {
  const menu = new MenuCache(cache, { freshMs: 1, graceMs: 60_000 });
  const read = await menu.edition("t");
  expect(await read("price", async () => 400)).toBe(400);
  const slow = held<number>();
  await until("a reader sets off the new reading", async () => {
    expect(await read("price", slow.read)).toBe(400);
    return slow.begun();
  });
  slow.release(500);
  await until("readers see the new value", async () => (await read("price", async () => 500)) === 500);
});

test("a value past its freshness is given when it cannot be read anew", async () => {
  const menu = new MenuCache(cache, { freshMs: 1, graceMs: 60_000 });
  const read = await menu.edition("t");
  await read("price", async () => 400);
  let failures = 0;
  await until("a new reading has failed", async () => {
    expect(
      await read("price", async () => {
        failures += 1;
        throw new Error("the database is away");
      }),
    ).toBe(400);
    return failures > 0;
  });
  expect(
    await read("price", async () => {
      throw new Error("the database is away");
    }),
  ).toBe(400);
});
