import { EVIDENCE_KINDS, type EvidenceKind, type EvidenceReader } from "./evidence.js";
import type { ItemList } from "./mineItemsets.js";

/** How much each kind of evidence counts: 0 or more, together 1. */
export type BlendWeights = Readonly<Record<EvidenceKind, number>>;

/** What counts before anything was learned, and what a few cases are weighed against. */
export const PRIOR_WEIGHTS: BlendWeights = { ease: 0.5, neighbours: 0.1, rules: 0.1, popularity: 0.3 };

/**
 * The chance that the next new item of a history is each item: a mixture of what each kind of evidence says.
 *
 * Evidence that says nothing of this history leaves its weight to the others; an empty history has what is popular.
 *
 * @returns per item its chance, 0 for items of the history; they add up to 1, or to 0 when nothing is known at all
 */
export function blendShares(read: EvidenceReader, weights: BlendWeights, history: ItemList): Float64Array {
  const said = read(history);
  const mixed = new Float64Array(said.popularity.shares.length);
  let sum = 0;
  for (const kind of EVIDENCE_KINDS) {
    const { shares } = said[kind];
    for (let item = 0; item < mixed.length; item++) {
      mixed[item]! += weights[kind] * shares[item]!;
      sum += weights[kind] * shares[item]!;
    }
  }
  if (sum > 0) for (let item = 0; item < mixed.length; item++) mixed[item]! /= sum;
  return mixed;
}
