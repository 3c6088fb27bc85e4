import { buildSchema, parse } from "graphql";
import { expect, test } from "vitest";
import { documentReader } from "../subscriptions/documents.js";
import { documentStore } from "./treeCache.js";

const large = (number: number) => `{ hello } # ${number} ${"x".repeat(90_000)}`;

test("a text that comes again over a socket is read once, until large ones have filled the memory that is set aside", () => {
  const read = documentReader(buildSchema("type Query { hello: String }"), 2_000);
  const documentOf = (query: string) => {
    const source = read(query, undefined);
    return "document" in source ? source.document : undefined;
  };
  const first = documentOf("{ hello }");
  expect(first).toBeDefined();
  expect(documentOf("{ hello }")).toBe(first);
  for (let i = 0; i < 6; i += 1) documentOf(large(i));
  expect(documentOf("{ hello }")).not.toBe(first);
});

test("validated documents are kept by the length of their text, and one that alone is too large is not kept", async () => {
  const store = documentStore();
  const kept = async () =>
    (await Promise.all(Array.from({ length: 20 }, (_, i) => store.get(`hash${i}`)))).filter((document) => document !== undefined).length;
  for (let i = 0; i < 20; i += 1) await store.set(`hash${i}`, parse(large(i)));
  expect(await kept()).toBe(5);
  await store.set("huge", parse(`{ hello } # ${"x".repeat(600_000)}`));
  expect(await store.get("huge")).toBeUndefined();
  expect(await kept()).toBe(5);
});
