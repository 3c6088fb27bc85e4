import { isInHoldout } from "@kava/discount/domain/holdout";
import { DemoRows } from "@kava/importer/demo/demoRows";
import { LoadClient } from "@kava/importer/loadClient";
import type { TenantFacts } from "@kava/contracts/tenant";
import { demoChain } from "@kava/simulator/chain";
import type { Installation } from "./installation.js";

export interface SmallChainOptions {
  customers?: number;
  /** Days of history that end now. */
  days?: number;
  seed?: number;
}

/** A chain whose history is in an installation, with what a test needs to know of it. */
export interface SmallChain {
  facts: TenantFacts;
  venues: { id: string; name: string }[];
  items: { id: string; sku: string; name: string; priceMinor: number; costMinor: number | null }[];
  customers: { id: string; externalId: string }[];
  /** Customers with at least five purchases, those with most first. */
  regulars: string[];
  /** Customers who have a live offer now. */
  offers: ReadonlySet<string>;
  /** Purchases of the history. */
  purchases: number;
  isHeldOut: (customerId: string) => boolean;
}

const BATCH = "small-chain";

/** Loads a few hundred invented customers with their history, by the same client as an import, and waits until segments, tastes and offers have followed. */
export const loadSmallChain = async (
  kava: Installation,
  { customers = 200, days = 90, seed = 7 }: SmallChainOptions = {},
): Promise<SmallChain> => {
  const chain = demoChain({ seed, endAt: new Date(), days, customers });
  const client = new LoadClient(kava.instance, chain.tenantFacts.slug);
  const demo = new DemoRows(client.tenantId);
  const venues = chain.venues.map((each) => demo.venue(each));
  const items = chain.items.map((each) => demo.item(each));
  const people = chain.customers.map((each) => demo.customer(each));
  const purchases = [...chain.purchases()].map((each) => demo.purchase(each));
  await client.configure(chain.tenantFacts);
  await client.load("venues", venues, BATCH);
  await client.load("items", items, BATCH);
  await client.load("customers", people, BATCH);
  const { refused } = await client.load("purchases", purchases, BATCH);
  if (refused[0]) throw new Error(`${refused[0].by} refused ${refused.length} purchases of the small chain: ${refused[0].reason}`);
  await client.finish(BATCH, () => undefined);
  const bought = Map.groupBy(
    purchases.filter((each) => each.customerId !== null),
    (each) => each.customerId!,
  );
  const offers = await kava.sql<{ customer_id: string }>("SELECT customer_id FROM discount.offer WHERE state = 'LIVE' AND tenant_id = $1", [
    client.tenantId,
  ]);
  return {
    facts: chain.tenantFacts,
    venues,
    items,
    customers: people.map(({ id, externalId }) => ({ id, externalId })),
    regulars: [...bought]
      .filter(([, list]) => list.length >= 5)
      .toSorted(([, a], [, b]) => b.length - a.length)
      .map(([id]) => id),
    offers: new Set(offers.map((row) => row.customer_id)),
    purchases: purchases.length,
    isHeldOut: (customerId) => isInHoldout(client.tenantId, customerId),
  };
};
