import { afterAll, beforeAll, expect, test } from "vitest";
import { ANNA, openAtTheCafe, type AtTheCafe } from "../testing/atTheCafe.js";

let at: AtTheCafe;
let now = new Date("2026-11-22T08:00:00Z");
beforeAll(async () => {
  at = await openAtTheCafe({}, { clock: () => now });
});
afterAll(() => at?.close());

const ME = "{ me { id } }";

test("a valid token is its customer", async () => {
  expect((await at.ask(ME, { token: await at.token({}, 60, now) })).data).toEqual({ me: { id: ANNA } });
});

test("without a token one is a stranger of the default tenant, who may read the menu", async () => {
  const { data, errors } = await at.ask("{ menu { name } }");
  expect(errors).toBeUndefined();
  expect(data).toEqual({ menu: [{ name: "Item latte" }, { name: "Item mocha" }] });
});

test.each([
  ["a word", "Bearer hello"],
  ["nonsense of three parts", "Bearer a.b.c"],
  ["another scheme", "Basic YTpi"],
  ["nothing behind Bearer", "Bearer "],
])("%s instead of a token is a typed 401, and no subgraph is asked", async (_what, authorization) => {
  const before = at.cafe.received["menu"]!.length;
  const answer = await at.ask("{ menu { name } }", { headers: { authorization } });
  expect(answer.status).toBe(401);
  expect(answer.errors).toMatchObject([{ message: expect.stringMatching(/token/i), extensions: { code: "UNAUTHENTICATED" } }]);
  expect(answer.data).toBeUndefined();
  expect(at.cafe.received["menu"]).toHaveLength(before);
});

test("a token that was remembered is refused once it has expired", async () => {
  const token = await at.token({}, 60, now);
  expect((await at.ask(ME, { token })).status).toBe(200);
  now = new Date(now.getTime() + 61_000);
  const answer = await at.ask(ME, { token });
  expect(answer.status).toBe(401);
  expect(answer.errors?.[0]?.message).toContain("expired");
});

test("the viewer, the request's id, its trace and its language reach the subgraph, and the caller's own internal headers do not", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await at.ask("{ menu { name } }", {
    headers: { "x-request-id": "my-request-1", traceparent, "accept-language": "uk", "x-kava-identity": "forged", "x-kava-key": "forged" },
  });
  const { headers } = at.cafe.received["menu"]!.at(-1)!;
  expect(headers).toMatchObject({
    "x-request-id": "my-request-1",
    traceparent,
    "accept-language": "uk",
    "x-kava-key": "the-key-of-the-cafe",
  });
  expect(JSON.parse(Buffer.from(String(headers["x-kava-identity"]), "base64url").toString())).toMatchObject({ role: "anonymous" });
});

test("the public key is at /.well-known/jwks.json, and nothing private with it", async () => {
  const { keys } = (await (await fetch(`${at.gateway.url}/.well-known/jwks.json`)).json()) as { keys: Record<string, unknown>[] };
  expect(keys).toMatchObject([{ kty: "OKP", crv: "Ed25519", use: "sig", kid: expect.any(String) }]);
  expect(keys[0]).not.toHaveProperty("d");
});
