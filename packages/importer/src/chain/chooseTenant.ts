import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DEFAULT_TENANT_SLUG } from "@kava/contracts/ids";
import { TenantFacts } from "@kava/contracts/tenant";
import { readDemoNote } from "../demo/fillDemo.js";
import type { Mapping } from "../mapping/mapping.js";

/** Where records go. `becomesDefault`: from now on commands that name no tenant mean this one. */
export interface ChosenTenant {
  slug: string;
  becomesDefault: boolean;
}

/**
 * The tenant that was asked for, else the installation's own. Where that one holds the demo chain, real records do not go among invented ones: they get
 * a tenant of their own, named by the mapping or its file, which becomes the installation's own.
 */
export const chooseTenant = (home: string, asked: string | undefined, mapping: Mapping, mapFile: string | undefined): ChosenTenant => {
  if (asked !== undefined) return { slug: checkedSlug(asked), becomesDefault: false };
  const own = ownTenant(home);
  if (own !== DEFAULT_TENANT_SLUG || readDemoNote(home) === null) return { slug: own, becomesDefault: false };
  const slug = mapping.tenant.slug ?? slugOf(mapFile ?? "");
  return { slug: slug === DEFAULT_TENANT_SLUG || slug === "" ? "my-chain" : slug, becomesDefault: true };
};

const tenantFile = (home: string): string => join(home, "tenant");

export const makeDefault = (home: string, slug: string): void => writeFileSync(tenantFile(home), `${slug}\n`);

const ownTenant = (home: string): string => {
  try {
    return readFileSync(tenantFile(home), "utf8").trim() || DEFAULT_TENANT_SLUG;
  } catch {
    return DEFAULT_TENANT_SLUG;
  }
};

const checkedSlug = (slug: string): string => {
  if (TenantFacts.shape.slug.safeParse(slug).success) return slug;
  throw new Error(`--tenant "${slug}": a tenant's short name has lower-case letters, digits and hyphens, at most 63`);
};

const slugOf = (file: string): string =>
  basename(file)
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);

/** The facts of a tenant: what the mapping says, over what is there, over the defaults. Its short name is the one chosen. */
export const factsFor = (slug: string, mapping: Mapping, existing: TenantFacts | undefined): TenantFacts => {
  const said = Object.fromEntries(Object.entries(mapping.tenant).filter(([, value]) => value !== undefined));
  return TenantFacts.parse({ name: slug, currency: "EUR", ...existing, ...said, slug });
};
