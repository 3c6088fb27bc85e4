import { tenantIdOf } from "@kava/contracts/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FACTS, STAFF, TENANT, startCustomer, type CustomerService } from "./testing/startCustomer.js";

let service: CustomerService;
beforeAll(async () => {
  service = await startCustomer(new Date("2026-11-22T10:00:00Z"));
});
afterAll(() => service?.close());

const configure = async (facts: object) => {
  const response = await service.request("/internal/tenants", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(facts),
  });
  return { status: response.status, body: (await response.json()) as { tenantId: string; eventIds: string[]; message: string } };
};

test("the default tenant is there from the first start, and the others hear of it", async () => {
  expect((await service.events("tenant.configured"))[0]).toEqual(FACTS);
  expect(await (await service.request("/internal/tenants")).json()).toEqual({ tenants: [{ tenantId: TENANT, facts: FACTS }] });
});

test("a chain is configured once; saying the same again names the same event", async () => {
  const first = await configure({ slug: "roast", name: "Roast", currency: "UAH" });
  expect(first).toMatchObject({ status: 200, body: { tenantId: tenantIdOf("roast") } });
  expect(await configure({ slug: "roast", name: "Roast", currency: "UAH" })).toEqual(first);
  const changed = await configure({ slug: "roast", name: "Roast & Co", currency: "UAH" });
  expect(changed.body.eventIds).not.toEqual(first.body.eventIds);
  expect((await service.events("tenant.configured")).filter((facts) => facts.slug === "roast").map((facts) => facts.name)).toEqual([
    "Roast",
    "Roast & Co",
  ]);
});

test("the currency may change while nothing was sold, and never after", async () => {
  await configure({ slug: "brew", name: "Brew", currency: "EUR" });
  expect((await configure({ slug: "brew", name: "Brew", currency: "USD" })).status).toBe(200);
  await service.running.platform.database.sql.query(
    "INSERT INTO request (tenant_id, key, purchase_id, purchase_at) VALUES ($1, 'k', gen_random_uuid(), now())",
    [tenantIdOf("brew")],
  );
  const refused = await configure({ slug: "brew", name: "Brew", currency: "UAH" });
  expect(refused).toMatchObject({ status: 409, body: { message: expect.stringContaining("USD") as string } });
  expect((await configure({ slug: "brew", name: "Brew", currency: "USD", floor: 0.4 })).status).toBe(200);
});

test.each([
  ["a slug with a space", { slug: "a b", name: "A", currency: "EUR" }],
  ["no currency", { slug: "a", name: "A" }],
  ["a time zone that is none", { slug: "a", name: "A", currency: "EUR", timeZone: "Mars/Base" }],
])("%s is refused", async (_name, facts) => {
  expect((await configure(facts)).status).toBe(400);
});

test("a second tenant's customers are shown in its own currency and segment", async () => {
  await configure({ slug: "yen", name: "Yen", currency: "JPY", minorDigits: 0 });
  const guest = { ...STAFF, tenantId: tenantIdOf("yen"), role: "anonymous" as const };
  const { data } = await service.ask(
    `mutation { registerCustomer(input: { email: "a@example.com", password: "a long secret", displayName: "A" }) { ... on Session { customer { averageOrderValue { amount currency } segment { name } } } } }`,
    {},
    guest,
  );
  expect(data).toEqual({
    registerCustomer: { customer: { averageOrderValue: { amount: "0", currency: "JPY" }, segment: { name: "Newcomers" } } },
  });
});

test("the public key is shown to whoever asks, the private one to nobody", async () => {
  const response = await fetch(service.running.url.replace("/graphql", "/.well-known/jwks.json"));
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatchObject({ alg: "EdDSA", use: "sig" });
  expect(keys[0]).not.toHaveProperty("d");
});
