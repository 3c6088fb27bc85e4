import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tenantIdOf } from "@kava/contracts/ids";
import type { Identity } from "@kava/contracts/identity";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newSigningJwk, readSigningKey, type SigningKey } from "./keys.js";
import { AUDIENCE, ISSUER, InvalidToken, signToken, tokenVerifier, type VerifyToken } from "./tokens.js";

const now = new Date("2026-11-22T08:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const tenantId = tenantIdOf("kava");
const customer: Identity = { tenantId, role: "customer", customerId: "1b4e28ba-2fa1-41d2-883f-0016d3cca427", scopes: [] };
let folder: string;
let keyFile: string;
let key: SigningKey;
let verify: VerifyToken;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kava-tokens-"));
  keyFile = join(folder, "key.json");
  await writeFile(keyFile, await newSigningJwk());
  await chmod(keyFile, 0o600);
  key = await readSigningKey(keyFile);
  verify = await tokenVerifier({ keyFile });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A token signed with our key that claims whatever the test wants. */
const forged = (
  claims: Record<string, unknown>,
  { issuer = ISSUER, audience = AUDIENCE, expires = 60 }: { issuer?: string; audience?: string; expires?: number | null } = {},
) => {
  const token = new SignJWT({ tenant: tenantId, role: "staff", ...claims })
    .setProtectedHeader({ alg: "EdDSA", kid: key.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject("staff");
  return (expires === null ? token : token.setExpirationTime(later(expires))).sign(key.privateKey);
};
const refusal = async (token: string, at = now): Promise<string> => {
  const error: unknown = await verify(token, at).then(
    () => new Error("it was believed"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidToken);
  return (error as Error).message;
};

test.each<Identity>([
  customer,
  { tenantId, role: "staff", scopes: [] },
  { tenantId, role: "partner", scopes: ["purchases:write", "customers:read"] },
  { tenantId: tenantIdOf("another"), role: "admin", scopes: [] },
])("a token says who its bearer is, until it ends: %j", async (identity) => {
  const token = await signToken(key, identity, now, 60);
  expect(await verify(token, now)).toEqual({ identity, expiresAt: later(60).getTime() });
  expect(await verify(token, later(59))).toMatchObject({ identity });
});

test("an expired token is refused with what to do", async () => {
  const token = await signToken(key, customer, now, 60);
  expect(await refusal(token, later(60))).toMatch(/expired: sign in again/);
  expect(await refusal(token, later(86_400))).toMatch(/expired/);
});

test("a token of another issuer, for another audience, or without an end is refused", async () => {
  for (const options of [{ issuer: "somebody" }, { audience: "another-graph" }, { expires: null }])
    expect(await refusal(await forged({}, options))).toMatch(/malformed or was not signed/);
});

test("a token signed by another key is refused, also when it claims our key's name", async () => {
  const otherFile = join(folder, "other.json");
  await writeFile(otherFile, await newSigningJwk());
  const other = await readSigningKey(otherFile);
  expect(await refusal(await signToken(other, customer, now, 60))).toMatch(/not signed by this installation/);
  expect(await refusal(await signToken({ ...other, kid: key.kid }, customer, now, 60))).toMatch(/not signed by this installation/);
});

test("a token that was changed on its way is refused", async () => {
  const [header, payload, signature] = (await signToken(key, customer, now, 60)).split(".") as [string, string, string];
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
  const richer = Buffer.from(JSON.stringify({ ...claims, role: "admin" })).toString("base64url");
  const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  const shared = Buffer.from(JSON.stringify({ alg: "HS256", kid: key.kid })).toString("base64url");
  for (const token of [
    `${header}.${richer}.${signature}`,
    `${none}.${richer}.`,
    `${shared}.${richer}.${signature}`,
    `${header}.${payload}.`,
  ])
    expect(await refusal(token)).toMatch(/malformed|not signed/);
});

test.each(["", "x", "a.b.c", "....", "Bearer abc", "\u0000", "{}", "e30.e30.e30"])("what is no token (%j) is refused", async (token) => {
  expect(await refusal(token)).toMatch(/malformed/);
});

test.each([
  ["an unknown role", { role: "emperor" }],
  ["no role", { role: undefined }],
  ["the role of a stranger", { role: "anonymous" }],
  ["no tenant", { tenant: undefined }],
  ["a tenant that is none", { tenant: "kava" }],
])("a token with %s is refused", async (_what, claims) => {
  expect(await refusal(await forged(claims))).toMatch(/names no role and tenant/);
});

test("a key file that is missing or holds something else is named", async () => {
  await expect(readSigningKey(join(folder, "nowhere.json"))).rejects.toThrow(/nowhere\.json cannot be read/);
  const broken = join(folder, "broken.json");
  await writeFile(broken, "not json");
  await expect(readSigningKey(broken)).rejects.toThrow(/broken\.json cannot be read/);
});

test("the public half of the key gives nothing of the private one away", () => {
  expect(key.publicJwk).toEqual({ kty: "OKP", crv: "Ed25519", x: expect.any(String), kid: key.kid, alg: "EdDSA", use: "sig" });
});
