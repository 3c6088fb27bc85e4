import { isUuid } from "@kava/contracts/ids";
import { mayActFor } from "@kava/contracts/identity";
import type { TenantFacts } from "@kava/contracts/tenant";
import type { Database } from "@kava/platform/database/database";
import type { RequestContext } from "@kava/platform/graphql/context";
import { itemsById, type ItemFacts } from "@kava/platform/views/items";
import type { TenantView } from "@kava/platform/views/tenants";
import DataLoader from "dataloader";
import type { Affinities } from "../deciding/Affinities.js";
import type { DecisionRecord } from "../domain/decision.js";
import type { Promotion } from "../domain/promotions.js";
import type { StoredOffer } from "../storage/entities.js";
import type { Offers } from "../storage/offers.js";
import { openPromotions } from "../storage/promotionView.js";
import type { Quotes } from "../storage/quotes.js";

/** What the resolvers read from. */
export interface Stores {
  database: Database;
  tenants: TenantView;
  offers: Offers;
  quotes: Quotes;
  affinities: Affinities;
}

/** What lives for one request: all of the viewer's tenant, each thing read once. */
export interface Loaders {
  offer: DataLoader<string, StoredOffer | null>;
  liveOffer: DataLoader<string, StoredOffer | null>;
  decision: DataLoader<string, DecisionRecord | null>;
  item: DataLoader<string, ItemFacts | null>;
  facts: () => Promise<TenantFacts>;
  promotions: () => Promise<Promotion[]>;
  affinity: DataLoader<string, number | null>;
}

export interface DiscountContext extends RequestContext {
  stores: Stores;
  load: Loaders;
}

export const contextOf =
  (stores: Stores) =>
  (request: RequestContext): Pick<DiscountContext, "stores" | "load"> => {
    const {
      identity: { tenantId },
      now,
    } = request;
    const { database, offers, tenants, affinities } = stores;
    return {
      stores,
      load: {
        offer: new DataLoader(async (ids) => inOrder(ids, await offers.byIds(tenantId, ids), (offer) => offer.id)),
        liveOffer: new DataLoader(async (ids) => inOrder(ids, await offers.liveOf(tenantId, ids), (offer) => offer.customerId)),
        decision: new DataLoader(async (ids) => {
          const records = await offers.decisions(tenantId, ids);
          return ids.map((id) => records.get(id) ?? null);
        }),
        item: new DataLoader(async (ids) => {
          const items = await itemsById(database.sql, tenantId, ids.filter(isUuid));
          return ids.map((id) => items.get(id) ?? null);
        }),
        facts: once(() => tenants.required(tenantId)),
        promotions: once(() => openPromotions(database.sql, tenantId, now)),
        affinity: new DataLoader(async (ids) => {
          const known = await affinities.of(tenantId, ids.filter(isUuid), now);
          return ids.map((id) => known.get(id) ?? null);
        }),
      },
    };
  };

/** Whether the viewer may know what is offered to a customer. */
export const maySee = ({ identity }: DiscountContext, customerId: string): boolean => isUuid(customerId) && mayActFor(identity, customerId);

const inOrder = <Row>(ids: readonly string[], rows: readonly Row[], idOf: (row: Row) => string): (Row | null)[] => {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  return ids.map((id) => byId.get(id) ?? null);
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
