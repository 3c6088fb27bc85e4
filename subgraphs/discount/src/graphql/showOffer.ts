import { priceAtDepth } from "../domain/priceItem.js";
import { promotionsInForce, reductionOf } from "../domain/promotions.js";
import type { StoredOffer } from "../storage/entities.js";
import type { DiscountContext } from "./context.js";
import { Offer, OfferState } from "./Offer.js";

/**
 * An offer as it is now: its price comes from the margin check at this moment, over the price and cost that are known now. One that no longer passes
 * is withdrawn for whoever looks, also before the next decision says so; one whose time is over is expired.
 */
export const showOffer = async (stored: StoredOffer, context: DiscountContext): Promise<Offer> => {
  const [item, promotions, facts] = await Promise.all([
    context.load.item.load(stored.itemId),
    context.load.promotions(),
    context.load.facts(),
  ]);
  const moment = { at: context.now, venueId: null, timeZone: facts.timeZone };
  const checked =
    item === null || item.retired
      ? null
      : priceAtDepth({ ...item, promotions: promotionsInForce(promotions, item, moment).map(reductionOf) }, stored.depth, facts);
  const state = stateOf(stored, checked !== null, context.now);
  return Object.assign(new Offer(), {
    id: stored.id,
    state,
    depth: stored.depth,
    marginChecked: true,
    createdAt: stored.createdAt,
    expiresAt: stored.expiresAt,
    stored,
    checked: state === OfferState.LIVE ? checked : null,
  });
};

const stateOf = ({ state, expiresAt }: StoredOffer, passes: boolean, now: Date): OfferState => {
  if (state !== "LIVE") return OfferState[state];
  if (expiresAt <= now) return OfferState.EXPIRED;
  return passes ? OfferState.LIVE : OfferState.WITHDRAWN;
};

/** The customer's live offer; null when there is none, or it is over, or its price does not pass any more. */
export const showLiveOffer = async (customerId: string, context: DiscountContext): Promise<Offer | null> => {
  const stored = await context.load.liveOffer.load(customerId);
  const offer = stored ? await showOffer(stored, context) : null;
  return offer?.state === OfferState.LIVE ? offer : null;
};
