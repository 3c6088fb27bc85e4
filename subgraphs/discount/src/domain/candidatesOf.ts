import type { Because } from "@kava/contracts/because";
import type { Candidate } from "./decision.js";
import { MOST_CANDIDATES } from "./policy.js";
import { promotionsInForce, reductionOf, type Moment, type Promotion } from "./promotions.js";

/** An item as candidates are made of it. */
export interface OfferableItem {
  id: string;
  name: string;
  category: string;
  priceMinor: number;
  costMinor: number | null;
  retired: boolean;
  unavailableVenueIds: string[];
  version: number;
}

/** What speaks for items, strongest first: learned tastes, own habits, declared tastes, what is popular. */
export interface Leanings {
  /** Score 0 to 1, best first; null when nothing has been learned yet. */
  liked: readonly { itemId: string; score: number; because: Because }[] | null;
  habits: readonly { itemId: string; purchases: number }[];
  /** What the customer declared to like: names or categories. */
  tastes: readonly string[];
  purchaseCount: number;
  /** Items with the share of all purchases that held them. */
  popular: readonly { itemId: string; share: number }[];
}

/** Purchases that weigh against a customer's own, so that one cappuccino is not a passion. */
const PRIOR_PURCHASES = 2;
/** A declared taste makes an item so many times as likely as it is popular. */
const TASTE_LIFT = 3;

/** The items that could be offered to a customer, best liked first; retired ones and those that the customer's venue does not have are none. */
export const candidatesOf = (
  leanings: Leanings,
  items: ReadonlyMap<string, OfferableItem>,
  promotions: readonly Promotion[],
  moment: Moment,
): Candidate[] => {
  const bought = new Map(leanings.habits.map((habit) => [habit.itemId, habit.purchases]));
  const chosen = new Map<string, Candidate>();
  for (const { itemId, taste, because } of likings(leanings, items)) {
    const item = items.get(itemId);
    if (!item || chosen.has(itemId) || item.retired || item.priceMinor <= 0) continue;
    if (moment.venueId !== null && item.unavailableVenueIds.includes(moment.venueId)) continue;
    chosen.set(itemId, {
      itemId,
      itemVersion: item.version,
      priceMinor: item.priceMinor,
      costMinor: item.costMinor,
      promotions: promotionsInForce(promotions, item, moment).map(reductionOf),
      taste,
      because,
      boughtCount: bought.get(itemId) ?? 0,
    });
    if (chosen.size === MOST_CANDIDATES) break;
  }
  return [...chosen.values()];
};

const likings = function* (
  { liked, habits, tastes, purchaseCount, popular }: Leanings,
  items: ReadonlyMap<string, OfferableItem>,
): Generator<{ itemId: string; taste: number; because: Because }> {
  for (const { itemId, score, because } of liked ?? []) yield { itemId, taste: clamp(score), because };
  for (const { itemId, purchases } of habits)
    yield {
      itemId,
      taste: clamp(purchases / (Math.max(purchaseCount, purchases) + PRIOR_PURCHASES)),
      because: { code: "yourFavourite", params: {} },
    };
  const declared = tastes.map((taste) => ({ taste, lower: taste.toLowerCase() }));
  for (const { itemId, share } of popular) {
    const item = items.get(itemId);
    const match = item && declared.find(({ lower }) => item.category.toLowerCase() === lower || item.name.toLowerCase() === lower);
    if (match) yield { itemId, taste: clamp(share * TASTE_LIFT), because: { code: "matchesTaste", params: { taste: match.taste } } };
  }
  for (const { itemId, share } of popular) yield { itemId, taste: clamp(share), because: { code: "popular", params: {} } };
};

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
