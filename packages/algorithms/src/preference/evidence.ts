/** What three kinds of evidence and popularity say of the items that a history does not hold, each as shares that add up to one. */
import type { ConfidentPairs } from "./confidentPairs.js";
import type { EaseModel } from "./ease.js";
import type { ItemNeighbours } from "./itemNeighbours.js";
import type { ItemList } from "./mineItemsets.js";

export const EVIDENCE_KINDS = ["ease", "neighbours", "rules", "popularity"] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Everything that was learned of all items. Arrays are indexed by item. */
export interface Evidence {
  /** Linear model over histories: what all of the history together says. */
  readonly ease: EaseModel;
  /** Item-kNN over the same histories. */
  readonly neighbours: ItemNeighbours;
  /** Association rules of two items over the same histories. */
  readonly rules: ConfidentPairs;
  /** Share of the baskets that hold the item, 0 to 1. */
  readonly popularity: ArrayLike<number>;
}

/** What one kind of evidence says of one history. */
export interface Shares {
  /** Per item: its share of what this evidence speaks for, 0 for items of the history; they add up to 1, or to 0 when it says nothing. */
  readonly shares: Float64Array;
  /** Per item the item of the history that speaks for it most, −1 where none does. */
  readonly behind: Int32Array;
  /** Per item how much of what is said for it comes from `behind`: 0 to 1. */
  readonly carried: Float64Array;
}

/** Says what each kind of evidence makes of a history; costs about history × (weights + neighbours + rules) + items. */
export type EvidenceReader = (history: ItemList) => Record<EvidenceKind, Shares>;

export function readEvidence({ ease, neighbours, rules, popularity }: Evidence): EvidenceReader {
  const itemCount = popularity.length;
  const easeRows = ease.rows.map(({ items, weights }) => ({ items, values: weights }));
  const neighbourRows = neighbours.neighbours.map(({ items, similarities }) => ({ items, values: similarities }));
  const ruleRows = rules.rows.map(({ items, confidences }) => ({ items, values: confidences }));
  return (history) => {
    const items = [...new Set(Array.from(history))].filter((item) => item < itemCount);
    return {
      ease: sharesOf(sumRows(items, easeRows, itemCount), items),
      neighbours: sharesOf(sumRows(items, neighbourRows, itemCount), items),
      rules: sharesOf(greatestOfRows(items, ruleRows, itemCount), items),
      popularity: sharesOf(silent(itemCount, popularity), items),
    };
  };
}

function silent(itemCount: number, shares: ArrayLike<number> = new Float64Array(itemCount)): Shares {
  return { shares: Float64Array.from(shares), behind: new Int32Array(itemCount).fill(-1), carried: new Float64Array(itemCount) };
}

/** Raw scores become shares, in place: what the history holds and what is spoken against get none. `carried` comes as the greatest summand. */
function sharesOf(raw: Shares, history: readonly number[]): Shares {
  const { shares, carried } = raw;
  for (const item of history) shares[item] = 0;
  let sum = 0;
  for (let item = 0; item < shares.length; item++) {
    if (!(shares[item]! > 0)) shares[item] = 0;
    carried[item] = shares[item]! > 0 ? Math.min(1, carried[item]! / shares[item]!) : 0;
    sum += shares[item]!;
  }
  if (sum > 0) for (let item = 0; item < shares.length; item++) shares[item]! /= sum;
  return raw;
}

interface Row {
  readonly items: Uint32Array;
  readonly values: ArrayLike<number>;
}

function sumRows(history: readonly number[], rows: readonly Row[], itemCount: number): Shares {
  const said = silent(itemCount);
  const { shares, behind, carried } = said;
  for (const item of history) {
    const { items, values } = rows[item]!;
    for (let i = 0; i < items.length; i++) {
      const other = items[i]!;
      const value = values[i]!;
      shares[other]! += value;
      if (value <= carried[other]!) continue;
      carried[other] = value;
      behind[other] = item;
    }
  }
  return said;
}

/** Per item the greatest value of any row: rules do not add up, because their antecedents overlap. */
function greatestOfRows(history: readonly number[], rows: readonly Row[], itemCount: number): Shares {
  const said = silent(itemCount);
  const { shares, behind, carried } = said;
  for (const item of history) {
    const { items, values } = rows[item]!;
    for (let i = 0; i < items.length; i++) {
      const other = items[i]!;
      if (values[i]! <= shares[other]!) continue;
      shares[other] = carried[other] = values[i]!;
      behind[other] = item;
    }
  }
  return said;
}
