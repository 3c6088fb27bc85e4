import { each, type Effect } from "@kava/platform/events/inbox";
import { concernsItem } from "../domain/promotions.js";
import { liveOffersWithItems } from "../storage/affectedOffers.js";
import { keepPromotion } from "../storage/promotionView.js";
import type { EffectParts } from "./effects.js";

/**
 * Keeps a promotion and decides again for whoever has a live offer on an item that it concerns or concerned. That a promotion starts or ends by its
 * schedule needs no event: prices are checked with the promotions of the moment.
 */
export const onPromotionChanged = ({ platform: { clock }, decider, deciding }: EffectParts): Effect<"menu.promotion.changed"> =>
  each(async (event, tx, afterCommit) => {
    const { tenantId, data } = event;
    const { before, kept } = await keepPromotion(tx, event);
    if (!kept) return;
    const offers = await liveOffersWithItems(tx, tenantId);
    const customerIds = offers
      .filter((offer) => concernsItem(data, offer) || (before && concernsItem(before, offer)))
      .map((offer) => offer.customerId);
    if (customerIds.length === 0) return;
    const pushed = await decider.decide(tx, { tenantId, customerIds, trigger: "promotion", push: "changes", now: clock() });
    afterCommit(() => deciding.wake(tenantId, pushed));
  });
