import type { AssociationRule } from "@kava/algorithms/preference/associationRules";
import type { ItemNeighbours } from "@kava/algorithms/preference/itemNeighbours";
import { createRanker, type RankedItem } from "@kava/algorithms/preference/rankItems";
import { tasteMatching, type ShelfItem } from "./shelf.js";

/** What was learned of a chain's tastes, as it is stored: JSON, items by their place in `items`. */
export interface TasteModel {
  /** Raised when the shape changes: a stored model of another shape is not served, but learned anew. */
  schema: 1;
  items: string[];
  /** Share of the baskets that hold each item, 0 to 1. */
  popularity: number[];
  /** Baskets of everybody's that weigh as much as the customer's own. */
  priorBaskets: number;
  /** Customers whose histories were compared, and how many of them have each item. */
  customers: number;
  holders: number[];
  /** For each item: the most similar others and their cosine. */
  neighbours: [items: number[], similarities: number[]][];
  rules: [antecedent: number[], consequent: number, count: number, support: number, confidence: number, lift: number, leverage: number][];
}

/** An item of the menu with what a unit earns at list price, minor units; null when its cost is not known. */
export interface TasteItem extends ShelfItem {
  marginMinor: number | null;
}

/** A customer's own history: item identifiers with the number of their baskets that held each, and all their baskets. */
export interface CustomerHistory {
  history: readonly (readonly [itemId: string, baskets: number])[];
  basketCount: number;
  tastes?: readonly string[];
}

export const rulesOf = (model: Pick<TasteModel, "rules">): AssociationRule[] =>
  model.rules.map(([antecedent, consequent, count, support, confidence, lift, leverage]) => ({
    antecedent,
    consequent,
    count,
    support,
    confidence,
    lift,
    leverage,
  }));

const neighboursOf = (model: TasteModel): ItemNeighbours => ({
  setCount: model.customers,
  counts: Uint32Array.from(model.holders),
  neighbours: model.neighbours.map(([items, similarities]) => ({
    items: Uint32Array.from(items),
    similarities: Float64Array.from(similarities),
  })),
});

/** Ranks for one customer; the result's items are places in the model's `items`. */
export type TasteRanker = (customer: CustomerHistory, limit: number) => RankedItem[];

/** The model made ready, with the menu as it is now: an item that cannot be had is not ranked, margins break ties. */
export const rankerOf = (model: TasteModel, items: ReadonlyMap<string, TasteItem>, canBeHad: (itemId: string) => boolean): TasteRanker => {
  const places = new Map(model.items.map((id, place) => [id, place]));
  const menu = model.items.map((id) => items.get(id));
  const had = model.items.map(canBeHad);
  const rank = createRanker({
    neighbours: neighboursOf(model),
    rules: rulesOf(model),
    popularity: model.popularity,
    priorBaskets: model.priorBaskets,
    margins: menu.map((item) => item?.marginMinor ?? Number.NaN),
    available: (place) => had[place] ?? false,
  });
  return ({ history, basketCount, tastes = [] }, limit) => {
    const known = history.flatMap(([id, baskets]) => {
      const place = places.get(id);
      return place === undefined ? [] : [{ item: place, baskets }];
    });
    const liked =
      tastes.length === 0 ? [] : menu.flatMap((item, place) => (item && tasteMatching(item, tastes) !== undefined ? [place] : []));
    return rank({ history: known, basketCount, tastes: new Set(liked) }, { limit });
  };
};
