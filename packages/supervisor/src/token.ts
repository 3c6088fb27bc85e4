import { existsSync } from "node:fs";
import { join } from "node:path";
import { derivedId, isUuid, tenantIdOf } from "@kava/contracts/ids";
import type { Identity, Role } from "@kava/contracts/identity";
import { readSigningKey } from "@kava/platform/identity/keys";
import { signToken } from "@kava/platform/identity/tokens";
import { defaultTenant, type Home } from "./home.js";

export const TOKEN_ROLES = ["customer", "staff", "marketer", "admin", "partner"] as const satisfies readonly Role[];
export type TokenRole = (typeof TOKEN_ROLES)[number];

/** Whom a token is for. */
export interface Bearer {
  role: TokenRole;
  /** A customer's identifier, or the chain's own id of them. */
  customer?: string | undefined;
  /** Short name of the tenant; the installation's own by default. */
  tenant?: string | undefined;
  /** What a partner may do. */
  scopes?: readonly string[];
}

const DAY_SECONDS = 86_400;

/** A token signed with the installation's key. Throws with what to do when there is no key or the bearer does not fit the role. */
export const mintToken = async (home: Home, bearer: Bearer, now: Date, days: number): Promise<string> => {
  const keyFile = join(home.secrets, "signing-key.json");
  if (!existsSync(keyFile))
    throw new Error(
      `No instance has been started on ${home.path} yet, so there is no key to sign with: run \`npm start\` first, or name its folder with KAVA_HOME`,
    );
  return signToken(await readSigningKey(keyFile), identityOf(bearer, defaultTenant(home)), now, Math.round(days * DAY_SECONDS));
};

const identityOf = ({ role, customer, tenant, scopes = [] }: Bearer, ownTenant: string): Identity => {
  const tenantId = tenantIdOf(tenant ?? ownTenant);
  if (role === "customer" && !customer)
    throw new Error("A customer's token says for whom: add --customer with their identifier, or with the chain's own id of them");
  if (role !== "customer" && customer) throw new Error(`--customer goes with --role customer, not with ${role}`);
  if (role !== "partner" && scopes.length > 0)
    throw new Error(`--scope goes with --role partner; what ${role} may do follows from the role`);
  return {
    tenantId,
    role,
    scopes: [...scopes],
    ...(customer ? { customerId: isUuid(customer) ? customer.toLowerCase() : derivedId(tenantId, "customer", customer) } : {}),
  };
};
