import { associationRules, type AssociationRule } from "@kava/algorithms/preference/associationRules";
import { habitPrior } from "@kava/algorithms/preference/habitPrior";
import { itemNeighbours } from "@kava/algorithms/preference/itemNeighbours";
import { mineItemsets, type ItemList, type Itemsets } from "@kava/algorithms/preference/mineItemsets";
import type { CustomerHistory, TasteModel } from "./tasteModel.js";

/** What happened, as far as tastes are learned from it. */
export interface Observed {
  /** Each with its different items. */
  baskets: readonly (readonly string[])[];
  customers: readonly CustomerHistory[];
}

/** Rules below this support (share of baskets) or resting on fewer baskets are not kept: they are chance. */
const LEAST_SUPPORT = 0.001;
const LEAST_BASKETS = 5;
export const LEAST_CONFIDENCE = 0.05;
/** Of more rules than this, those that bring together most baskets beyond chance are kept. */
const MOST_RULES = 20_000;
const MOST_ITEMSETS = 300_000;
const DIGITS = 1e6;

/** Exact rules, similar items and popularity of a chain. Pure; seconds at 200,000 baskets, so it runs in a worker. */
export const learnTastes = (observed: Observed, itemIds: readonly string[]): TasteModel => {
  const places = new Map(itemIds.map((id, place) => [id, place]));
  const placesOf = (ids: readonly string[]): number[] => ids.flatMap((id) => places.get(id) ?? []);
  const baskets = observed.baskets.map(placesOf).filter((basket) => basket.length > 0);
  const histories = observed.customers.map(({ history, basketCount }) => ({
    history: history.flatMap(([id, count]) => (places.has(id) ? [{ item: places.get(id)!, baskets: count }] : [])),
    basketCount,
  }));
  const popularity = popularityOf(baskets, itemIds.length);
  const { neighbours, counts, setCount } = itemNeighbours(
    histories.map(({ history }) => history.map((entry) => entry.item)),
    itemIds.length,
  );
  return {
    schema: 1,
    items: [...itemIds],
    popularity,
    priorBaskets: habitPrior(histories, popularity),
    customers: setCount,
    holders: [...counts],
    neighbours: neighbours.map(({ items, similarities }) => [[...items], Array.from(similarities, rounded)]),
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

/** The rules of these baskets, strongest lift first. Where there would be too many sets, the support is doubled until there are not. */
export const mineRules = (baskets: readonly ItemList[], itemCount: number): AssociationRule[] => {
  if (baskets.length === 0) return [];
  const rules = associationRules(mineBounded(baskets, itemCount, Math.min(1, Math.max(LEAST_SUPPORT, LEAST_BASKETS / baskets.length))), {
    minimumConfidence: LEAST_CONFIDENCE,
  });
  if (rules.length <= MOST_RULES) return rules;
  const kept = new Set([...rules].sort((a, b) => b.leverage - a.leverage).slice(0, MOST_RULES));
  return rules.filter((rule) => kept.has(rule));
};

const mineBounded = (baskets: readonly ItemList[], itemCount: number, minimumSupport: number): Itemsets => {
  try {
    return mineItemsets(baskets, itemCount, { minimumSupport, mostItemsets: MOST_ITEMSETS });
  } catch (error) {
    if (!(error instanceof RangeError) || minimumSupport >= 1) throw error;
    return mineBounded(baskets, itemCount, Math.min(1, minimumSupport * 2));
  }
};

const popularityOf = (baskets: readonly (readonly number[])[], itemCount: number): number[] => {
  const holding = Array.from({ length: itemCount }, () => 0);
  for (const basket of baskets) for (const item of new Set(basket)) holding[item]! += 1;
  return holding.map((count) => (baskets.length === 0 ? 0 : rounded(count / baskets.length)));
};

const rounded = (value: number): number => Math.round(value * DIGITS) / DIGITS;
