/** Items told apart; the others are one. */
const TOLD_APART = 19;

/**
 * How far what is bought is from what was: the population stability index Σ (now − before) ln(now / before) over the shares of the items that were
 * had most and of all others together (Siddiqi 2006). Below 0.1 nothing moved, above 0.25 much did. Half a count is added to each, so that
 * none is without a share.
 *
 * @param before how often each item was had, 0 or more
 * @param now the same of another time, of the same items
 * @returns from 0, finite; null when either time knows nothing
 */
export function shareShift(before: ArrayLike<number>, now: ArrayLike<number>): number | null {
  const most = Array.from(before, (_, item) => item)
    .sort((a, b) => before[b]! - before[a]! || a - b)
    .slice(0, TOLD_APART);
  const [then, since] = [sharesOf(before, most), sharesOf(now, most)];
  if (then === null || since === null) return null;
  return then.reduce((sum, share, i) => sum + (since[i]! - share) * Math.log(since[i]! / share), 0);
}

function sharesOf(counts: ArrayLike<number>, most: readonly number[]): number[] | null {
  let total = 0;
  for (let item = 0; item < counts.length; item++) total += counts[item]!;
  if (!(total > 0)) return null;
  const told = most.map((item) => counts[item]!);
  const others = Math.max(0, total - told.reduce((sum, count) => sum + count, 0));
  return [...told, others].map((count) => (count + 0.5) / (total + 0.5 * (told.length + 1)));
}
