/**
 * Ratios as whole parts per billion, so that every sum of the margin check is exact integer arithmetic.
 *
 * The resolution is 1e-9 of a ratio, 1e-7 of a percent. What is given finer is rounded to the nearest part. A double such as 0.07 is
 * read as the decimal that was meant (70,000,000 parts), not as its binary neighbour.
 */

/** One, in parts. */
export const WHOLE = 1_000_000_000n;

/** A ratio (0.35) in parts (350,000,000), or null when it is not a number from 0 to `greatest`. */
export function partsOfRatio(ratio: number, greatest: number): bigint | null {
  if (!(ratio >= 0 && ratio <= greatest)) return null;
  return BigInt(Math.round(ratio * 1e9));
}

/** A percentage (35) in parts (350,000,000), or null when it is not a number from 0 to 100. */
export function partsOfPercent(percent: number): bigint | null {
  if (!(percent >= 0 && percent <= 100)) return null;
  return BigInt(Math.round(percent * 1e7));
}

/** Parts as a percentage. `partsOfPercent` of it gives the same parts again. */
export function percentOfParts(parts: bigint): number {
  return Number(parts) / 1e7;
}

/** ⌈over / under⌉ for over ≥ 0 and under > 0. */
export function divideUp(over: bigint, under: bigint): bigint {
  return (over + under - 1n) / under;
}

/** A whole amount of minor units as a bigint, or null when it is negative, broken, or beyond ±(2^53 − 1). */
export function wholeAmount(amount: number): bigint | null {
  return Number.isSafeInteger(amount) && amount >= 0 ? BigInt(amount) : null;
}

/** A bigint as a number, or null when a double cannot hold it exactly. */
export function safeNumber(amount: bigint): number | null {
  return amount <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(amount) : null;
}
