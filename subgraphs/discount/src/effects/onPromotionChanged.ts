import { each, type Effect } from "@kava/platform/events/inbox";
import { allItems } from "@kava/platform/views/items";
import { concernsItem } from "../domain/promotions.js";
import { keepPromotion } from "../storage/promotionView.js";
import { decideOffered } from "./decideOffered.js";
import type { EffectParts } from "./effects.js";

/**
 * Keeps a promotion and decides again for whoever has a live offer on an item that it concerns or concerned. That a promotion starts or ends by its
 * schedule needs no event: prices are checked with the promotions of the moment.
 */
export const onPromotionChanged = (parts: EffectParts): Effect<"menu.promotion.changed"> =>
  each(async (event, tx, afterCommit) => {
    const { before, kept } = await keepPromotion(tx, event);
    if (!kept) return;
    const items = await allItems(tx, event.tenantId);
    const itemIds = items.filter((item) => concernsItem(event.data, item) || (before && concernsItem(before, item))).map((item) => item.id);
    await decideOffered(parts, event, itemIds, tx, afterCommit);
  });
