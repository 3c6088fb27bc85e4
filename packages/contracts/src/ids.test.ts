import fc from "fast-check";
import { expect, test } from "vitest";
import { derivedId, isUuid, newId, parsePurchaseId, purchaseIdOf, tenantIdOf } from "./ids.js";

const moment = fc.date({ min: new Date("1970-01-01T00:00:00Z"), max: new Date("2199-12-31T23:59:59.999Z"), noInvalidDate: true });

test("a purchase's id says the month that holds it, in UTC, and only that", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string(), moment, (tenantId, key, at) => {
      const parsed = parsePurchaseId(purchaseIdOf(tenantId, key, at))!;
      expect(parsed.from <= at && at < parsed.to).toBe(true);
      expect(parsed.uuid).toBe(derivedId(tenantId, "purchase", key));
      expect([parsed.from.getUTCDate(), parsed.from.getUTCHours(), parsed.to.getUTCDate(), parsed.to.getUTCHours()]).toEqual([1, 0, 1, 0]);
    }),
    { numRuns: 2_000 },
  );
});

test("the same tenant, key and month give the same id; another tenant, key or month another", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), fc.string(), fc.string(), (tenant, otherTenant, key, otherKey) => {
      fc.pre(tenant !== otherTenant && key !== otherKey);
      const at = new Date("2026-11-30T23:59:59.999Z");
      const id = purchaseIdOf(tenant, key, at);
      expect(purchaseIdOf(tenant, key, new Date("2026-11-01T00:00:00Z"))).toBe(id);
      expect(
        new Set([
          id,
          purchaseIdOf(otherTenant, key, at),
          purchaseIdOf(tenant, otherKey, at),
          purchaseIdOf(tenant, key, new Date("2026-12-01T00:00:00Z")),
        ]).size,
      ).toBe(4);
    }),
  );
});

test.each([
  "",
  "202611",
  "202613-1b4e28ba-2fa1-51d2-883f-0016d3cca427",
  "202600-1b4e28ba-2fa1-51d2-883f-0016d3cca427",
  "1b4e28ba-2fa1-51d2-883f-0016d3cca427",
  "202611-1B4E28BA",
  "202611-1b4e28ba-2fa1-51d2-883f-0016d3cca427'; DROP TABLE purchase",
])("%j is no purchase's id", (id) => expect(parsePurchaseId(id)).toBeNull());

test("things of one key but of different kinds have different ids, and equal tenants equal ones", () => {
  const tenant = tenantIdOf("kava");
  const kinds = ["item", "venue", "customer", "event", "batch", "purchase"] as const;
  expect(new Set(kinds.map((kind) => derivedId(tenant, kind, "1"))).size).toBe(kinds.length);
  expect(tenantIdOf("kava")).toBe(tenant);
  expect([tenant, newId(), ...kinds.map((kind) => derivedId(tenant, kind, "1"))].every(isUuid)).toBe(true);
});

test("new ids sort by when they were made", () => {
  const ids = Array.from({ length: 1_000 }, () => newId());
  expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
  expect(new Set(ids).size).toBe(1_000);
});
