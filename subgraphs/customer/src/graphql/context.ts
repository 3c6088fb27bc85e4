import type { Customer, Customers, Segments, SizedSegment } from "../domain/customer.js";
import type { LifetimeModel, Lifetimes } from "../domain/lifetime.js";
import type { Purchase, PurchaseKey, Purchases } from "../domain/purchase.js";
import type { RequestContext } from "@kava/platform/graphql/context";
import type { Currency } from "@kava/platform/graphql/money";
import DataLoader from "dataloader";

/** What the resolvers are given once. */
export interface GraphServices {
  customers: Customers;
  purchases: Purchases;
  segments: Segments;
  lifetimes: Lifetimes;
  currencyOf(tenantId: string): Promise<Currency>;
  /** Signs a customer in. */
  issueToken(tenantId: string, customerId: string, now: Date): Promise<{ accessToken: string; expiresAt: Date }>;
}

export interface PurchasePageKey {
  customerId: string;
  after: PurchaseKey | null;
  limit: number;
}

/** What the resolvers are given for one request. Everything in `loaders` is of the viewer's tenant; who may see it is asked before. */
export interface CustomerContext extends RequestContext, GraphServices {
  currency(): Promise<Currency>;
  /** Read once for all customers of a request; null before the first fit. */
  lifetimeModel(): Promise<LifetimeModel | null>;
  loaders: {
    customer: DataLoader<string, Customer | null>;
    segment: DataLoader<string, SizedSegment | null>;
    purchasePage: DataLoader<PurchasePageKey, Purchase[], string>;
  };
}

/** Adds to a request's context what this subgraph needs. */
export const extendContext =
  (services: GraphServices) =>
  (request: RequestContext): object => {
    const { tenantId } = request.identity;
    let currency: Promise<Currency> | undefined;
    let lifetimeModel: Promise<LifetimeModel | null> | undefined;
    return {
      ...services,
      currency: () => (currency ??= services.currencyOf(tenantId)),
      lifetimeModel: () => (lifetimeModel ??= services.lifetimes.model(tenantId)),
      loaders: {
        customer: loaderById((ids) => services.customers.byIds(tenantId, ids)),
        segment: loaderById((ids) => services.segments.byIds(tenantId, ids)),
        purchasePage: new DataLoader<PurchasePageKey, Purchase[], string>((keys) => purchasePages(services.purchases, tenantId, keys), {
          cacheKeyFn: (key) => JSON.stringify(key),
        }),
      },
    };
  };

const loaderById = <Value extends { id: string }>(load: (ids: readonly string[]) => Promise<Value[]>) =>
  new DataLoader<string, Value | null>(async (ids) => {
    const found = new Map((await load(ids)).map((value) => [value.id, value]));
    return ids.map((id) => found.get(id) ?? null);
  });

/** One statement for all customers whose pages begin alike: those of a list do. */
const purchasePages = async (purchases: Purchases, tenantId: string, keys: readonly PurchasePageKey[]): Promise<Purchase[][]> => {
  const pages = new Map<PurchasePageKey, Purchase[]>();
  const alike = Map.groupBy(keys, (key) => JSON.stringify([key.after, key.limit]));
  await Promise.all(
    [...alike.values()].map(async (group) => {
      const found = await purchases.newest(
        tenantId,
        group.map((key) => key.customerId),
        group[0]!.after,
        group[0]!.limit,
      );
      for (const key of group) pages.set(key, found.get(key.customerId) ?? []);
    }),
  );
  return keys.map((key) => pages.get(key)!);
};
