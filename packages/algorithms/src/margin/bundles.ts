import { allocateProRata } from "./allocateProRata.js";
import type { ReadableLine, Refused } from "./judgeLine.js";
import { holdsFloor } from "./marginTerms.js";
import { wholeAmount } from "./parts.js";

/**
 * Lines that are priced together: at one price for all of them, or with some units of one of them free ("a cookie with every
 * latte", "three for two"). What the bundle takes off is spread over all its lines pro rata to their prices after promotions.
 */
export interface BundleInput {
  /** Indices of whole lines of the basket. A line belongs to one bundle at most. */
  readonly lines: readonly number[];
  readonly offer:
    | { readonly kind: "price"; readonly amount: number }
    | { readonly kind: "freeUnits"; readonly line: number; readonly units: number };
}

export type BundleRefusal = "bundleBelowFloor" | "basketBelowFloor" | "bundleNotCheaper" | "costUnknown" | "invalidInput";

export interface BundleVerdict {
  readonly applied: boolean;
  /** Null when it was applied. A refused bundle leaves its lines priced on their own. */
  readonly reason: BundleRefusal | null;
}

/** A bundle's share for each line: what the line costs before its personal depth, in minor units. */
export type Shares = ReadonlyMap<number, bigint>;

export interface BundleOutcome extends BundleVerdict {
  /** The shares that it gives, or would have given had the floor allowed it. */
  readonly shares: Shares;
}

/** Judges one bundle. Every line of it must hold its floor at its own share. */
export function judgeBundle(bundle: BundleInput, lines: readonly (ReadableLine | Refused)[], taken: ReadonlySet<number>): BundleOutcome {
  const indices = [...bundle.lines];
  const distinct = new Set(indices).size === indices.length;
  if (indices.length === 0 || !distinct || indices.some((index) => lines[index] === undefined || taken.has(index)))
    return refused("invalidInput");
  const members: ReadableLine[] = [];
  for (const index of indices) {
    const line = lines[index]!;
    if (line.kind === "refused") return refused(line.reason === "costUnknown" ? "costUnknown" : "invalidInput");
    members.push(line);
  }
  const weights = members.map(weightOf);
  const sum = weights.reduce((a, b) => a + b, 0n);
  const total = bundleTotal(bundle, indices, members, sum);
  if (total === null) return refused("invalidInput");
  if (total >= sum) return refused("bundleNotCheaper");
  const shares = allocateProRata(total, weights);
  const holds = members.every((line, i) => line.listHolds && holdsFloor(shares[i]!, line.cost * line.quantity, line.terms));
  return { applied: holds, reason: holds ? null : "bundleBelowFloor", shares: new Map(indices.map((index, i) => [index, shares[i]!])) };
}

/** Rounded down, so that a share is never above what the line would cost on its own. */
function weightOf(line: ReadableLine): bigint {
  return (line.base.over * line.quantity) / line.base.under;
}

function bundleTotal(bundle: BundleInput, indices: readonly number[], members: readonly ReadableLine[], sum: bigint): bigint | null {
  const { offer } = bundle;
  if (offer.kind === "price") return wholeAmount(offer.amount);
  const line = members[indices.indexOf(offer.line)];
  const units = wholeAmount(offer.units);
  if (line === undefined || units === null || units < 1n || units > line.quantity) return null;
  return sum - (weightOf(line) * units) / line.quantity;
}

function refused(reason: BundleRefusal): BundleOutcome {
  return { applied: false, reason, shares: new Map() };
}
