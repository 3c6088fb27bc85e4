/** By how much a score must have moved for a new decision; smaller shifts wait for the next purchase or sweep. */
export const DECIDE_AGAIN_AT = 0.1;

interface Scored {
  itemId: string;
  score: number;
}

/** The greatest change of any item's score, 0 to 1; an item that is not in a list counts as 0 there. */
export const tasteShift = (before: readonly Scored[], after: readonly Scored[]): number => {
  const scores = new Map(before.map(({ itemId, score }) => [itemId, -score]));
  for (const { itemId, score } of after) scores.set(itemId, (scores.get(itemId) ?? 0) + score);
  return Math.max(0, ...[...scores.values()].map(Math.abs));
};
