import type { History } from "@kava/algorithms/preference/habitPrior";
import { learnRanking } from "@kava/algorithms/preference/learnRanking";
import { mineRules } from "@kava/algorithms/preference/mineRules";
import { MODEL_SCHEMA, type CustomerHistory, type TasteModel } from "./tasteModel.js";

/** A basket with its different items. */
export interface ObservedBasket {
  /** Place among the customers, −1 for nobody known. */
  customer: number;
  itemIds: readonly string[];
  /** Milliseconds since 1970. */
  at: number;
}

/** What happened, as far as tastes are learned from it. */
export interface Observed {
  /** The latest, oldest first. */
  baskets: readonly ObservedBasket[];
  /** Whole histories, of these baskets too. */
  customers: readonly CustomerHistory[];
}

const DIGITS = 1e6;
/** The same history gives the same model. */
const SEED = 1;

/**
 * Exact rules, the blend of EASE, similar items, confident pairs and popularity, and how much habit counts against news, of a chain. A chain
 * that knows no customers learns from its baskets. Pure; seconds at 200,000 baskets, so it runs in a worker.
 */
export const learnTastes = (observed: Observed, itemIds: readonly string[]): TasteModel => {
  const places = new Map(itemIds.map((id, place) => [id, place]));
  const baskets = observed.baskets.flatMap(({ customer, itemIds: ids }) => {
    const items = [...new Set(ids)].flatMap((id) => places.get(id) ?? []);
    return items.length > 0 ? [{ customer, items }] : [];
  });
  const customers = observed.customers.map((customer) => placed(customer, places));
  const learned = learnRanking({ customers, baskets, itemCount: itemIds.length }, { seed: SEED });
  return {
    ...storedRanking(learned),
    items: [...itemIds],
    rules: mineRules(
      baskets.map(({ items }) => items),
      itemIds.length,
    ).map((rule) => [[...rule.antecedent], rule.consequent, rule.count, rule.support, rule.confidence, rule.lift, rule.leverage]),
  };
};

/** A history by places in the menu; an identifier that comes twice counts once, with all its baskets. */
export const placed = ({ history, basketCount }: CustomerHistory, places: ReadonlyMap<string, number>): History => {
  const counts = new Map<number, number>();
  for (const [id, baskets] of history) {
    const place = places.get(id);
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + baskets);
  }
  return { history: [...counts].map(([item, baskets]) => ({ item, baskets })), basketCount };
};

const storedRanking = ({ evidence, lambda, weights, habits }: ReturnType<typeof learnRanking>): Omit<TasteModel, "items" | "rules"> => {
  const { neighbours, counts, setCount } = evidence.neighbours;
  return {
    schema: MODEL_SCHEMA,
    popularity: Array.from(evidence.popularity, rounded),
    habits: { ...habits, usual: Array.from(habits.usual, rounded) },
    weights,
    lambda,
    customers: setCount,
    holders: [...counts],
    ease: evidence.ease.rows.map(({ items, weights: values }) => [[...items], Array.from(values, rounded)]),
    neighbours: neighbours.map(({ items, similarities }) => [[...items], Array.from(similarities, rounded)]),
    pairs: evidence.rules.rows.map(({ items, confidences }) => [[...items], Array.from(confidences, rounded)]),
  };
};

const rounded = (value: number): number => Math.round(value * DIGITS) / DIGITS;
