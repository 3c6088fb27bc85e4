import { Identity } from "@kava/contracts/identity";
import { SignJWT, createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { ALGORITHM, readSigningKey, type SigningKey } from "./keys.js";

export const ISSUER = "kava";
export const AUDIENCE = "kava-graph";

/** Thrown for a token that is not to be believed; the message may be shown to its bearer. */
export class InvalidToken extends Error {
  override readonly name = "InvalidToken";
  constructor(
    message: string,
    /** A new token would be believed. */ readonly expired = false,
  ) {
    super(message);
  }
}

/** Thrown when a token can neither be believed nor refused, because the keys of its issuer cannot be had; the cause says why. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
  constructor(cause: unknown) {
    super("Tokens cannot be verified right now, because the keys for it cannot be read: try again in a few seconds", { cause });
  }
}

/** Signs a token for an identity; `lifetimeSeconds` from `now`. */
export const signToken = (key: SigningKey, identity: Identity, now: Date, lifetimeSeconds: number): Promise<string> => {
  const issued = Math.floor(now.getTime() / 1000);
  return new SignJWT({ tenant: identity.tenantId, role: identity.role, scope: identity.scopes.join(" ") })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(issued)
    .setExpirationTime(issued + lifetimeSeconds)
    .setSubject(identity.customerId ?? identity.role)
    .sign(key.privateKey);
};

export interface VerifiedToken {
  identity: Identity;
  /** When the token ends, in milliseconds since 1970. */
  expiresAt: number;
}
export type VerifyToken = (token: string, now: Date) => Promise<VerifiedToken>;

/** Verifies against the installation's own key file, or a JWKS address. Throws InvalidToken with what is wrong, or KeysUnavailable. */
export const tokenVerifier = async (source: { keyFile: string } | { jwksUrl: string }): Promise<VerifyToken> => {
  const keys: JWTVerifyGetKey =
    "keyFile" in source
      ? createLocalJWKSet({ keys: [(await readSigningKey(source.keyFile)).publicJwk] })
      : remoteKeys(new URL(source.jwksUrl));
  return async (token, now) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: [ALGORITHM],
        currentDate: now,
        requiredClaims: ["exp", "sub"],
      });
      const role = payload["role"];
      const scopes = typeof payload["scope"] === "string" ? payload["scope"].split(" ").filter(Boolean) : [];
      const identity = Identity.safeParse({
        tenantId: payload["tenant"],
        role,
        scopes,
        ...(role === "customer" ? { customerId: payload.sub } : {}),
      });
      if (!identity.success || identity.data.role === "anonymous")
        throw new InvalidToken("The token names no role and tenant of Kava: ask for a new one");
      return { identity: identity.data, expiresAt: payload.exp! * 1000 };
    } catch (error) {
      if (error instanceof InvalidToken || error instanceof KeysUnavailable) throw error;
      if (error instanceof errors.JWTExpired) throw new InvalidToken("The token has expired: sign in again", true);
      if (error instanceof errors.JOSEError)
        throw new InvalidToken("The token is malformed or was not signed by this installation: send a valid one or none");
      throw error;
    }
  };
};

/** The keys of a JWKS address. What goes wrong in finding one is the token's fault when it names a key or an algorithm that is not there. */
const remoteKeys = (url: URL): JWTVerifyGetKey => {
  const keyOf = createRemoteJWKSet(url, { timeoutDuration: 3_000, cooldownDuration: 10_000 });
  return (header, token) =>
    keyOf(header, token).catch((error: unknown) => {
      const isTheTokens =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported;
      throw isTheTokens ? error : new KeysUnavailable(error);
    });
};
