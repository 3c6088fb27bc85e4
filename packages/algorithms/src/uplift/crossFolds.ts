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
  const { units, unitOf } = unitsOf(rows, clusters);
  if (units.length < folds)
    throw new RangeError(`${units.length} independent rows or customers cannot be parted into ${folds} folds; give more.`);
  const foldOf = new Uint8Array(units.length);
  let next = 0;
  for (const arm of [...new Set(Int32Array.from(units, (first) => arms[first]!))].sort((a, b) => a - b)) {
    const stratum = rowsWhere(units.length, (unit) => arms[units[unit]!] === arm);
    for (const index of shuffledIndices(createRandom(seed, "folds", arm), stratum.length)) foldOf[stratum[index]!] = next++ % folds;
  }
  return Uint8Array.from({ length: rows }, (_, i) => foldOf[unitOf ? unitOf[i]! : i]!);
}

/** The first row of each cluster, and the cluster of each row by its place among them; without clusters each row is its own. */
function unitsOf(rows: number, clusters: ArrayLike<number> | undefined): { units: Uint32Array; unitOf?: Uint32Array } {
  if (!clusters) return { units: rowsWhere(rows, () => true) };
  const places = new Map<number, number>();
  const units: number[] = [];
  const unitOf = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const known = places.get(clusters[i]!);
    unitOf[i] = known ?? units.length;
    if (known !== undefined) continue;
    places.set(clusters[i]!, units.length);
    units.push(i);
  }
  return { units: Uint32Array.from(units), unitOf };
}

/** The rows for which something holds, ascending. */
export function rowsWhere(rows: number, holds: (row: number) => boolean): Uint32Array {
  const found = new Uint32Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) if (holds(i)) found[count++] = i;
  return found.slice(0, count);
}
