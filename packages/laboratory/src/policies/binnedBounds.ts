/** A calibrated effect with its uncertainty. */
export interface BinnedBound {
  readonly mean: number;
  readonly standardError: number;
  /** mean - 1.28 standard errors */
  readonly bound: number;
}

const leastInBin = 200;
const mostBins = 20;

/**
 * Calibrates predicted effects by unbiased scores: bins of the predictions (at least 200 rows each, at most 20), the mean score of each,
 * made non-decreasing by pooling neighbours (pool adjacent violators).
 *
 * @returns the bound that belongs to a prediction
 */
export function boundsByBin(predictions: Float64Array, scores: Float64Array): (prediction: number) => BinnedBound {
  const order = [...predictions.keys()].sort((a, b) => predictions[a]! - predictions[b]!);
  const count = Math.max(1, Math.min(mostBins, Math.floor(order.length / leastInBin)));
  const blocks: Block[] = [];
  for (let bin = 0; bin < count; bin++) {
    const rows = order.slice(Math.round((bin * order.length) / count), Math.round(((bin + 1) * order.length) / count));
    let block = blockOf(
      predictions[rows[0] ?? 0] ?? 0,
      rows.map((row) => scores[row]!),
    );
    for (let last = blocks.at(-1); last && last.mean >= block.mean; last = blocks.at(-1)) {
      block = blockOf(last.from, [...last.scores, ...block.scores]);
      blocks.pop();
    }
    blocks.push(block);
  }
  const bounds = blocks.map(({ from, mean, scores: own }) => ({ from, ...boundOf(mean, own) }));
  return (prediction) => bounds.findLast(({ from }) => prediction >= from) ?? bounds[0]!;
}

interface Block {
  readonly from: number;
  readonly mean: number;
  readonly scores: readonly number[];
}

function blockOf(from: number, scores: readonly number[]): Block {
  return { from, scores, mean: scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length) };
}

function boundOf(mean: number, scores: readonly number[]): BinnedBound {
  const n = scores.length;
  const variance = n > 1 ? scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1) : Infinity;
  const standardError = Math.sqrt(variance / Math.max(1, n));
  return { mean, standardError, bound: mean - 1.28 * standardError };
}
