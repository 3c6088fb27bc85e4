import { v5, v7 } from "uuid";

/** A fresh identifier that sorts by its time of creation (UUIDv7). */
export const newId = (): string => v7();

/** The identifier that follows from a tenant, a kind and the chain's own key: the same in every service, at every import (UUIDv5). */
export const derivedId = (
  tenantId: string,
  kind: "item" | "venue" | "customer" | "event" | "batch" | "purchase" | "segment",
  key: string,
): string => v5(`${kind}:${key}`, tenantId);

const TENANT_NAMESPACE = "8b1f3f0e-6d5c-4c55-9f5e-0d2f5a3b7c11";

/** A tenant's identifier follows from its short name (`--tenant`), so that every command finds it without a look-up. */
export const tenantIdOf = (slug: string): string => v5(slug, TENANT_NAMESPACE);

/** The tenant of an installation that serves one chain. */
export const DEFAULT_TENANT_SLUG = "kava";

/**
 * A purchase's identifier: its month and the UUIDv5 of tenant and idempotency key, `202611-1b4e…`. The month is in it because
 * purchases are partitioned by month (UTC): a look-up by id alone would read every partition.
 */
export const purchaseIdOf = (tenantId: string, idempotencyKey: string, at: Date): string =>
  `${at.getUTCFullYear()}${String(at.getUTCMonth() + 1).padStart(2, "0")}-${derivedId(tenantId, "purchase", idempotencyKey)}`;

/** What a purchase's identifier says: the half-open month [from, to) that holds it, and its UUID. Null when it is not one. */
export const parsePurchaseId = (id: string): { uuid: string; from: Date; to: Date } | null => {
  const match = /^(\d{4})(0[1-9]|1[0-2])-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(id);
  if (!match) return null;
  const [year, month] = [Number(match[1]), Number(match[2])];
  return { uuid: match[3]!, from: new Date(Date.UTC(year, month - 1, 1)), to: new Date(Date.UTC(year, month, 1)) };
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Whether a text from outside can be used where a UUID is stored. */
export const isUuid = (text: string): boolean => UUID.test(text);
