/**
 * How far two labellings of the same points agree, corrected for chance: 1 = the same partition, about 0 = unrelated. Hubert & Arabie 1985.
 *
 * @throws RangeError when the lengths differ
 */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new RangeError(`Two labellings of ${a.length} and ${b.length} points cannot be compared; label the same points.`);
  const cells = new Map<string, number>();
  const rows = new Map<number, number>();
  const columns = new Map<number, number>();
  for (let i = 0; i < a.length; i++) {
    raise(cells, `${a[i]}:${b[i]}`);
    raise(rows, a[i]!);
    raise(columns, b[i]!);
  }
  const together = pairsIn(cells);
  const inRows = pairsIn(rows);
  const inColumns = pairsIn(columns);
  const all = (a.length * (a.length - 1)) / 2;
  const expected = all === 0 ? 0 : (inRows * inColumns) / all;
  const greatest = (inRows + inColumns) / 2;
  return greatest === expected ? 1 : (together - expected) / (greatest - expected);
}

function raise<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function pairsIn(counts: ReadonlyMap<unknown, number>): number {
  let pairs = 0;
  for (const count of counts.values()) pairs += (count * (count - 1)) / 2;
  return pairs;
}
