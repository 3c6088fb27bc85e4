import { z } from "zod";

export const ROLES = ["anonymous", "customer", "partner", "staff", "marketer", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, as the gateway verified it. A subgraph trusts it because it comes with the installation's internal key. */
export const Identity = z.object({
  tenantId: z.uuid(),
  role: z.enum(ROLES),
  /** The customer that a customer's token speaks for. */
  customerId: z.uuid().optional(),
  /** What a partner was granted, e.g. `purchases:write`. */
  scopes: z.array(z.string()).default([]),
});
export type Identity = z.infer<typeof Identity>;

/** Scopes that a role holds in the schema's `@requiresScopes`. Everyone who works for the chain is staff; an admin is a marketer too. */
export const scopesOf = (identity: Pick<Identity, "role" | "scopes">): ReadonlySet<string> => {
  const held = new Set(identity.role === "partner" ? identity.scopes : []);
  if (identity.role !== "anonymous") held.add("authenticated");
  if (["staff", "marketer", "admin"].includes(identity.role)) ["staff", "purchases:write"].forEach((scope) => held.add(scope));
  if (["marketer", "admin"].includes(identity.role)) held.add("marketer");
  if (identity.role === "admin") held.add("admin");
  return held;
};

export const isStaff = (identity: Pick<Identity, "role">): boolean => ["staff", "marketer", "admin"].includes(identity.role);

/** May this viewer see or act for the customer? Staff and the customer themselves. */
export const mayActFor = (identity: Identity, customerId: string): boolean =>
  isStaff(identity) || (identity.role === "customer" && identity.customerId === customerId);

/** Headers between the gateway (and the project's own commands) and the subgraphs. */
export const IDENTITY_HEADER = "x-kava-identity";
export const INTERNAL_KEY_HEADER = "x-kava-key";
export const REQUEST_ID_HEADER = "x-request-id";
