import type { AssociationRule } from "@kava/algorithms/preference/associationRules";
import type { BlendWeights } from "@kava/algorithms/preference/blend";
import type { ItemNeighbours } from "@kava/algorithms/preference/itemNeighbours";
import { createRanker, type Habits, type RankedItem } from "@kava/algorithms/preference/rankItems";
import { tasteMatching, type ShelfItem } from "./shelf.js";

/** Raised when the shape of a model or what its numbers mean changes: a stored model of another is not served, but learned anew. */
export const MODEL_SCHEMA = 4;

/** For each item others with a number each, the greatest by size first. */
type Rows = [items: number[], values: number[]][];

/** What was learned of a chain's tastes, as it is stored: JSON, items by their place in `items`. */
export interface TasteModel {
  schema: typeof MODEL_SCHEMA;
  items: string[];
  /** Share of the baskets that hold each item, 0 to 1. */
  popularity: number[];
  /** How what a customer had counts against what is new to them. */
  habits: Omit<Habits, "usual"> & { usual: number[] };
  /** How much each kind of evidence counts, and EASE's ridge: both chosen on histories that were left out. */
  weights: BlendWeights;
  lambda: number;
  /** Customers whose histories were compared, and how many of them have each item. */
  customers: number;
  holders: number[];
  /** EASE's weights. */
  ease: Rows;
  /** The most similar items and their cosine. */
  neighbours: Rows;
  /** What its customers also have, by confidence. */
  pairs: Rows;
  /** What is in one basket: exact rules, for staff and for the words of a reason. */
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

/** Which items are in one basket with an item more often than by chance, by the mined rules. */
const togetherOf = (model: TasteModel): ((item: number, other: number) => boolean) => {
  const size = model.items.length;
  const pairs = new Set(
    model.rules.flatMap(([antecedent, consequent, , , , lift]) =>
      antecedent.length === 1 && lift > 1 ? [antecedent[0]! * size + consequent] : [],
    ),
  );
  return (item, other) => pairs.has(item * size + other);
};

/** Ranks for one customer; the result's items are places in the model's `items`. */
export type TasteRanker = (customer: CustomerHistory, limit: number) => RankedItem[];

/** The model made ready, with the menu as it is now: an item that cannot be had is not ranked, margins break ties. */
export const rankerOf = (model: TasteModel, items: ReadonlyMap<string, TasteItem>, canBeHad: (itemId: string) => boolean): TasteRanker => {
  const places = new Map(model.items.map((id, place) => [id, place]));
  const menu = model.items.map((id) => items.get(id));
  const had = model.items.map(canBeHad);
  const rank = createRanker({
    ease: { rows: model.ease.map(([others, values]) => ({ items: Uint32Array.from(others), weights: Float32Array.from(values) })) },
    neighbours: neighboursOf(model),
    rules: { rows: model.pairs.map(([others, values]) => ({ items: Uint32Array.from(others), confidences: Float64Array.from(values) })) },
    inOneBasket: togetherOf(model),
    weights: model.weights,
    popularity: model.popularity,
    habits: model.habits,
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
