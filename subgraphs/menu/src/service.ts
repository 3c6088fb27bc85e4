import type { Platform, Subgraph, SubgraphDefinition } from "@kava/platform/service";
import type { RequestContext } from "@kava/platform/graphql/context";
import { TenantView } from "@kava/platform/views/tenants";
import DataLoader from "dataloader";
import { nextChangeOf, type Schedule } from "./domain/promotion.js";
import type { MenuContext, MenuParts } from "./graphql/context.js";
import { buildSchema } from "./graphql/schema.js";
import { ANNOUNCE_PROMOTIONS, announcePromotions } from "./jobs/announcePromotions.js";
import { ENTITIES } from "./storage/entities.js";
import { priceHistoryLoader } from "./storage/itemReads.js";
import { ItemStore } from "./storage/itemStore.js";
import { itemLoader } from "./storage/loading/loadItems.js";
import { venueLoader } from "./storage/loading/loadVenues.js";
import { MenuCache } from "./storage/menuCache.js";
import { MenuReader } from "./storage/menuReader.js";
import { MIGRATIONS } from "./storage/migrations.js";
import { PromotionReader } from "./storage/promotionReads.js";
import { PromotionStore } from "./storage/promotionStore.js";
import { VenueStore } from "./storage/venueStore.js";

/** Catalogue, venues and promotions. */
export const menuSubgraph: SubgraphDefinition = {
  name: "menu",
  entities: ENTITIES,
  migrations: MIGRATIONS,
  build: (platform) => build(platform),
};

const build = async (platform: Platform): Promise<Subgraph> => {
  const { database, clock, logger } = platform;
  const cache = new MenuCache(platform.cache);
  // what follows a commit must not fail the mutation: who is told of an error sends it again, and two promotions of one kind add up
  const changed = async (tenantId: string): Promise<void> => {
    platform.wakeOutbox();
    await cache
      .renew(tenantId)
      .catch((error: unknown) =>
        logger.warn({ err: error, tenantId }, "a change of the menu shows only when what was read before is too old"),
      );
  };
  const tenants = new TenantView(database.sql);
  const parts: MenuParts = {
    reader: new MenuReader(database.sql, cache),
    items: new ItemStore(database, changed),
    venues: new VenueStore(database, changed),
    promotions: new PromotionStore(database, changed),
    promotionReader: new PromotionReader(database.sql),
    schedule: (promotion) =>
      schedule(platform, promotion).catch((error: unknown) =>
        logger.warn({ err: error }, "a promotion's times were not put in the queue: the sweep of every minute announces them"),
      ),
  };
  return {
    schema: (await buildSchema()).schema,
    context: (request) => contextOf(parts, tenants, platform, request),
    effects: tenants.effects,
    jobs: [announcePromotions(parts.promotions, clock)],
    loaders: { venues: venueLoader(database, clock, changed), items: itemLoader(database, clock, changed) },
  };
};

const contextOf = (
  menu: MenuParts,
  tenants: TenantView,
  { database }: Platform,
  { identity: { tenantId } }: RequestContext,
): Omit<MenuContext, keyof RequestContext> => {
  let facts: ReturnType<TenantView["required"]> | undefined;
  return {
    menu,
    items: new DataLoader((ids) => menu.reader.items(tenantId, ids)),
    venues: new DataLoader((ids) => menu.reader.venues(tenantId, ids)),
    priceHistory: priceHistoryLoader(database.sql, tenantId),
    currency: () => (facts ??= tenants.required(tenantId)),
  };
};

/** A job for the start and the end that are still to come; each run looks for all that are due, so one too many does nothing. */
const schedule = async ({ bus, name, clock }: Platform, promotion: Schedule): Promise<void> => {
  const now = clock();
  const next = nextChangeOf(promotion, now);
  for (const at of new Set([next, promotion.endsAt]))
    if (at) await bus.jobs(name).enqueue(ANNOUNCE_PROMOTIONS, {}, { key: at.toISOString(), delayMs: at.getTime() - now.getTime() });
};
