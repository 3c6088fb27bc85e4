import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tenantIdOf } from "@kava/contracts/ids";
import type { Identity } from "@kava/contracts/identity";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newSigningJwk, readSigningKey, type SigningKey } from "./keys.js";
import { AUDIENCE, ISSUER, InvalidToken, KeysUnavailable, signToken, tokenVerifier, type VerifyToken } from "./tokens.js";

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
const refusal = async (token: string, at = now, by = verify): Promise<string> => {
  const error: unknown = await by(token, at).then(
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

describe("with the keys of a JWKS address", () => {
  let answer: { status: number; body: string };
  const server = createServer((_request, response) => void response.writeHead(answer.status).end(answer.body));
  const whole = () => ({ status: 200, body: JSON.stringify({ keys: [key.publicJwk] }) });
  let address: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(() => void server.close());

  test.each([
    ["answers 503", { status: 503, body: "later" }],
    ["answers no JSON", { status: 200, body: "<html>" }],
    ["answers no set of keys", { status: 200, body: "{}" }],
  ])("while it %s a token is not called invalid, and is believed once the keys are there", async (_what, outage) => {
    const remote = await tokenVerifier({ jwksUrl: address });
    const token = await signToken(key, customer, now, 60);
    answer = outage;
    await expect(remote(token, now)).rejects.toThrow(KeysUnavailable);
    answer = whole();
    expect(await remote(token, now)).toMatchObject({ identity: customer });
  });

  test("a key there that is none is not the token's fault", async () => {
    answer = { status: 200, body: JSON.stringify({ keys: [{ ...key.publicJwk, x: "no" }] }) };
    const remote = await tokenVerifier({ jwksUrl: address });
    await expect(remote(await signToken(key, customer, now, 60), now)).rejects.toThrow(KeysUnavailable);
  });

  test("while nobody answers there a token is not called invalid, either", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const remote = await tokenVerifier({ jwksUrl: `http://127.0.0.1:${port}/jwks.json` });
    await expect(remote(await signToken(key, customer, now, 60), now)).rejects.toThrow(KeysUnavailable);
  });

  test("what is wrong with the token itself is still said: an unknown key, another algorithm, no token", async () => {
    answer = whole();
    const remote = await tokenVerifier({ jwksUrl: address });
    expect(await refusal(await signToken({ ...key, kid: "unknown" }, customer, now, 60), now, remote)).toMatch(/not signed by/);
    const shared = Buffer.from(JSON.stringify({ alg: "HS256", kid: key.kid })).toString("base64url");
    expect(await refusal(`${shared}.e30.e30`, now, remote)).toMatch(/malformed/);
    expect(await refusal("hello", now, remote)).toMatch(/malformed/);
    expect(await refusal(await signToken(key, customer, now, 60), later(61), remote)).toMatch(/expired/);
  });
});
