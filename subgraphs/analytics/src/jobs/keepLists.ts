import type { Sql } from "@kava/platform/database/sql";
import { unpackRanked, type Ranked } from "../domain/rankedLists.js";
import { explained, KEPT, type Recommended } from "../domain/recommendation.js";
import type { Learned } from "../storage/recommendations.js";
import type { LearningParts } from "./learnPreferences.js";
import type { RankInput } from "./learner.js";
import { CUSTOMERS_PER_EVENT, tasteItems, tell } from "./tastes.js";

/** What ranking everyone takes, as it is now. */
export const rankInput = async ({ stores, tenants }: Pick<LearningParts, "stores" | "tenants">, tenantId: string): Promise<RankInput> => {
  const items = tasteItems(await stores.shelf.items(tenantId), await tenants.required(tenantId));
  const shelf = await stores.shelf.of(tenantId);
  return {
    observed: await stores.histories.observed(tenantId),
    items,
    had: items.filter((item) => shelf.canBeHad(item.id)).map((item) => item.id),
    tastes: await stores.customers.tastes(tenantId),
    limit: KEPT,
  };
};

/** Puts names to a list of flat arrays: one customer's, by place. */
export type Explain = (lists: Ranked, place: number) => Learned;

/** Explains by the menu and the declared tastes that the ranking was given. */
export const explainBy = ({ items, tastes }: Pick<RankInput, "items" | "tastes">, itemIds: readonly string[]): Explain => {
  const menu = new Map(items.map((item) => [item.id, item]));
  const declared = new Map(tastes);
  return (lists, place) => {
    const customerId = lists.customerIds[place]!;
    const named = (): Recommended[] => unpackRanked(lists, place).map((each) => explained(each, itemIds, menu, declared.get(customerId)));
    return { customerId, items: named() };
  };
};

interface Keeping {
  tenantId: string;
  afterLoad: boolean;
  version: number;
  at: Date;
  lists: Ranked;
  popular: Ranked;
  explain: Explain;
}

/** Keeps what is popular; in the transaction that puts a model in service. */
export const keepPopular = (
  { stores }: Pick<LearningParts, "stores">,
  tx: Sql,
  { tenantId, version, popular, explain }: Pick<Keeping, "tenantId" | "version" | "popular" | "explain">,
): Promise<void> => stores.recommendations.keepPopular(tx, tenantId, version, explain(popular, 0).items);

/** Keeps all lists, so many customers at a time, and tells those that became another. Returns how many did. */
export const keepLists = async (
  { platform, stores }: Pick<LearningParts, "platform" | "stores">,
  { tenantId, afterLoad, version, at, lists, explain }: Omit<Keeping, "popular">,
): Promise<number> => {
  let changed = 0;
  for (let from = 0; from < lists.customerIds.length; from += CUSTOMERS_PER_EVENT) {
    const block = lists.customerIds.slice(from, from + CUSTOMERS_PER_EVENT).map((_, i) => explain(lists, from + i));
    await platform.database.transaction(async (tx) => {
      const others = await stores.recommendations.keep(tx, tenantId, version, at, block);
      const became = block.filter((each) => others.has(each.customerId));
      await tell(tx, tenantId, version, at, afterLoad, became);
      changed += others.size;
    });
    platform.wakeOutbox();
  }
  return changed;
};
