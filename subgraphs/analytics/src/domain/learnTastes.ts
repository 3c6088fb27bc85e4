import { habitPrior } from "@kava/algorithms/preference/habitPrior";
import { learnBlend } from "@kava/algorithms/preference/learnBlend";
import { mineRules } from "@kava/algorithms/preference/mineRules";
import type { CustomerHistory, TasteModel } from "./tasteModel.js";

/** What happened, as far as tastes are learned from it. */
export interface Observed {
  /** Each with its different items. */
  baskets: readonly (readonly string[])[];
  customers: readonly CustomerHistory[];
}

const DIGITS = 1e6;
/** The same history gives the same model. */
const SEED = 1;

/**
 * Exact rules, and the blend of EASE, similar items, confident pairs and popularity, of a chain. A chain that knows no customers learns from
 * its baskets. Pure; seconds at 200,000 baskets, so it runs in a worker.
 */
export const learnTastes = (observed: Observed, itemIds: readonly string[]): TasteModel => {
  const places = new Map(itemIds.map((id, place) => [id, place]));
  const placesOf = (ids: readonly string[]): number[] => ids.flatMap((id) => places.get(id) ?? []);
  const baskets = observed.baskets.map(placesOf).filter((basket) => basket.length > 0);
  const histories = observed.customers.map(({ history, basketCount }) => ({
    history: history.flatMap(([id, count]) => (places.has(id) ? [{ item: places.get(id)!, baskets: count }] : [])),
    basketCount,
  }));
  const sets = histories.map(({ history }) => history.map((entry) => entry.item)).filter((set) => set.length > 0);
  const input = { sets: sets.length > 0 ? sets : baskets, baskets, itemCount: itemIds.length };
  const { evidence, lambda, weights } = learnBlend(input, { seed: SEED });
  const { neighbours, counts, setCount } = evidence.neighbours;
  const popularity = Array.from(evidence.popularity, rounded);
  return {
    schema: 2,
    items: [...itemIds],
    popularity,
    priorBaskets: habitPrior(histories, popularity),
    weights,
    lambda,
    customers: setCount,
    holders: [...counts],
    ease: evidence.ease.rows.map(({ items, weights: values }) => [[...items], Array.from(values, rounded)]),
    neighbours: neighbours.map(({ items, similarities }) => [[...items], Array.from(similarities, rounded)]),
    pairs: evidence.rules.rows.map(({ items, confidences }) => [[...items], Array.from(confidences, rounded)]),
    rules: mineRules(baskets, itemIds.length).map((rule) => [
      [...rule.antecedent],
      rule.consequent,
      rule.count,
      rule.support,
      rule.confidence,
      rule.lift,
      rule.leverage,
    ]),
  };
};

const rounded = (value: number): number => Math.round(value * DIGITS) / DIGITS;
