import type { ItemList } from "./mineItemsets.js";
import { requireItems } from "./requireItems.js";

/**
 * How many sets hold both of two items, and in the diagonal how many hold the item: XᵀX of the sets as rows of zeros and ones.
 *
 * @param sets item indices; repetitions count once, time is the sum of their squared sizes
 * @returns itemCount × itemCount, row after row, symmetric
 * @throws RangeError when a set holds an index that is not below `itemCount`
 */
export function cooccurrence(sets: readonly ItemList[], itemCount: number): Float64Array {
  requireItems(sets, itemCount);
  const together = new Float64Array(itemCount * itemCount);
  for (const set of sets) {
    const items = [...new Set(Array.from(set))];
    for (const item of items) for (const other of items) together[item * itemCount + other]! += 1;
  }
  return together;
}
