import type { RequestContext } from "@kava/platform/graphql/context";
import type { Currency } from "@kava/platform/graphql/money";
import type DataLoader from "dataloader";
import type { Schedule } from "../domain/promotion.js";
import type { Actor } from "../storage/actor.js";
import type { HistoryQuery, MenuRow, PriceRow } from "../storage/itemReads.js";
import type { ItemStore } from "../storage/itemStore.js";
import type { MenuReader } from "../storage/menuReader.js";
import type { PromotionReader } from "../storage/promotionReads.js";
import type { PromotionStore } from "../storage/promotionStore.js";
import type { VenueRow } from "../storage/venueReads.js";
import type { VenueStore } from "../storage/venueStore.js";

/** What the menu's resolvers get: its stores, and loaders that live for one request and see one tenant. */
export interface MenuContext extends RequestContext {
  menu: MenuParts;
  items: DataLoader<string, MenuRow | null>;
  venues: DataLoader<string, VenueRow | null>;
  priceHistory: DataLoader<HistoryQuery, PriceRow[], string>;
  /** The tenant's currency. */
  currency(): Promise<Currency>;
}

/** The parts that all requests share. */
export interface MenuParts {
  reader: MenuReader;
  items: ItemStore;
  venues: VenueStore;
  promotions: PromotionStore;
  promotionReader: PromotionReader;
  /** Sees to it that a promotion's start and end are told when they come. */
  schedule(promotion: Schedule): Promise<void>;
}

/** Who changes something in this request. */
export const actorOf = ({ identity, now }: MenuContext): Actor => ({ tenantId: identity.tenantId, by: identity.role, now });
