import { defineJob } from "@kava/platform/bus/port";
import { z } from "zod";
import { KEPT, explained } from "../domain/recommendation.js";
import { rankerOf, type TasteItem, type TasteRanker } from "../domain/tasteModel.js";
import type { Learned } from "../storage/recommendations.js";
import type { StoredModel } from "../storage/tasteModels.js";
import type { LearningParts } from "./learnPreferences.js";
import { CUSTOMERS_PER_EVENT, tasteItems, tell } from "./tastes.js";

export const RefreshTastes = { name: "refresh-tastes", input: z.object({ tenantId: z.uuid() }) };

/** Ranks anew for those who bought since, with the model that is in service: milliseconds a customer, nothing is learned. */
export const refreshTastes = (parts: LearningParts) =>
  defineJob({
    ...RefreshTastes,
    run: async ({ tenantId }) => {
      const { platform, stores, batcher } = parts;
      const stored = await stores.models.of(tenantId);
      if (!stored) return; // the first learning ranks everyone
      const ranking = await rankingOf(parts, tenantId, stored);
      for (
        let changes = await stores.changes.oldest(tenantId, CUSTOMERS_PER_EVENT);
        changes.length > 0;
        changes = await stores.changes.oldest(tenantId, CUSTOMERS_PER_EVENT)
      ) {
        await batcher.flush();
        const lists = await rankAnew(
          parts,
          tenantId,
          changes.map((each) => each.customerId),
          ranking,
        );
        const at = platform.clock();
        await platform.database.transaction(async (tx) => {
          const others = await stores.recommendations.keep(tx, tenantId, stored.version, at, lists);
          await tell(
            tx,
            tenantId,
            Math.max(at.getTime(), stored.version),
            at,
            false,
            lists.filter((each) => others.has(each.customerId)),
          );
          await stores.changes.settle(tx, tenantId, changes);
        });
        platform.wakeOutbox();
      }
    },
  });

interface Ranking {
  rank: TasteRanker;
  itemIds: readonly string[];
  menu: ReadonlyMap<string, TasteItem>;
}

const rankingOf = async ({ stores, tenants }: LearningParts, tenantId: string, { model }: StoredModel): Promise<Ranking> => {
  const items = tasteItems(await stores.shelf.items(tenantId), await tenants.required(tenantId));
  const menu = new Map(items.map((item) => [item.id, item]));
  const shelf = await stores.shelf.of(tenantId);
  return { rank: rankerOf(model, menu, (id) => shelf.canBeHad(id)), itemIds: model.items, menu };
};

const rankAnew = async (
  { stores }: LearningParts,
  tenantId: string,
  customerIds: readonly string[],
  { rank, itemIds, menu }: Ranking,
): Promise<Learned[]> => {
  const histories = await stores.histories.of(tenantId, customerIds);
  const customers = await stores.customers.byIds(tenantId, customerIds);
  return customerIds.map((customerId) => {
    const tastes = customers.get(customerId)?.tastes ?? [];
    const ranked = rank({ ...(histories.get(customerId) ?? { history: [], basketCount: 0 }), tastes }, KEPT);
    return { customerId, items: ranked.map((each) => explained(each, itemIds, menu, tastes)) };
  });
};
