import { defineJob, type JobQueue } from "@kava/platform/bus/port";
import { z } from "zod";
import { KEPT, explained } from "../domain/recommendation.js";
import { rankerOf, type TasteItem, type TasteRanker } from "../domain/tasteModel.js";
import type { Learned } from "../storage/recommendations.js";
import type { StoredModel } from "../storage/tasteModels.js";
import { LearnPreferences, type LearningParts } from "./learnPreferences.js";
import { CUSTOMERS_PER_EVENT, tasteItems, tell } from "./tastes.js";

export const RefreshTastes = { name: "refresh-tastes", input: z.object({ tenantId: z.uuid() }) };

/**
 * Ranks anew for those who bought since, with the model that is in service: milliseconds a customer, nothing is learned. Who buys while it
 * runs is left for the next run, which their purchase asks for; otherwise a busy chain would keep one run going for ever.
 */
export const refreshTastes = (parts: LearningParts, queue: JobQueue) =>
  defineJob({
    ...RefreshTastes,
    run: async ({ tenantId }) => {
      const stored = await parts.stores.models.of(tenantId);
      // the first learning ranks everyone
      if (!stored) return queue.enqueue(LearnPreferences, { tenantId, afterLoad: false }, { key: tenantId });
      const ranking = await rankingOf(parts, tenantId, stored);
      while ((await refreshSome(parts, tenantId, stored, ranking)) === CUSTOMERS_PER_EVENT);
    },
  });

/** Returns how many customers it took. */
const refreshSome = async (parts: LearningParts, tenantId: string, { servedAs }: StoredModel, ranking: Ranking): Promise<number> => {
  const { platform, stores, batcher } = parts;
  const changes = await stores.changes.oldest(tenantId, CUSTOMERS_PER_EVENT);
  if (changes.length === 0) return 0;
  await batcher.flush();
  const ids = changes.map((each) => each.customerId);
  const lists = await rankAnew(parts, tenantId, ids, ranking);
  const at = platform.clock();
  await platform.database.transaction(async (tx) => {
    const others = await stores.recommendations.keep(tx, tenantId, servedAs, at, lists);
    const told = lists.filter((each) => others.has(each.customerId));
    await tell(tx, tenantId, Math.max(at.getTime(), servedAs), at, false, told);
    await stores.changes.settle(tx, tenantId, changes);
  });
  platform.wakeOutbox();
  return changes.length;
};

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
