import type { Instance } from "@kava/platform/instance";
import { DEFAULT_TENANT_SLUG } from "@kava/contracts/ids";
import { askGraph } from "@kava/importer/askGraph";
import { chainOf, fillDemo, newDemo, readDemoNote } from "@kava/importer/demo/fillDemo";
import { z } from "zod";
import type { Voice } from "./console/voice.js";
import { defaultTenant, homeAt } from "./home.js";
import { mintToken } from "./token.js";
import { idOfCustomer } from "./welcome.js";

const Edges = z.object({ edges: z.array(z.object({ node: z.object({ id: z.string() }) })) });
const Customers = z.object({ customers: Edges });
const Held = z.object({ customers: Edges, menu: Edges });

/** Whether a start may have to fill the demo chain: it was never filled to its end, and no chain of the newcomer's own took its place. */
export const isDemoDue = (homePath: string): boolean =>
  readDemoNote(homePath)?.state !== "loaded" && defaultTenant(homeAt(homePath)) === DEFAULT_TENANT_SLUG;

/** Fills the demo chain when the installation's own tenant holds nothing, or when a start was ended before the demo was whole. */
export const ensureDemo = async (instance: Instance, homePath: string, voice: Voice): Promise<void> => {
  const note = readDemoNote(homePath);
  if (note?.state === "loaded" || instance.tenant !== DEFAULT_TENANT_SLUG) return;
  if (!note && !(await holdsNothing(await staffOf(instance, homePath)))) return;
  const { customers, purchases, lines } = await voice.step(
    "demo",
    note ? "completing the demo chain" : "filling the demo chain",
    (progress) => fillDemo(instance, homePath, note ?? newDemo(new Date()), progress),
  );
  voice.info("demo", `${customers} customers, ${purchases} purchases, ${lines} lines`);
};

/** The customer whom a newcomer is shown: a regular of the demo, one with an offer if there is one, or the first there is. Null when there is nobody. */
export const showcaseCustomer = async (instance: Instance, homePath: string): Promise<string | null> => {
  const note = readDemoNote(homePath);
  if (note?.state !== "loaded" || instance.tenant !== DEFAULT_TENANT_SLUG) return firstCustomer(instance, homePath);
  const regulars = chainOf(note).showcase;
  return (await firstWithOffer(await staffOf(instance, homePath), instance.tenant, regulars)) ?? regulars[0] ?? null;
};

const Shown = z.record(z.string(), z.object({ offer: z.object({ id: z.string() }).nullable() }).nullable());

const firstWithOffer = async (ask: Ask, tenant: string, customers: readonly string[]): Promise<string | null> => {
  if (customers.length === 0) return null;
  const fields = customers.map((each, at) => `c${at}: customer(id: ${JSON.stringify(idOfCustomer(tenant, each))}) { offer { id } }`);
  const shown = Shown.parse(await ask(`{ ${fields.join(" ")} }`));
  return customers.find((_, at) => shown[`c${at}`]?.offer) ?? null;
};

/** Asks the graph as staff of the installation's own tenant. */
type Ask = (query: string) => Promise<unknown>;

/**
 * Whether a tenant has no customer and nothing on its menu. Customers alone do not tell: a chain's records may be a menu, or receipts that name nobody. Sales
 * need no question of their own: what is sold was put on the menu first.
 */
export const holdsNothing = async (ask: Ask): Promise<boolean> => {
  const { customers, menu } = Held.parse(
    await ask("{ customers(first: 1) { edges { node { id } } } menu(first: 1) { edges { node { id } } } }"),
  );
  return customers.edges.length === 0 && menu.edges.length === 0;
};

const firstCustomer = async (instance: Instance, homePath: string): Promise<string | null> => {
  const ask = await staffOf(instance, homePath);
  return Customers.parse(await ask("{ customers(first: 1) { edges { node { id } } } }")).customers.edges[0]?.node.id ?? null;
};

const staffOf = async (instance: Instance, homePath: string): Promise<Ask> => {
  const token = await mintToken(homeAt(homePath), { role: "staff" }, new Date(), 1 / 24);
  return (query) => askGraph(instance.urls.gateway, token, query);
};
