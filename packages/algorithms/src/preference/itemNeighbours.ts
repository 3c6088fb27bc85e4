import type { ItemList } from "./mineItemsets.js";

/** Item-kNN: for each item the most similar others. Sarwar et al. 2001. */
export interface ItemNeighbours {
  /** How many customers (or baskets) there are. */
  readonly setCount: number;
  /** How many customers (or baskets) have each item. */
  readonly counts: Uint32Array;
  /** For each item its neighbours, most similar first. */
  readonly neighbours: readonly Neighbours[];
}

export interface Neighbours {
  readonly items: Uint32Array;
  /** Cosine of the co-occurrence, above 0, at most 1. */
  readonly similarities: Float64Array;
}

export interface NeighbourOptions {
  /** Neighbours kept per item; 50 unless told. */
  readonly keep?: number;
  /** Pairs that fewer sets share are noise and left out; 2 unless told. */
  readonly minimumTogether?: number;
}

/**
 * Similarity of items by who has them: together(i, j) / √(count(i) · count(j)).
 *
 * @param sets for each customer (or basket) its item indices; repetitions count once
 * @returns time is the sum of the squared sizes of the sets, memory that of the sets plus the answer
 * @throws RangeError when a set holds an index that is not below `itemCount`
 */
export function itemNeighbours(sets: readonly ItemList[], itemCount: number, options: NeighbourOptions = {}): ItemNeighbours {
  const { keep = 50, minimumTogether = 2 } = options;
  const distinct = sets.map((set) => [...new Set(Array.from(set))]);
  const holders = holdersOf(distinct, itemCount);
  const counts = Uint32Array.from(holders, (list) => list.length);
  const together = new Uint32Array(itemCount);
  const neighbours = holders.map((list, item) => {
    const touched: number[] = [];
    for (const set of list) {
      for (const other of distinct[set]!) {
        if (together[other]!++ === 0) touched.push(other);
      }
    }
    const candidates = touched
      .filter((other) => other !== item && together[other]! >= minimumTogether)
      .map((other) => ({ other, similarity: together[other]! / Math.sqrt(counts[item]! * counts[other]!) }))
      .sort((a, b) => b.similarity - a.similarity || a.other - b.other)
      .slice(0, keep);
    for (const other of touched) together[other] = 0;
    return { items: Uint32Array.from(candidates, (c) => c.other), similarities: Float64Array.from(candidates, (c) => c.similarity) };
  });
  return { setCount: sets.length, counts, neighbours };
}

/** For each item the indices of the sets that hold it. */
function holdersOf(sets: readonly number[][], itemCount: number): number[][] {
  const holders: number[][] = Array.from({ length: itemCount }, () => []);
  sets.forEach((set, at) => {
    for (const item of set) {
      const list = holders[item];
      if (list === undefined)
        throw new RangeError(`Set ${at} holds item ${item}, which is not an index from 0 to ${itemCount - 1}; number the items first.`);
      list.push(at);
    }
  });
  return holders;
}
