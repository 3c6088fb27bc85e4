import type { PriceReduction } from "@kava/algorithms/margin/checkMargin";
import type { EventData } from "@kava/contracts/events";
import { localTime } from "./localTime.js";

/** A public promotion as discount knows it, from `menu.promotion.changed`. */
export interface Promotion extends Pick<EventData<"menu.promotion.changed">, "name" | "active" | "reduction" | "rule"> {
  id: string;
  startsAt: Date;
  endsAt: Date | null;
}

/** Where and when a price is asked for. `venueId` null: not known, so that promotions of certain venues do not count. */
export interface Moment {
  at: Date;
  venueId: string | null;
  timeZone: string;
}

/** Whether a promotion is about the item at all, whatever the time and place. */
export const concernsItem = ({ rule }: Pick<Promotion, "rule">, item: { id: string; category: string }): boolean => {
  if (!rule.itemIds && !rule.categories) return true;
  return (rule.itemIds?.includes(item.id) ?? false) || (rule.categories?.includes(item.category) ?? false);
};

/** The promotions that apply to an item at a moment, in a fixed order (by identifier). */
export const promotionsInForce = (promotions: readonly Promotion[], item: { id: string; category: string }, moment: Moment): Promotion[] =>
  promotions.filter((promotion) => isRunning(promotion, moment) && concernsItem(promotion, item)).sort((a, b) => (a.id < b.id ? -1 : 1));

/** A promotion's reduction as the margin check takes it. */
export const reductionOf = ({ reduction }: Pick<Promotion, "reduction">): PriceReduction =>
  "percent" in reduction ? { kind: "percentage", percent: reduction.percent } : { kind: "amount", amount: reduction.amountMinor };

const isRunning = ({ active, startsAt, endsAt, rule }: Promotion, { at, venueId, timeZone }: Moment): boolean => {
  if (!active || at < startsAt || (endsAt !== null && at >= endsAt)) return false;
  if (rule.venueIds && (venueId === null || !rule.venueIds.includes(venueId))) return false;
  if (!rule.weekdays && rule.fromHour === undefined && rule.toHour === undefined) return true;
  const { weekday, hour } = localTime(at, timeZone);
  return (rule.weekdays?.includes(weekday) ?? true) && hour >= (rule.fromHour ?? 0) && hour < (rule.toHour ?? 24);
};
