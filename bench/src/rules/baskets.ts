import { existsSync, readFileSync } from "node:fs";
import { createRandom, type Random } from "@kava/algorithms/random";

export interface Baskets {
  readonly name: string;
  readonly baskets: readonly number[][];
  readonly itemCount: number;
}

const ITEMS = 169;
const THEMES = 12;
const ITEMS_OF_A_THEME = 14;
/** Share of a basket's items that come from its theme. */
const OF_THE_THEME = 0.5;
/** Zipf's exponent of popularity: the most frequent item is in a quarter of the baskets. */
const SKEW = 0.85;

/** Baskets of the shape of the groceries of Hahsler et al. 2006: 169 items, 4.4 to a basket, few of them frequent, and what belongs together. */
export const makeBaskets = (count: number): Baskets => {
  const random = createRandom(1, "bench", "baskets");
  const popular = zipf(ITEMS);
  const themes = Array.from({ length: THEMES }, () => Array.from({ length: ITEMS_OF_A_THEME }, () => drawn(popular, random)));
  const within = zipf(ITEMS_OF_A_THEME);
  const baskets = Array.from({ length: count }, () => {
    const theme = themes[random.integer(THEMES)]!;
    const size = 1 + Math.min(31, Math.floor(-4.2 * Math.log(1 - random.uniform())));
    const items = Array.from({ length: size }, () =>
      random.uniform() < OF_THE_THEME ? theme[drawn(within, random)]! : drawn(popular, random),
    );
    return [...new Set(items)];
  });
  return { name: `generated, ${count} baskets`, baskets, itemCount: ITEMS };
};

/** Ascending sums of the shares of items 0, 1, … */
const zipf = (items: number): Float64Array => {
  const shares = Float64Array.from({ length: items }, (_, i) => (i + 1) ** -SKEW);
  const total = shares.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  return shares.map((share) => (sum += share / total));
};

const drawn = (sums: Float64Array, random: Random): number => {
  const at = random.uniform();
  const found = sums.findIndex((sum) => at < sum);
  return found < 0 ? sums.length - 1 : found;
};

const groceries = new URL("../../../../shared/data/groceries/groceries.basket", import.meta.url);

/** The groceries themselves, where they lie beside the project; null elsewhere. */
export const readGroceries = (): Baskets | null => {
  if (!existsSync(groceries)) return null;
  const names = new Map<string, number>();
  const lines = readFileSync(groceries, "utf8").trimEnd().split("\n");
  const indexOf = (name: string): number => {
    const known = names.get(name);
    if (known === undefined) names.set(name, names.size);
    return known ?? names.size - 1;
  };
  const baskets = lines.map((line) => line.split(",").map(indexOf));
  return { name: `groceries, ${baskets.length} baskets`, baskets, itemCount: names.size };
};
