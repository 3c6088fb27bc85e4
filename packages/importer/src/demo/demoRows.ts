import { derivedId, purchaseIdOf } from "@kava/contracts/ids";
import type { CustomerRow, ItemRow, PurchaseRow, VenueRow } from "@kava/contracts/loading";
import type { SimCustomer, SimItem, SimPurchase, SimVenue } from "@kava/simulator/chain";

/** The simulator's words as rows of the bulk loaders. Identifiers follow from its keys, and are kept: a hash for each of 138,000 lines takes seconds. */
export class DemoRows {
  readonly #ids = new Map<string, string>();

  constructor(private readonly tenantId: string) {}

  venue({ key, name, latitude, longitude }: SimVenue): VenueRow {
    return { id: this.#idOf("venue", key), key, name, latitude, longitude };
  }

  item({ key, sku, name, category, priceMinor, costMinor }: SimItem): ItemRow {
    return { id: this.#idOf("item", key), sku, name, category, priceMinor, costMinor };
  }

  customer({ key, displayName, email, joinedAt, tastes, homeVenueKey, attributes }: SimCustomer): CustomerRow {
    const [id, homeVenueId] = [this.#idOf("customer", key), this.#idOf("venue", homeVenueKey)];
    return {
      id,
      externalId: key,
      displayName,
      email,
      joinedAt: joinedAt.toISOString(),
      tastes: [...tastes],
      homeVenueId,
      attributes: { ...attributes },
    };
  }

  purchase({ key, customerKey, venueKey, at, lines }: SimPurchase): PurchaseRow {
    return {
      id: purchaseIdOf(this.tenantId, key, at),
      key,
      customerId: customerKey === null ? null : this.#idOf("customer", customerKey),
      venueId: this.#idOf("venue", venueKey),
      at: at.toISOString(),
      lines: lines.map(({ itemKey, ...line }) => ({ itemId: this.#idOf("item", itemKey), ...line })),
    };
  }

  #idOf(kind: "venue" | "item" | "customer", key: string): string {
    const name = `${kind}:${key}`;
    let id = this.#ids.get(name);
    if (id === undefined) this.#ids.set(name, (id = derivedId(this.tenantId, kind, key)));
    return id;
  }
}
