import { checkFinite } from "./trial.js";

/**
 * Area under the ROC curve: the probability that a row of class 1 is scored above one of class 0, ties counting one half
 * (Mann–Whitney U). 0.5 is chance.
 *
 * @param labels n times 0 or 1
 * @param scores n finite numbers
 * @throws RangeError when sizes differ, a score is not finite, or only one class is there
 */
export function rocAuc(labels: ArrayLike<number>, scores: Float64Array): number {
  const n = scores.length;
  if (labels.length !== n) throw new RangeError(`There are ${n} scores for ${labels.length} labels; each row needs both.`);
  checkFinite(scores, "Score");
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let ones = 0;
  let rankSum = 0;
  for (let start = 0, end = 0; start < n; start = end) {
    let onesHere = 0;
    for (; end < n && scores[order[end]!] === scores[order[start]!]; end++) if (labels[order[end]!]) onesHere++;
    ones += onesHere;
    rankSum += (onesHere * (start + 1 + end)) / 2;
  }
  if (ones === 0 || ones === n)
    throw new RangeError(`All ${n} labels are ${ones === 0 ? 0 : 1}; a ranking of two classes needs rows of both.`);
  return (rankSum - (ones * (ones + 1)) / 2) / (ones * (n - ones));
}
