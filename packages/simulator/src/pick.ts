/**
 * The index that a uniform draw falls on when indices have these weights.
 *
 * @param weights not negative, not all 0; need not sum to 1
 * @param luck uniform, 0 <= luck < 1
 * @param from first index of the weights to look at, `count` how many: a row of a larger array; the answer counts from `from`
 */
export function pick(weights: ArrayLike<number>, luck: number, from = 0, count = weights.length): number {
  let total = 0;
  for (let i = from; i < from + count; i++) total += weights[i]!;
  let left = luck * total;
  for (let i = 0; i < count - 1; i++) {
    left -= weights[from + i]!;
    if (left < 0) return i;
  }
  return count - 1;
}
