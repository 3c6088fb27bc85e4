import { promotionAt, promotionRelevance, type SimPromotion } from "./promotion.js";
import { sell, type SimPurchase } from "./purchase.js";
import { arrive } from "./shoppers.js";
import { liveWindow, type Marketing, type Town } from "./visits.js";

/** The purchases of days 0 .. days - 1 up to `endAt`, in order of time. Day one of a chain: public promotions, no personal offer. */
export function* history(
  town: Town,
  registered: number,
  days: number,
  endAt: Date,
  promotions: readonly SimPromotion[],
): Generator<SimPurchase, void, undefined> {
  const shoppers = arrive(town.population);
  for (let day = 0; day < days; day++) {
    const promotion = promotionAt(promotions, town.calendar.instant(day, 12 * 60));
    for (const visit of liveWindow(town, shoppers, day, -Infinity, endAt.getTime(), publicMarketing(promotion))) {
      yield sell(town, registered, visit, { promotion });
    }
  }
}

/** The marketing of a day with at most a public promotion. */
export function publicMarketing(promotion: SimPromotion | undefined): Marketing {
  const publicDepth = promotion ? (promotion.depth / 100) * promotionRelevance : 0;
  return (_customer, _day, influence) => {
    influence.publicDepth = publicDepth;
  };
}
