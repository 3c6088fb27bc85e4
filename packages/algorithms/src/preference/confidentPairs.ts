import type { ItemNeighbours } from "./itemNeighbours.js";

/** For each item the rules "who has it also has …" of greatest confidence: association rules of two items over histories. */
export interface ConfidentPairs {
  readonly rows: readonly ConfidentRow[];
}

export interface ConfidentRow {
  /** Consequents, most confident first. */
  readonly items: Uint32Array;
  /** P(consequent | item), above 0, at most 1. */
  readonly confidences: Float64Array;
}

/** Pairs below this share of the sets, or below three sets, are chance. */
const LEAST_SUPPORT = 0.0005;
const LEAST_SETS = 3;

/**
 * Only rules of a lift above 1 are kept, because another is no reason; but they are ordered by confidence: the greatest lift belongs to the
 * rarest items.
 *
 * @param similar from `itemNeighbours` with `keep: Infinity`: together = similarity · √(count · count)
 * @param keep rules per item; 50 unless told
 */
export function confidentPairs({ counts, setCount, neighbours }: ItemNeighbours, keep = 50): ConfidentPairs {
  const least = Math.max(LEAST_SETS, LEAST_SUPPORT * setCount);
  const rows = neighbours.map(({ items, similarities }, item) => {
    const rules = Array.from(items, (other, i) => {
      const together = Math.round(similarities[i]! * Math.sqrt(counts[item]! * counts[other]!));
      return { other, together, confidence: together / counts[item]! };
    })
      .filter(({ other, together, confidence }) => together >= least && confidence * setCount > counts[other]!)
      .sort((a, b) => b.confidence - a.confidence || a.other - b.other)
      .slice(0, keep);
    return { items: Uint32Array.from(rules, ({ other }) => other), confidences: Float64Array.from(rules, ({ confidence }) => confidence) };
  });
  return { rows };
}
