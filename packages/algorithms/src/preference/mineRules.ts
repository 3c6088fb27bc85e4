import { associationRules, type AssociationRule } from "./associationRules.js";
import { mineItemsets, type ItemList, type Itemsets } from "./mineItemsets.js";

/** Rules below this support (share of baskets) or resting on fewer baskets are not kept: they are chance. */
const LEAST_SUPPORT = 0.001;
const LEAST_BASKETS = 5;
export const LEAST_CONFIDENCE = 0.05;
/** Of more rules than this, those that bring together most baskets beyond chance are kept. */
const MOST_RULES = 20_000;
const MOST_ITEMSETS = 300_000;

/** The rules of these baskets, strongest lift first. Where there would be too many sets, the support is doubled until there are not. */
export function mineRules(baskets: readonly ItemList[], itemCount: number): AssociationRule[] {
  if (baskets.length === 0) return [];
  const leastSupport = Math.min(1, Math.max(LEAST_SUPPORT, LEAST_BASKETS / baskets.length));
  const rules = associationRules(mineBounded(baskets, itemCount, leastSupport), { minimumConfidence: LEAST_CONFIDENCE });
  if (rules.length <= MOST_RULES) return rules;
  const kept = new Set([...rules].sort((a, b) => b.leverage - a.leverage).slice(0, MOST_RULES));
  return rules.filter((rule) => kept.has(rule));
}

function mineBounded(baskets: readonly ItemList[], itemCount: number, minimumSupport: number): Itemsets {
  try {
    return mineItemsets(baskets, itemCount, { minimumSupport, mostItemsets: MOST_ITEMSETS });
  } catch (error) {
    if (!(error instanceof RangeError) || minimumSupport >= 1) throw error;
    return mineBounded(baskets, itemCount, Math.min(1, minimumSupport * 2));
  }
}
