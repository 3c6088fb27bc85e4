import type { RankedItem } from "@kava/algorithms/preference/rankItems";
import type { Because } from "@kava/contracts/because";
import { tasteMatching, type Shelf, type ShelfItem } from "./shelf.js";

/** An item for a customer with its reason, as it is stored and told. `score`: chance of liking, 0 to 1. */
export interface Recommended {
  itemId: string;
  score: number;
  because: Because;
}

/** How many are kept of each customer: the item that a request drops because it was retired leaves enough others. */
export const KEPT = 20;

/** Puts names to what the ranker says; a reason whose item has left the menu names none. */
export const explained = (
  { item, score, because }: RankedItem,
  itemIds: readonly string[],
  menu: ReadonlyMap<string, Pick<ShelfItem, "name" | "category">>,
  tastes: readonly string[] = [],
): Recommended => ({ itemId: itemIds[item]!, score, because: reason(because, itemIds, menu, menu.get(itemIds[item]!), tastes) });

const reason = (
  because: RankedItem["because"],
  itemIds: readonly string[],
  menu: ReadonlyMap<string, Pick<ShelfItem, "name">>,
  recommended: Pick<ShelfItem, "name" | "category"> | undefined,
  tastes: readonly string[],
): Because => {
  const behind = because.item === undefined ? undefined : menu.get(itemIds[because.item]!)?.name;
  switch (because.code) {
    case "oftenBoughtWith":
    case "likedAlongside":
      return behind === undefined ? { code: "customersLikeYou", params: {} } : { code: because.code, params: { item: behind } };
    case "matchesTaste": {
      const taste = recommended && tasteMatching(recommended, tastes);
      return taste === undefined ? { code: "popular", params: {} } : { code: "matchesTaste", params: { taste } };
    }
    default:
      return { code: because.code, params: {} };
  }
};

/**
 * What a customer is shown: their own list, then what is popular, each item once, and none that they cannot have. Who has no list yet sees
 * what is popular, with what answers their declared tastes first.
 */
export const shown = (
  own: readonly Recommended[] | undefined,
  popular: readonly Recommended[],
  shelf: Shelf,
  customer: { homeVenueId: string | null; tastes: readonly string[] } | undefined,
  first: number,
): Recommended[] => {
  const list = own?.length ? [...own, ...popular] : tastesFirst(popular, shelf, customer?.tastes ?? []);
  const seen = new Set<string>();
  const fitting = list.filter(({ itemId }) => {
    if (seen.has(itemId) || !shelf.canBeHad(itemId, customer?.homeVenueId ?? null)) return false;
    seen.add(itemId);
    return true;
  });
  return fitting.slice(0, first);
};

const tastesFirst = (popular: readonly Recommended[], shelf: Shelf, tastes: readonly string[]): Recommended[] => {
  if (tastes.length === 0) return [...popular];
  const matched = popular.map((each) => {
    const item = shelf.item(each.itemId);
    const taste = item && tasteMatching(item, tastes);
    return taste === undefined ? each : { ...each, because: { code: "matchesTaste" as const, params: { taste } } };
  });
  return [
    ...matched.filter((each) => each.because.code === "matchesTaste"),
    ...matched.filter((each) => each.because.code !== "matchesTaste"),
  ];
};
