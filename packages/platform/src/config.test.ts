import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigurationError, platformConfig, readEnvironment, secretOf } from "./config.js";

const full = { DATABASE_URL: "postgres://kava@localhost/kava", INTERNAL_KEY: "0123456789abcdef" };
const errorOf = (environment: NodeJS.ProcessEnv): string => {
  try {
    platformConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return "";
};

test("what is not set has its default, and an empty value counts as not set", () => {
  expect(platformConfig({ ...full, PORT: "", REDIS_URL: "", LOG_LEVEL: "" })).toEqual({
    host: "127.0.0.1",
    port: 0,
    databaseUrl: full.DATABASE_URL,
    databasePool: 8,
    busPool: 5,
    redisUrl: undefined,
    internalKey: full.INTERNAL_KEY,
    logLevel: "info",
  });
  expect(platformConfig({ ...full, PORT: "4002", DATABASE_POOL: "20", REDIS_URL: "redis://cache" })).toMatchObject({
    port: 4002,
    databasePool: 20,
    redisUrl: "redis://cache",
  });
});

test("all that is wrong is named at once, with where to look it up", () => {
  const message = errorOf({ PORT: "seventy", DATABASE_POOL: "0", LOG_LEVEL: "chatty", INTERNAL_KEY: "short" });
  for (const name of ["PORT", "DATABASE_URL", "DATABASE_POOL", "LOG_LEVEL", "INTERNAL_KEY", ".env.example"])
    expect(message).toContain(name);
});

test.each(["-1", "65536", "1.5", "0x10z", "NaN"])("the port %s is refused", (port) => {
  expect(errorOf({ ...full, PORT: port })).toContain("PORT");
});

test("a service's own variables are read with the same care, and others are none of its business", () => {
  const schema = z.object({ PACE: z.coerce.number().positive(), MODE: z.enum(["a", "b"]).default("a") });
  expect(readEnvironment(schema, { PACE: "2", SECRET: "x" })).toEqual({ PACE: 2, MODE: "a" });
  expect(() => readEnvironment(schema, { PACE: "-2", MODE: "c" })).toThrow(/PACE[\s\S]*MODE/);
});

test("a secret comes as a value or in a file; without either it is named, and so is a file that cannot be read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kava-config-"));
  const file = join(folder, "key");
  await writeFile(file, "0123456789abcdef\n");
  expect(secretOf("INTERNAL_KEY", undefined, file)).toBe("0123456789abcdef");
  expect(secretOf("INTERNAL_KEY", "given as a value", file)).toBe("given as a value");
  expect(errorOf({ DATABASE_URL: full.DATABASE_URL })).toMatch(/INTERNAL_KEY or INTERNAL_KEY_FILE/);
  expect(errorOf({ DATABASE_URL: full.DATABASE_URL, INTERNAL_KEY_FILE: join(folder, "nowhere") })).toMatch(
    /INTERNAL_KEY_FILE names .*nowhere, which cannot be read/,
  );
  await rm(folder, { recursive: true });
});

test.each(["", "\n", "0123456789"])(
  "a secret of %j, as a file broken off holds it, is refused with the file's name and what to do",
  async (content) => {
    const folder = await mkdtemp(join(tmpdir(), "kava-config-"));
    const file = join(folder, "key");
    await writeFile(file, content);
    expect(errorOf({ DATABASE_URL: full.DATABASE_URL, INTERNAL_KEY_FILE: file })).toMatch(
      /INTERNAL_KEY_FILE names .*key, which holds fewer than 16 characters: write a long random text to it/,
    );
    expect(errorOf({ ...full, INTERNAL_KEY: `${content}${" ".repeat(16)}` })).toContain("INTERNAL_KEY is shorter than 16 characters");
    await rm(folder, { recursive: true });
  },
);

test("no message repeats a secret that was refused", () => {
  expect(errorOf({ ...full, INTERNAL_KEY: "hunter2" })).not.toContain("hunter2");
});
