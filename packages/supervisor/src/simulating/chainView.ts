import { askGraph } from "@kava/importer/askGraph";
import type { LiveOffer } from "@kava/simulator/live";
import { z } from "zod";

const Offer = z
  .object({ depth: z.number(), item: z.object({ sku: z.string() }).nullable(), price: z.object({ amount: z.string() }).nullable() })
  .nullable();
const Customer = z.object({ id: z.string(), externalId: z.string().nullable(), displayName: z.string(), offer: Offer.optional() });
const Page = z.object({
  customers: z.object({
    edges: z.array(z.object({ node: Customer })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});
const One = z.object({ customer: z.object({ offer: Offer }).nullable() });

const OFFER = "offer { depth item { sku } price { amount } }";
const PAGE = `query Customers($after: String) { customers(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id externalId displayName ${OFFER} } } } }`;
const ONE = `query Offer($id: ID!) { customer(id: $id) { ${OFFER} } }`;

/** What the graph says of the chain's customers: who they are and what each is offered now, by the chain's own id. */
export class ChainView {
  readonly names = new Map<string, string>();
  readonly ids = new Map<string, string>();
  readonly offers = new Map<string, LiveOffer>();

  /** `itemKeys`: the simulator's key of an item by its sku; `minor`: an amount of the graph in minor units. */
  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly itemKeys: ReadonlyMap<string, string>,
    private readonly minor: (amount: string) => number | null,
  ) {}

  /** Reads everyone, a hundred at a time. */
  async readAll(progress: (customers: number) => void): Promise<void> {
    for (let after: string | null = null, more = true; more;) {
      const { customers } = Page.parse(await askGraph(this.url, this.token, PAGE, { after }));
      for (const { node } of customers.edges) if (node.externalId !== null) this.#keep(node.externalId, node);
      after = customers.pageInfo.endCursor;
      more = customers.pageInfo.hasNextPage;
      progress(this.ids.size);
    }
  }

  /** Reads what one customer is offered now. */
  async readOffer(key: string): Promise<void> {
    const id = this.ids.get(key);
    if (id === undefined) return;
    const { customer } = One.parse(await askGraph(this.url, this.token, ONE, { id }));
    this.#keepOffer(key, customer?.offer ?? null);
  }

  #keep(key: string, node: z.infer<typeof Customer>): void {
    this.ids.set(key, node.id);
    this.names.set(key, node.displayName);
    this.#keepOffer(key, node.offer ?? null);
  }

  #keepOffer(key: string, offer: z.infer<typeof Offer>): void {
    const itemKey = offer?.item ? this.itemKeys.get(offer.item.sku) : undefined;
    const priceMinor = offer?.price ? this.minor(offer.price.amount) : null;
    if (!offer || itemKey === undefined) this.offers.delete(key);
    else this.offers.set(key, { itemKey, depth: offer.depth, ...(priceMinor === null ? {} : { priceMinor }) });
  }
}
