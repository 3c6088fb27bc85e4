/**
 * A few numbers that are distributed as many are: evenly spaced order statistics, the least and the greatest among them, ascending; NaN ("not known") keeps
 * its share and comes last. What is as small as that is kept whole. To remember what a model learned from, for `populationShift`.
 *
 * @param size at least 2; 200 unless told
 * @throws RangeError when the size is less
 */
export function quantileSketch(values: Float64Array, size = 200): Float64Array {
  if (!(Number.isInteger(size) && size >= 2)) throw new RangeError(`A sketch needs at least two numbers, not ${size}.`);
  const sorted = Float64Array.from(values).sort(); // NaN last
  if (sorted.length <= size) return sorted;
  return Float64Array.from({ length: size }, (_, k) => sorted[Math.round((k / (size - 1)) * (sorted.length - 1))]!);
}
