import { cooccurrence } from "./cooccurrence.js";
import { invertPositiveDefinite } from "./invertPositiveDefinite.js";
import type { ItemList } from "./mineItemsets.js";
import { requireItems } from "./requireItems.js";

/** What each item says of the others: a linear model of who has an item from what else they have. */
export interface EaseModel {
  /** For each item the others that it speaks for (positive) or against, strongest first. */
  readonly rows: readonly EaseRow[];
}

export interface EaseRow {
  readonly items: Uint32Array;
  readonly weights: Float32Array;
}

export interface EaseOptions {
  /** Ridge λ, above 0: greater is more careful. 100 suits thousands of customers; `chooseBlend` finds it. */
  readonly lambda: number;
  /** Weights kept per item, the greatest by size; 100 unless told. */
  readonly keep?: number | undefined;
  /** More items than this would take minutes: only those that most have are modelled, the others get no weights. 4,000 unless told. */
  readonly mostItems?: number | undefined;
}

/**
 * EASE, the shallow autoencoder with a closed form (Steck 2019, "Embarrassingly shallow autoencoders for sparse data"):
 * B = I − P · diag(1 / diag P) with P = (XᵀX + λI)⁻¹, so B's diagonal is zero: no item explains itself.
 *
 * @param sets for each customer (or basket) its item indices; repetitions count once
 * @throws RangeError when λ is not above 0 or an index is not below `itemCount`
 */
export function fitEase(sets: readonly ItemList[], itemCount: number, options: EaseOptions): EaseModel {
  const { keep, mostItems = 4_000 } = options;
  requireItems(sets, itemCount);
  const modelled = mostHeld(sets, itemCount, mostItems);
  const rows: EaseRow[] = Array.from({ length: itemCount }, () => ({ items: new Uint32Array(), weights: new Float32Array() }));
  const gram = cooccurrence(
    sets.map((set) => modelled.placesOf(set)),
    modelled.items.length,
  );
  easeOfGram(gram, modelled.items.length, options.lambda, keep).rows.forEach(({ items, weights }, place) => {
    rows[modelled.items[place]!] = { items: items.map((other) => modelled.items[other]!), weights };
  });
  return { rows };
}

/** The same from XᵀX (itemCount × itemCount, as `cooccurrence` gives it), which stays as it is: for trying several λ. */
export function easeOfGram(gram: Float64Array, itemCount: number, lambda: number, keep = 100): EaseModel {
  if (!(lambda > 0 && Number.isFinite(lambda))) throw new RangeError(`The ridge λ of EASE is above 0, not ${lambda}.`);
  const ridged = Float64Array.from(gram);
  for (let i = 0; i < itemCount; i++) ridged[i * itemCount + i]! += lambda;
  const p = invertPositiveDefinite(ridged, itemCount);
  return { rows: Array.from({ length: itemCount }, (_, item) => rowOf(p, item, itemCount, keep)) };
}

function rowOf(p: Float64Array, item: number, itemCount: number, keep: number): EaseRow {
  const weights = new Float64Array(itemCount);
  for (let other = 0; other < itemCount; other++)
    if (other !== item) weights[other] = -p[item * itemCount + other]! / p[other * itemCount + other]!;
  const least = keep < itemCount ? weights.map(Math.abs).sort()[itemCount - keep]! : 0;
  const items = Uint32Array.from(weights.keys())
    .filter((other) => weights[other] !== 0 && Math.abs(weights[other]!) >= least)
    .sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!) || a - b)
    .slice(0, keep);
  return { items, weights: Float32Array.from(items, (other) => weights[other]!) };
}

/** The items that most sets hold, ascending, and a set in places of them. */
export function mostHeld(
  sets: readonly ItemList[],
  itemCount: number,
  most: number,
): { items: Uint32Array; placesOf(set: ItemList): number[] } {
  let items = Uint32Array.from({ length: itemCount }, (_, item) => item);
  if (itemCount > most) {
    const counts = new Uint32Array(itemCount);
    for (const set of sets) for (const item of new Set(Array.from(set))) counts[item]! += 1;
    items = items
      .sort((a, b) => counts[b]! - counts[a]! || a - b)
      .slice(0, most)
      .sort();
  }
  const places = new Map(Array.from(items, (item, place) => [item, place]));
  return { items, placesOf: (set) => Array.from(set).flatMap((item) => places.get(item) ?? []) };
}
