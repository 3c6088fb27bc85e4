import { expect, test } from "vitest";
import { readExplainArguments } from "./explain.js";

test("one offer, a view and a language are read", () => {
  expect(readExplainArguments(["some-id", "--view", "till", "--language", "uk"])).toEqual({
    help: false,
    json: false,
    view: "till",
    language: "uk",
    offerId: "some-id",
  });
  expect(readExplainArguments(["some-id", "--json"])).toMatchObject({ view: null, language: "en", json: true });
  expect(readExplainArguments(["--help"])).toMatchObject({ help: true });
});

test("what cannot be meant is refused by name", () => {
  expect(() => readExplainArguments([])).toThrow("Name one offer by its id");
  expect(() => readExplainArguments(["one", "other"])).toThrow("Name one offer by its id");
  expect(() => readExplainArguments(["one", "--view", "owner"])).toThrow('--view is one of auditor, customer, till, not "owner"');
  expect(() => readExplainArguments(["one", "--language", "de"])).toThrow('--language is one of en, ru, uk, not "de"');
});
