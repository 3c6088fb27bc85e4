import { createHash } from "node:crypto";
import type { Identity } from "@kava/contracts/identity";
import { scopesOf } from "@kava/contracts/identity";
import { encodeIdentity } from "@kava/platform/identity/header";
import { InvalidToken, KeysUnavailable, type VerifyToken } from "@kava/platform/identity/tokens";
import type { Logger } from "@kava/platform/telemetry/logger";
import { LRUCache } from "lru-cache";
import { Refusal } from "../errors/refusal.js";

/** Who asks, in the forms that a request needs. */
export interface Viewer {
  identity: Identity;
  scopes: ReadonlySet<string>;
  /** The identity as subgraphs read it. */
  header: string;
  /** What tells this viewer from others: two viewers with the same key see the same answers. */
  key: string;
  /** When the token ends, milliseconds since 1970; never for a stranger. */
  expiresAt: number;
}

/**
 * Finds the viewer of an `Authorization` value; no value is a stranger. Throws a Refusal: UNAUTHENTICATED (401) for a value that is no valid
 * bearer token, SERVICE_UNAVAILABLE (503) when that cannot be told.
 */
export type FindViewer = (authorization: string | undefined, now: Date) => Promise<Viewer>;

const RETRY_AFTER_SECONDS = 5;
const REMEMBERED_TOKENS = 20_000;
/** All of them together: a bearer could write any number of spaces before the same token. */
const REMEMBERED_CHARACTERS = 20_000_000;

/**
 * Verified tokens are remembered until they expire; requests that come with the same new token at the same time wait for one verification
 * (a partner's many connections have one token). A stranger belongs to the default tenant.
 */
export const viewerFinder = (verify: VerifyToken, defaultTenantId: string, logger: Pick<Logger, "warn">): FindViewer => {
  const stranger = viewerOf({ tenantId: defaultTenantId, role: "anonymous", scopes: [] }, "stranger", Infinity);
  const known = new LRUCache<string, Viewer>({
    max: REMEMBERED_TOKENS,
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (_, authorization) => authorization.length,
  });
  const underWay = new Map<string, Promise<Viewer>>();
  const find = async (authorization: string, now: Date): Promise<Viewer> => {
    try {
      const viewer = await verified(authorization, verify, now, logger);
      known.set(authorization, viewer);
      return viewer;
    } finally {
      underWay.delete(authorization);
    }
  };
  return async (authorization, now) => {
    if (authorization === undefined || authorization === "") return stranger;
    const remembered = known.get(authorization);
    if (remembered && remembered.expiresAt > now.getTime()) return remembered;
    const finding = underWay.get(authorization) ?? find(authorization, now);
    underWay.set(authorization, finding);
    return finding;
  };
};

const verified = async (authorization: string, verify: VerifyToken, now: Date, logger: Pick<Logger, "warn">): Promise<Viewer> => {
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw new Refusal("UNAUTHENTICATED", 401, 'Authorization must be "Bearer <token>"; send a valid token or none');
  try {
    const { identity, expiresAt } = await verify(token, now);
    return viewerOf(identity, createHash("sha256").update(token).digest("base64url"), expiresAt);
  } catch (error) {
    if (error instanceof InvalidToken) throw new Refusal("UNAUTHENTICATED", 401, error.message, error.expired ? { expired: true } : {});
    if (!(error instanceof KeysUnavailable)) throw error;
    logger.warn({ err: error }, "a token could not be verified");
    throw new Refusal("SERVICE_UNAVAILABLE", 503, error.message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
};

const viewerOf = (identity: Identity, tokenKey: string, expiresAt: number): Viewer => ({
  identity,
  scopes: scopesOf(identity),
  header: encodeIdentity(identity),
  expiresAt,
  key: identity.customerId ? `${identity.tenantId}:${identity.customerId}` : tokenKey,
});
