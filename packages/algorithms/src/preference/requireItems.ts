import type { ItemList } from "./mineItemsets.js";

/** @throws RangeError when a set holds what is not an item index below `itemCount` */
export function requireItems(sets: readonly ItemList[], itemCount: number): void {
  sets.forEach((set, at) => {
    for (let i = 0; i < set.length; i++) {
      const item = set[i]!;
      if (!(Number.isInteger(item) && item >= 0 && item < itemCount))
        throw new RangeError(`Set ${at} holds item ${item}, which is not an index from 0 to ${itemCount - 1}; number the items first.`);
    }
  });
}
