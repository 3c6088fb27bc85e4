import { createRandom, shuffledIndices } from "../random.js";

/** How rows are parted. */
export interface FoldOptions {
  /** At least 2. */
  readonly folds: number;
  readonly seed: number;
  /** The customer of each row, any number: all rows of one customer fall into one fold. Absent: each row stands for itself. */
  readonly clusters?: ArrayLike<number> | undefined;
}

/**
 * Parts rows into folds at random, evenly within each arm, so that each fold and each rest holds what an arm has. A cluster counts for the
 * arm of its first row.
 *
 * @param arms n small integers
 * @returns n folds, 0 to folds − 1
 * @throws RangeError when folds is not an integer from 2, sizes differ, or there are fewer clusters than folds
 */
export function crossFolds(arms: ArrayLike<number>, { folds, seed, clusters }: FoldOptions): Uint8Array {
  const rows = arms.length;
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 255)) throw new RangeError(`Rows are parted into 2 to 255 folds, not ${folds}.`);
  if (clusters && clusters.length !== rows)
    throw new RangeError(`There are ${clusters.length} clusters for ${rows} rows; each row needs one.`);
  const foldOf = new Map<number, number>();
  const firsts = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const cluster = clusters ? clusters[i]! : i;
    if (foldOf.has(cluster)) continue;
    foldOf.set(cluster, 0);
    const stratum = firsts.get(arms[i]!);
    if (stratum) stratum.push(cluster);
    else firsts.set(arms[i]!, [cluster]);
  }
  if (foldOf.size < folds)
    throw new RangeError(`${foldOf.size} independent rows or customers cannot be parted into ${folds} folds; give more.`);
  let next = 0;
  for (const [arm, stratum] of [...firsts].sort(([a], [b]) => a - b)) {
    const order = shuffledIndices(createRandom(seed, "folds", arm), stratum.length);
    for (const index of order) foldOf.set(stratum[index]!, next++ % folds);
  }
  return Uint8Array.from({ length: rows }, (_, i) => foldOf.get(clusters ? clusters[i]! : i)!);
}

/** The rows for which something holds, ascending. */
export function rowsWhere(rows: number, holds: (row: number) => boolean): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) if (holds(i)) found[count++] = i;
  return found.slice(0, count);
}
