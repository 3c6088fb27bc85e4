import type { ItemList } from "./mineItemsets.js";

/** The frequent items of some baskets in the order of mining (rarest first), and which pairs of them are frequent. */
export interface PairCounts {
  /** Item index at each place. */
  readonly order: Uint32Array;
  /** Baskets that hold the item at each place. */
  readonly counts: Uint32Array;
  /** The same as bitsets over the baskets. */
  readonly bitsets: readonly Uint32Array[];
  isFrequent(place: number, other: number): boolean;
}

/** Above this many frequent items a table of their pairs would not fit; every pair is then tried. 4,096 items take 32 MB. */
const MOST_ITEMS_IN_TABLE = 4_096;

/** @throws RangeError when a basket names an item that is not a whole number below `itemCount`. */
export function frequentPairs(baskets: readonly ItemList[], itemCount: number, minimumCount: number): PairCounts {
  const distinct = baskets.map((basket, at) => distinctItems(basket, itemCount, at));
  const itemCounts = new Uint32Array(itemCount);
  for (const items of distinct) for (const item of items) itemCounts[item]!++;
  const order = Uint32Array.from(itemCounts.keys())
    .filter((item) => itemCounts[item]! >= minimumCount)
    .sort((a, b) => itemCounts[a]! - itemCounts[b]! || a - b);
  const placeOf = new Int32Array(itemCount).fill(-1);
  order.forEach((item, place) => (placeOf[item] = place));
  const placed = distinct.map((items) =>
    items
      .map((item) => placeOf[item]!)
      .filter((place) => place >= 0)
      .sort((a, b) => a - b),
  );
  return {
    order,
    counts: order.map((item) => itemCounts[item]!),
    bitsets: bitsetsOf(placed, order.length),
    isFrequent: pairTable(placed, order.length, minimumCount),
  };
}

function distinctItems(basket: ItemList, itemCount: number, at: number): number[] {
  const items = [...new Set(Array.from(basket))];
  const wrong = items.find((item) => !(Number.isInteger(item) && item >= 0 && item < itemCount));
  if (wrong !== undefined)
    throw new RangeError(`Basket ${at} holds item ${wrong}, which is not an index from 0 to ${itemCount - 1}; number the items first.`);
  return items;
}

function bitsetsOf(placed: readonly number[][], places: number): Uint32Array[] {
  const words = Math.ceil(placed.length / 32);
  const bitsets = Array.from({ length: places }, () => new Uint32Array(words));
  placed.forEach((items, basket) => {
    for (const place of items) bitsets[place]![basket >>> 5]! |= 1 << (basket & 31);
  });
  return bitsets;
}

function pairTable(placed: readonly number[][], places: number, minimumCount: number): (place: number, other: number) => boolean {
  if (places > MOST_ITEMS_IN_TABLE) return () => true;
  const together = new Uint32Array((places * (places - 1)) / 2);
  const cell = (low: number, high: number): number => (high * (high - 1)) / 2 + low;
  for (const items of placed) {
    for (let j = 1; j < items.length; j++) for (let i = 0; i < j; i++) together[cell(items[i]!, items[j]!)]!++;
  }
  return (place, other) => together[cell(Math.min(place, other), Math.max(place, other))]! >= minimumCount;
}
