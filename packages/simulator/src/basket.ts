import { normalAt, uniformAt } from "@kava/algorithms/random";
import { habits } from "./habits.js";
import { appealOf, type Lifestyle } from "./lifestyle.js";
import { categories, itemsOfCategory } from "./menu.js";
import { pairingsOfItem } from "./pairings.js";
import { pick } from "./pick.js";
import { purpose } from "./purposes.js";

/** An item and how many of it. */
export interface Taken {
  readonly item: number;
  readonly quantity: number;
}

/** The moment in which a basket is filled. */
export interface Occasion {
  readonly seed: number;
  readonly customer: number;
  readonly day: number;
  /** -1 in mid-January .. 1 in mid-July. */
  readonly warmth: number;
  /** The day's tolerance draw: a good mood adds to the basket. */
  readonly mood: number;
  /** Item that the basket begins with, for whoever comes for an offer. */
  readonly first?: number | undefined;
  /** Category on public promotion: it is taken more often. */
  readonly promoted?: number | undefined;
}

/** Most different items in a basket. */
export const largestBasket = 4;
const choiceError = 0.7;
const promotedPull = 1.8;

/**
 * Fills a basket of 1..4 items: what the visit is for, what goes with it (true pairings), and what else appetite adds. Within a
 * category the item of the highest appeal plus a normal error wins, so that favourites are mostly, not always, taken.
 */
export function fillBasket(lifestyle: Lifestyle, occasion: Occasion): Taken[] {
  const { seed, customer, day } = occasion;
  const habit = habits[lifestyle.habit[customer]!]!;
  const appetite = lifestyle.appetite[customer]! * (1 + 0.15 * Math.max(-2, Math.min(2, occasion.mood)));
  const anchor = occasion.first ?? chooseItem(lifestyle, occasion, chooseCategory(lifestyle.wants, occasion, 0), 0, []);
  const items = [anchor];
  for (const { consequent, probability } of pairingsOfItem.get(anchor) ?? []) {
    const joins = uniformAt(seed, customer, day, purpose.pairing, consequent) < Math.min(0.9, probability * appetite);
    if (joins && !items.includes(consequent)) items.push(consequent);
  }
  for (let slot = 1; slot < largestBasket && items.length < largestBasket; slot++) {
    if (uniformAt(seed, customer, day, purpose.extra, slot) >= Math.min(0.9, (habit.additions / 3) * appetite)) continue;
    const item = chooseItem(lifestyle, occasion, chooseCategory(lifestyle.adds, occasion, slot), slot, items);
    if (item >= 0) items.push(item);
  }
  return items.map((item, position) => {
    const twice = position > 0 && item !== occasion.first && uniformAt(seed, customer, day, purpose.quantity, position) < habit.twice;
    return { item, quantity: twice ? 2 : 1 };
  });
}

function chooseCategory(weights: Float64Array, occasion: Occasion, slot: number): number {
  const from = occasion.customer * categories.length;
  const luck = uniformAt(occasion.seed, occasion.customer, occasion.day, purpose.category, slot);
  if (occasion.promoted === undefined) return pick(weights, luck, from, categories.length);
  const bent = weights.slice(from, from + categories.length);
  bent[occasion.promoted]! *= promotedPull;
  return pick(bent, luck);
}

/** The best item of a category in this moment that is not taken yet; -1 when all are. */
function chooseItem(lifestyle: Lifestyle, occasion: Occasion, category: number, slot: number, taken: readonly number[]): number {
  const { seed, customer, day, warmth } = occasion;
  let best = -1;
  let bestAppeal = -Infinity;
  for (const item of itemsOfCategory[category]!) {
    if (taken.includes(item)) continue;
    const error = choiceError * normalAt(seed, customer, day, purpose.itemError, slot, item);
    const appeal = appealOf(lifestyle, customer, item, day, warmth) + error;
    if (appeal > bestAppeal) [best, bestAppeal] = [item, appeal];
  }
  return best;
}
