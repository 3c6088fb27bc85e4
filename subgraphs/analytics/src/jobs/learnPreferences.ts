import { defineJob } from "@kava/platform/bus/port";
import type { Platform } from "@kava/platform/service";
import type { TenantView } from "@kava/platform/views/tenants";
import { runInWorker } from "@kava/platform/worker";
import { z } from "zod";
import { KEPT, explained } from "../domain/recommendation.js";
import { unpackRanked, type Ranked } from "../domain/rankedLists.js";
import { MOST_CUSTOMERS } from "../storage/clickhouse/histories.js";
import type { Stores } from "../storage/stores.js";
import type { Batcher } from "./batcher.js";
import type { LearnInput, LearnOutput } from "./learner.js";
import { CUSTOMERS_PER_EVENT, tasteItems, tell } from "./tastes.js";

export const LearnPreferences = {
  name: "learn-preferences",
  input: z.object({ tenantId: z.uuid(), afterLoad: z.boolean().default(false) }),
};

export interface LearningParts {
  platform: Pick<Platform, "database" | "clock" | "logger" | "wakeOutbox">;
  stores: Stores;
  batcher: Batcher;
  tenants: TenantView;
}

/**
 * Learns everything anew: rules, similar items, popularity, and every customer's list. Computed in a worker; what it read and found is put
 * in service in small transactions, so that neither requests nor events wait.
 */
export const learnPreferences = (parts: LearningParts) =>
  defineJob({
    ...LearnPreferences,
    run: async ({ tenantId, afterLoad }, progress) => {
      const { platform, stores, batcher } = parts;
      const began = platform.clock();
      const covered = await stores.changes.oldest(tenantId, MOST_CUSTOMERS);
      await batcher.flush();
      const purchases = await stores.histories.purchases(tenantId);
      if (purchases === 0) return;
      const input = await learnInput(parts, tenantId);
      progress(1, 3);
      const learned = await runInWorker<LearnOutput>(new URL("./learner.js", import.meta.url), input);
      progress(2, 3);
      const changed = await putInService(parts, { tenantId, afterLoad, purchases, input, learned });
      await stores.changes.settle(platform.database.sql, tenantId, covered);
      const { lambda, weights } = learned.model;
      const [customers, rules] = [learned.lists.customerIds.length, learned.model.rules.length];
      const seconds = (platform.clock().getTime() - began.getTime()) / 1000;
      platform.logger.info({ tenantId, purchases, customers, changed, rules, lambda, weights, seconds }, "preferences learned");
    },
  });

interface Service {
  tenantId: string;
  afterLoad: boolean;
  purchases: number;
  input: LearnInput;
  learned: LearnOutput;
}

/** Model, rules and what is popular first, in one transaction; then the customers' lists. Returns how many lists became another. */
const putInService = async (parts: LearningParts, { tenantId, afterLoad, purchases, input, learned }: Service): Promise<number> => {
  const { platform, stores } = parts;
  const { model, lists, popular } = learned;
  const at = platform.clock();
  const version = Math.max(at.getTime(), ((await stores.models.version(tenantId)) ?? 0) + 1);
  const menu = new Map(input.items.map((item) => [item.id, item]));
  const everywhere = unpackRanked(popular, 0).map((each) => explained(each, model.items, menu));
  await platform.database.transaction(async (tx) => {
    await stores.models.keep(tx, tenantId, version, at, purchases, model);
    await stores.recommendations.keepPopular(tx, tenantId, version, everywhere);
  });
  const explain = explainer(model.items, menu, new Map(input.tastes));
  return keepLists(parts, { tenantId, afterLoad, version, at, lists, explain });
};

const learnInput = async ({ stores, tenants }: LearningParts, tenantId: string): Promise<LearnInput> => {
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

const explainer =
  (itemIds: readonly string[], menu: Parameters<typeof explained>[2], tastes: ReadonlyMap<string, string[]>) =>
  (lists: Ranked, place: number) => {
    const customerId = lists.customerIds[place]!;
    return { customerId, items: unpackRanked(lists, place).map((each) => explained(each, itemIds, menu, tastes.get(customerId))) };
  };

interface Keeping {
  tenantId: string;
  afterLoad: boolean;
  version: number;
  at: Date;
  lists: Ranked;
  explain: ReturnType<typeof explainer>;
}

/** Keeps all lists, so many customers at a time, and tells those that became another. Returns how many did. */
const keepLists = async (
  { platform, stores }: LearningParts,
  { tenantId, afterLoad, version, at, lists, explain }: Keeping,
): Promise<number> => {
  let changed = 0;
  for (let from = 0; from < lists.customerIds.length; from += CUSTOMERS_PER_EVENT) {
    const block = lists.customerIds.slice(from, from + CUSTOMERS_PER_EVENT).map((_, i) => explain(lists, from + i));
    await platform.database.transaction(async (tx) => {
      const others = await stores.recommendations.keep(tx, tenantId, version, at, block);
      await tell(
        tx,
        tenantId,
        version,
        at,
        afterLoad,
        block.filter((each) => others.has(each.customerId)),
      );
      changed += others.size;
    });
    platform.wakeOutbox();
  }
  return changed;
};
