import { tenantIdOf } from "@kava/contracts/ids";
import type { Database } from "../database/database.js";
import { TenantView } from "../views/tenants.js";

/** The chain that a command means, by its short name; null where there is only one. Throws an Error that names those that there are. */
export const chooseChain = async (database: Pick<Database, "sql">, slug: string | null): Promise<{ tenantId: string; slug: string }> => {
  const chains = (await new TenantView(database.sql).all()).map(({ tenantId, facts }) => ({ tenantId, slug: facts.slug }));
  const names = chains.map((each) => each.slug).join(", ");
  if (chains.length === 0) throw new Error("There is no chain yet: start with the demo, or import one");
  const chosen = slug === null ? (chains.length === 1 ? chains[0] : null) : chains.find((each) => each.tenantId === tenantIdOf(slug));
  if (chosen) return chosen;
  throw new Error(
    slug === null ? `There are several chains: say --tenant with one of ${names}` : `There is no chain "${slug}": there are ${names}`,
  );
};
