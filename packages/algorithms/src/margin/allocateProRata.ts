/**
 * Splits a whole amount over weights so that the shares are whole and sum to it exactly (largest remainder; ties go to the first).
 *
 * Each share is within one unit of the exact one, and never above its weight when the total is not above their sum. Weights
 * that are all 0 share equally. Amounts are ≥ 0; at least one weight.
 */
export function allocateProRata(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n)
    return allocateProRata(
      total,
      weights.map(() => 1n),
    );
  const shares = weights.map((weight) => (total * weight) / sum);
  let left = total - shares.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    shares[index] = shares[index]! + 1n;
    left -= 1n;
  }
  return shares;
}
