import type { Calendar } from "./calendar.js";
import { categories, type Category } from "./menu.js";

/** A public promotion: the same for everyone. */
export interface SimPromotion {
  readonly key: string;
  readonly name: string;
  readonly category: Category;
  /** Percent off the list price. */
  readonly depth: number;
  /** Valid for [from, to). */
  readonly from: Date;
  readonly to: Date;
}

/** How much of a promotion on one category counts towards a whole visit. */
export const promotionRelevance = 0.4;

/** Two weeks of pastries at 20 % off, in the middle of the history; none when the history is shorter than two months. */
export function pastryWeeks(calendar: Calendar, days: number): SimPromotion[] {
  if (days < 60) return [];
  const first = Math.floor(days / 2);
  return [
    {
      key: "pastry-weeks",
      name: "Pastry weeks: 20 % off all pastries",
      category: "Pastries",
      depth: 20,
      from: new Date(calendar.instant(first, 0)),
      to: new Date(calendar.instant(first + 14, 0)),
    },
  ];
}

/** The promotion that runs at an instant, if one does. */
export function promotionAt(promotions: readonly SimPromotion[], instant: number): SimPromotion | undefined {
  return promotions.find(({ from, to }) => from.getTime() <= instant && instant < to.getTime());
}

/** Index of a promotion's category in `categories`. */
export function promotedCategory(promotion: SimPromotion): number {
  return categories.indexOf(promotion.category);
}
