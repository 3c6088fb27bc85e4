import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const text = (path: string): string => readFileSync(resolve(root, path), "utf8");
const schema = buildSchema(text("gateway/api.graphql"));

const PAGES = ["README.md", "docs/operations.md", "docs/importing.md", "docs/architecture.md"];
/** Operations in blocks of their own, and those that a command sends. */
const operations = PAGES.flatMap((page) => [
  ...[...text(page).matchAll(/```graphql\n([\s\S]*?)```/g)].map((block) => ({ page, query: () => block[1]! })),
  ...[...text(page).matchAll(/ -d '([^']*)'/g)].map((body) => ({ page, query: () => (JSON.parse(body[1]!) as { query: string }).query })),
]);

test("the pages show operations", () => {
  expect(operations.length).toBeGreaterThanOrEqual(2);
});

test.each(operations)("an operation that $page shows is one that the graph answers", ({ query }) => {
  expect(validate(schema, parse(query()))).toEqual([]);
});
