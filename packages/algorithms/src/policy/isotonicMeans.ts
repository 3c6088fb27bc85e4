/** A run of neighbours that share one value. */
export interface IsotonicBlock {
  /** Index of the first neighbour and how many there are. */
  readonly from: number;
  readonly count: number;
  readonly value: number;
}

/**
 * Isotonic regression: the rising values nearest to the given ones in weighted squares, by pooling adjacent violators (Ayer et al. 1955;
 * Barlow et al. 1972). Work grows with the number of values.
 *
 * @param values in the order in which they must rise, finite
 * @param weights above 0, as many
 * @returns blocks in order, their values strictly rising
 * @throws RangeError when sizes differ, a value is not finite or a weight not above 0
 */
export function isotonicMeans(values: ArrayLike<number>, weights: ArrayLike<number>): IsotonicBlock[] {
  if (values.length !== weights.length)
    throw new RangeError(`There are ${values.length} values and ${weights.length} weights; each value needs one.`);
  const blocks: { from: number; count: number; value: number; weight: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!(Number.isFinite(values[i]) && weights[i]! > 0))
      throw new RangeError(`Value ${i} is ${values[i]} with weight ${weights[i]}; values are finite and weights above 0.`);
    let block = { from: i, count: 1, value: values[i]!, weight: weights[i]! };
    for (let last = blocks.at(-1); last !== undefined && last.value >= block.value; last = blocks.at(-1)) {
      const weight = last.weight + block.weight;
      const value = (last.value * last.weight + block.value * block.weight) / weight;
      block = { from: last.from, count: last.count + block.count, value, weight };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.map(({ from, count, value }) => ({ from, count, value }));
}
