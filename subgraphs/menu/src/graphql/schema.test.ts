import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { buildSchema } from "./schema.js";

test("the committed schema is what the code says; npm run compose writes it", async () => {
  const committed = await readFile(new URL("../../schema.graphql", import.meta.url), "utf8");
  expect((await buildSchema()).sdl).toBe(committed);
});
