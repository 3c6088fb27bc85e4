import { InvalidToken, type VerifiedToken } from "@kava/platform/identity/tokens";
import { expect, test } from "vitest";
import { viewerFinder } from "./viewer.js";

const NOW = new Date("2026-11-22T08:00:00Z");
const TENANT = "0193a1f0-0000-7000-8000-000000000001";

/** A finder whose verifications end when the test says so. */
const held = () => {
  const verifications: { token: string; say: (answer: VerifiedToken | Error) => void }[] = [];
  const find = viewerFinder(
    (token) =>
      new Promise((resolve, reject) => {
        verifications.push({ token, say: (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)) });
      }),
    TENANT,
    { warn: () => undefined },
  );
  return { find, verifications };
};
const staff: VerifiedToken = { identity: { tenantId: TENANT, role: "staff", scopes: [] }, expiresAt: NOW.getTime() + 60_000 };

test("a token that comes many times at once is verified once, and another one by itself", async () => {
  const { find, verifications } = held();
  const many = Array.from({ length: 20 }, () => find("Bearer one", NOW));
  const other = find("Bearer two", NOW);
  expect(verifications.map(({ token }) => token)).toEqual(["one", "two"]);
  for (const { say } of verifications) say(staff);
  const [first, ...rest] = await Promise.all(many);
  for (const each of rest) expect(each).toBe(first);
  expect(await find("Bearer one", NOW)).toBe(first);
  expect(await other).not.toBe(first);
  expect(verifications).toHaveLength(2);
});

test("a refusal is everyone's who waited for it, and the next one asks anew", async () => {
  const { find, verifications } = held();
  const refused = Array.from({ length: 3 }, () => expect(find("Bearer one", NOW)).rejects.toMatchObject({ code: "UNAUTHENTICATED" }));
  verifications[0]!.say(new InvalidToken("The token is not ours"));
  await Promise.all(refused);
  const again = find("Bearer one", NOW);
  expect(verifications).toHaveLength(2);
  verifications[1]!.say(staff);
  expect((await again).identity.role).toBe("staff");
});
