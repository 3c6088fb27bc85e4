import type { RankedItem, ReasonCode } from "@kava/algorithms/preference/rankItems";

const CODES: readonly ReasonCode[] = ["popular", "yourFavourite", "oftenBoughtWith", "customersLikeYou", "matchesTaste", "likedAlongside"];

/** Ranked lists of many customers in flat arrays: they pass from a worker to the main thread without being copied. */
export interface Ranked {
  customerIds: string[];
  /** Where each customer's list begins; one more for the end. */
  starts: Uint32Array<ArrayBuffer>;
  items: Uint32Array<ArrayBuffer>;
  scores: Float64Array<ArrayBuffer>;
  /** Places in `CODES`. */
  codes: Uint8Array<ArrayBuffer>;
  /** The item behind the reason, −1 where there is none. */
  behind: Int32Array<ArrayBuffer>;
}

export const packRanked = (lists: readonly (readonly [customerId: string, list: readonly RankedItem[]])[]): Ranked => {
  const size = lists.reduce((sum, [, list]) => sum + list.length, 0);
  const packed: Ranked = {
    customerIds: lists.map(([id]) => id),
    starts: new Uint32Array(lists.length + 1),
    items: new Uint32Array(size),
    scores: new Float64Array(size),
    codes: new Uint8Array(size),
    behind: new Int32Array(size).fill(-1),
  };
  let at = 0;
  lists.forEach(([, list], place) => {
    packed.starts[place] = at;
    for (const { item, score, because } of list) {
      packed.items[at] = item;
      packed.scores[at] = score;
      packed.codes[at] = CODES.indexOf(because.code);
      if (because.item !== undefined) packed.behind[at] = because.item;
      at += 1;
    }
  });
  packed.starts[lists.length] = at;
  return packed;
};

/** One customer's list, by place in `customerIds`. */
export const unpackRanked = (packed: Ranked, place: number): RankedItem[] => {
  const list: RankedItem[] = [];
  for (let at = packed.starts[place]!; at < packed.starts[place + 1]!; at++) {
    const behind = packed.behind[at]!;
    list.push({
      item: packed.items[at]!,
      score: packed.scores[at]!,
      because: { code: CODES[packed.codes[at]!]!, ...(behind >= 0 ? { item: behind } : {}) },
    });
  }
  return list;
};
