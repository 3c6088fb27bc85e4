import { expect, test } from "vitest";
import { askPython } from "./python.js";

test("modules that no Python has, and a Python that is not there, are a reason and no error", async () => {
  const answer = await askPython("print('{}')", ["no_such_module_of_kava"], {});
  expect(answer).toMatch(/no_such_module_of_kava|cannot be started/);
});
