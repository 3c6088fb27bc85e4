import { expect, test } from "vitest";
import { readLogLine } from "./logLine.js";
import { createVoice, line } from "./voice.js";

const at = new Date(2026, 10, 22, 12, 3, 4, 5);

test("a service's JSON becomes its message with the other fields behind it", () => {
  const raw =
    '{"level":"warn","time":"2026-11-22T12:03:04Z","service":"menu","name":"menu","msg":"an item is late","item":"latte","ms":12}';
  expect(readLogLine(raw, "info")).toEqual({ level: "warn", text: "an item is late item=latte ms=12" });
});

test("an error shows its stack, a warning only what it says", () => {
  const raw = (level: string) =>
    JSON.stringify({ level, msg: "a request failed", err: { message: "no such table", stack: "Error: no such table\n    at x" } });
  expect(readLogLine(raw("error"), "info").text).toBe("a request failed\nError: no such table\n    at x");
  expect(readLogLine(raw("warn"), "info").text).toBe("a request failed\nno such table");
});

test("what is not JSON stands as it is", () => {
  expect(readLogLine("(node:1) Warning: {x", "error")).toEqual({ level: "error", text: "(node:1) Warning: {x" });
  expect(readLogLine('{"broken', "info")).toEqual({ level: "info", text: '{"broken' });
});

test("every line of a text carries the hour, the service and the level", () => {
  expect(line("warn", "menu", "one\ntwo", false, at)).toBe("12:03:04.005 menu       warn  one\n12:03:04.005 menu       warn  two");
});

test("lines below the level are not written, and colour only where it is asked for", () => {
  const said: string[] = [];
  const voice = createVoice((text) => said.push(text), "warn", true);
  voice.info("menu", "quiet");
  voice.warn("menu", "loud");
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("\u001B[33m");
  expect(line("warn", "menu", "x", false, at)).not.toContain("\u001B");
});

test("a step says when it is done, and its error is not swallowed", async () => {
  const said: string[] = [];
  const voice = createVoice((text) => said.push(text), "info", false);
  expect(await voice.step("demo", "filling", async () => 7)).toBe(7);
  expect(said.join("")).toMatch(/demo +info +filling: done in \d/);
  await expect(
    voice.step("demo", "filling", async () => {
      throw new Error("no room");
    }),
  ).rejects.toThrow("no room");
});
