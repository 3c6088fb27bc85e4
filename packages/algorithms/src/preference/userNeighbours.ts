import type { ItemList } from "./mineItemsets.js";
import { requireItems } from "./requireItems.js";

export interface UserNeighbourOptions {
  /** How many of the most similar customers speak; 50 unless told. */
  readonly neighbours?: number;
}

/**
 * User-kNN: what the most similar customers have (Herlocker et al. 1999), similarity = shared / √(size · size), the cosine of the sets.
 *
 * It keeps all sets, and an answer costs the holders of the history's items: for studies and small chains; `fitEase` serves.
 *
 * @param sets for each customer its item indices; repetitions count once
 * @returns for a history (and the place of its own set, which must not speak, where it is one of them) a score per item: the sum of the
 * similarities of the neighbours that have it
 * @throws RangeError when a set holds an index that is not below `itemCount`
 */
export function userNeighbours(
  sets: readonly ItemList[],
  itemCount: number,
  { neighbours = 50 }: UserNeighbourOptions = {},
): (history: ItemList, own?: number) => Float64Array {
  requireItems(sets, itemCount);
  const distinct = sets.map((set) => [...new Set(Array.from(set))]);
  const holders: number[][] = Array.from({ length: itemCount }, () => []);
  distinct.forEach((set, at) => {
    for (const item of set) holders[item]!.push(at);
  });
  return (history, own) => {
    const items = [...new Set(Array.from(history))];
    const shared = new Map<number, number>();
    for (const item of items) for (const at of holders[item] ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    if (own !== undefined) shared.delete(own);
    const similar = [...shared]
      .map(([at, count]) => ({ at, similarity: count / Math.sqrt(items.length * distinct[at]!.length) }))
      .sort((a, b) => b.similarity - a.similarity || a.at - b.at)
      .slice(0, neighbours);
    const scores = new Float64Array(itemCount);
    for (const { at, similarity } of similar) for (const item of distinct[at]!) scores[item]! += similarity;
    return scores;
  };
}
