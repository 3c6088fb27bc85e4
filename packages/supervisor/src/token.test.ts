import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { derivedId, tenantIdOf } from "@kava/contracts/ids";
import { newSigningJwk } from "@kava/platform/identity/keys";
import { tokenVerifier } from "@kava/platform/identity/tokens";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptFile, openHome, type Home } from "./home.js";
import { mintToken, type Bearer } from "./token.js";

const now = new Date("2026-11-22T12:00:00Z");
let home: Home;
beforeEach(async () => {
  home = openHome(mkdtempSync(join(tmpdir(), "kava-token-")));
  const jwk = await newSigningJwk();
  keptFile(home, "signing-key.json", () => jwk);
});
afterEach(() => rmSync(home.path, { recursive: true, force: true }));

const minted = async (bearer: Bearer, days = 30) => {
  const verify = await tokenVerifier({ keyFile: join(home.secrets, "signing-key.json") });
  return verify(await mintToken(home, bearer, now, days), now);
};

test("a token says role, tenant and scopes, and ends when it was asked to", async () => {
  const { identity, expiresAt } = await minted({ role: "partner", tenant: "north", scopes: ["purchases:write"] }, 2);
  expect(identity).toEqual({ tenantId: tenantIdOf("north"), role: "partner", scopes: ["purchases:write"] });
  expect(expiresAt).toBe(now.getTime() + 2 * 86_400_000);
});

test("a customer is named by their identifier or by the chain's own id", async () => {
  const customerId = derivedId(tenantIdOf("kava"), "customer", "558");
  expect((await minted({ role: "customer", customer: "558" })).identity.customerId).toBe(customerId);
  expect((await minted({ role: "customer", customer: customerId.toUpperCase() })).identity.customerId).toBe(customerId);
});

test.each<[string, Bearer, RegExp]>([
  ["a customer's token without a customer", { role: "customer" }, /add --customer/],
  ["a customer on another role", { role: "staff", customer: "558" }, /goes with --role customer, not with staff/],
  ["scopes on another role", { role: "staff", scopes: ["purchases:write"] }, /goes with --role partner/],
])("%s is refused with what to do", async (_title, bearer, message) => {
  await expect(mintToken(home, bearer, now, 1)).rejects.toThrow(message);
});

test("without an instance there is no key, and the message says what to start", async () => {
  rmSync(join(home.secrets, "signing-key.json"));
  await expect(mintToken(home, { role: "staff" }, now, 1)).rejects.toThrow(/run `npm start` first/);
});
