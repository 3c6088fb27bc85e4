import type { ReadableLine } from "./judgeLine.js";
import { divideUp, WHOLE } from "./parts.js";
import type { ExactPrice } from "./promotions.js";

/** One way in which a line may end up being priced. */
export interface PricingWay {
  /** All its units together before the personal depth, exact. */
  readonly base: ExactPrice;
  /** What the ceiling leaves of that for the personal depth. */
  readonly greatest: bigint;
}

/** A line of a basket as the basket's floor sees it. */
export interface SlackLine {
  readonly line: ReadableLine;
  /** On its own, and with its bundle if there is one. What counts is the cheaper: the bundle may still be refused. */
  readonly ways: readonly PricingWay[];
}

/**
 * Greatest share of the wanted depths (0 to 1, in parts) with which the basket as a whole holds its floor, or null when not even
 * 0 does.
 *
 * `deficit` is what lines sold at list under their floor lack, ≤ 0 (see {@link deficitAtList}). What the other lines have to spare is counted
 * before rounding and never below 0, for each holds its own floor anyway. That makes the answer a monotone one: a higher cost
 * anywhere never allows a deeper discount, which rounded prices would not promise.
 */
export function greatestShare(lines: readonly SlackLine[], deficit: bigint): bigint | null {
  const holds = (share: bigint): boolean => covers(lines, share, deficit);
  if (holds(WHOLE)) return WHOLE;
  if (!holds(0n)) return null;
  let low = 0n;
  let high = WHOLE;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** A share of the wanted depth, on the grid of parts, as far as the ceiling allows. */
export function scaledDepth(wanted: bigint, share: bigint, greatest: bigint): bigint {
  const depth = (wanted * share) / WHOLE;
  return depth > greatest ? greatest : depth;
}

/** What a line under its floor at list lacks, net of tax, in parts of a minor unit, rounded away from 0. */
export function deficitAtList(line: ReadableLine): bigint {
  const { terms } = line;
  const lacking = (line.cost * terms.load - line.listPrice * terms.keep) * line.quantity;
  return lacking > 0n ? -divideUp(lacking * WHOLE, terms.load) : 0n;
}

function covers(lines: readonly SlackLine[], share: bigint, deficit: bigint): boolean {
  let spare = deficit;
  for (const { line, ways } of lines) {
    const each = ways.map((way) => spareOf(line, way, share));
    spare += each.reduce((least, own) => (own < least ? own : least));
  }
  return spare >= 0n;
}

/** What a line has to spare over its floor, net of tax, in parts of a minor unit, rounded down; at least 0. */
function spareOf(line: ReadableLine, { base, greatest }: PricingWay, share: bigint): bigint {
  const { terms } = line;
  const kept = (base.over * (WHOLE - scaledDepth(line.depth, share, greatest)) * terms.keep) / (base.under * WHOLE);
  const own = kept - line.cost * line.quantity * terms.load;
  return own > 0n ? (own * WHOLE) / terms.load : 0n;
}
