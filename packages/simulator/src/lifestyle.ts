import { normalAt, uniformAt } from "@kava/algorithms/random";
import { habits } from "./habits.js";
import { leanings } from "./leanings.js";
import { categories, demoItems, itemNatures } from "./menu.js";
import { medianBasket, type Population } from "./population.js";
import { birth, purpose } from "./purposes.js";
import { pick } from "./pick.js";

/** How customers live and what they like: truth of the demo chain; index = customer, rows where there are several values each. */
export interface Lifestyle {
  /** Index in `habits`. */
  readonly habit: Uint8Array;
  /** Index in `demoVenues`. */
  readonly homeVenue: Uint8Array;
  /** How much earlier or later than others of the habit, minutes. */
  readonly hourShift: Float64Array;
  /** Basket relative to the median customer, 0.4..2.2. */
  readonly appetite: Float64Array;
  /** customer x category: own weight of each category as what a visit begins with. */
  readonly wants: Float64Array;
  /** customer x category: own weight of each category as an addition. */
  readonly adds: Float64Array;
  /** customer x item: taste at day 0, in deviations of the choice error. */
  readonly taste: Float64Array;
  /** customer x item: the taste that tastes drift towards. */
  readonly laterTaste: Float64Array;
}

const tasteDeviation = 0.95;
const leaningWeight = 0.75;
const driftPerDay = 0.6 / 182; // radians on the circle between two independent tastes: correlation 0.83 after half a year

/** Draws the lifestyle of every customer of a population, keyed as the population is. */
export function drawLifestyle(population: Population): Lifestyle {
  const { seed, size } = population;
  const each = (draw: (customer: number) => number) => Float64Array.from({ length: size }, (_, i) => draw(i));
  const habit = Uint8Array.from(
    each((i) =>
      pick(
        habits.map((h) => h.share),
        uniformAt(seed, i, birth, purpose.habit),
      ),
    ),
  );
  return {
    habit,
    homeVenue: Uint8Array.from(each((i) => pick(habits[habit[i]!]!.venues, uniformAt(seed, i, birth, purpose.homeVenue)))),
    hourShift: each((i) => 18 * normalAt(seed, i, birth, purpose.hourShift)),
    appetite: each((i) => Math.min(2.2, Math.max(0.4, population.basket[i]! / medianBasket))),
    wants: categoryWeights(population, habit, "wants"),
    adds: categoryWeights(population, habit, "adds"),
    taste: itemTastes(population, purpose.itemTaste),
    laterTaste: itemTastes(population, purpose.itemTasteLater),
  };
}

/**
 * How much a customer likes an item on a day, in deviations of the choice error: what everybody thinks of it, the weather of the
 * season, and the customer's own slowly drifting taste.
 *
 * @param warmth -1 in mid-January .. 1 in mid-July
 */
export function appealOf(lifestyle: Lifestyle, customer: number, item: number, day: number, warmth: number): number {
  const nature = itemNatures[item]!;
  const at = customer * demoItems.length + item;
  const angle = day * driftPerDay;
  const own = Math.cos(angle) * lifestyle.taste[at]! + Math.sin(angle) * lifestyle.laterTaste[at]!;
  return nature.appeal + nature.warmth * warmth + own;
}

/** Warmth of the season: -1 in mid-January .. 1 in mid-July. */
export function warmthOf(dayOfYear: number): number {
  return -Math.cos((2 * Math.PI * (dayOfYear - 15)) / 365);
}

/**
 * How much of an offer's depth counts for a customer: 1 on what they like best, falling to 0.2 on what they would never order.
 */
export function relevanceOf(lifestyle: Lifestyle, customer: number, item: number, day: number, warmth: number): number {
  let best = -Infinity;
  let own = -Infinity;
  for (let other = 0; other < demoItems.length; other++) {
    const want = lifestyle.wants[customer * categories.length + categoryOfItem[other]!]!;
    const add = lifestyle.adds[customer * categories.length + categoryOfItem[other]!]!;
    const liking = Math.log(want + 0.5 * add) + appealOf(lifestyle, customer, other, day, warmth);
    best = Math.max(best, liking);
    if (other === item) own = liking;
  }
  return 0.2 + 0.8 * Math.exp(-(best - own) / 3);
}

const categoryOfItem = Uint8Array.from(demoItems, (item) => categories.indexOf(item.category));

/** The habit's weights as shares, each bent by the customer's own taste for the category (lognormal, deviation 0.5). */
function categoryWeights(population: Population, habit: Uint8Array, which: "wants" | "adds"): Float64Array {
  const weights = new Float64Array(population.size * categories.length);
  for (let i = 0; i < population.size; i++) {
    const base = habits[habit[i]!]![which];
    const total = base.reduce((sum, weight) => sum + weight, 0);
    for (let c = 0; c < categories.length; c++) {
      const own = Math.exp(0.5 * normalAt(population.seed, i, birth, purpose.categoryTaste, c));
      weights[i * categories.length + c] = (base[c]! / total) * own;
    }
  }
  return weights;
}

function itemTastes(population: Population, purposeOf: number): Float64Array {
  const { seed, size } = population;
  const count = demoItems.length;
  const tastes = new Float64Array(size * count);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < count; j++) tastes[i * count + j] = tasteDeviation * normalAt(seed, i, birth, purposeOf, j);
    leanings.forEach((items, l) => {
      const lean = leaningWeight * normalAt(seed, i, birth, purposeOf, count + l);
      for (const item of items) tastes[i * count + item]! += lean;
    });
  }
  return tastes;
}
