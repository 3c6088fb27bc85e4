import { expect, test } from "vitest";
import { keyCheck } from "./serve.js";

test("only a request with the very key is internal", () => {
  const isInternal = keyCheck("0123456789abcdef");
  expect(isInternal("0123456789abcdef")).toBe(true);
  for (const given of [undefined, "", "0123456789abcdeF", "0123456789abcde", ["0123456789abcdef"]]) expect(isInternal(given)).toBe(false);
});

test("an empty key is refused: a request without one would hold it", () => {
  expect(() => keyCheck("")).toThrow("The internal key is empty");
});
