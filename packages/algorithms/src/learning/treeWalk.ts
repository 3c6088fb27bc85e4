import type { TreeNodes } from "./treeEnsemble.js";

/**
 * Trees laid out for walking without a branch that the processor would have to guess, which costs more than the step itself: leaves lead to
 * themselves, and every row makes as many steps in a tree as the tree is deep.
 */
export interface TreeWalk {
  readonly roots: Int32Array;
  /** Of each tree: steps to its deepest leaf. */
  readonly depths: Int32Array;
  /** The column a node asks about; in leaves any. */
  readonly column: Int32Array;
  /** NaN in leaves: nothing is at or above it. */
  readonly threshold: Float32Array;
  /** The left child; in leaves the leaf itself. */
  readonly child: Int32Array;
  /** 1 where what is not known goes right. */
  readonly missingRight: Uint8Array;
  readonly value: Float32Array;
}

/** @param nodes checked: children stand after their parents */
export function walkOf({ roots, feature, value, left, missingLeft }: TreeNodes): TreeWalk {
  const depthBelow = new Int32Array(feature.length);
  for (let node = feature.length - 1; node >= 0; node--)
    if (feature[node] !== -1) depthBelow[node] = 1 + Math.max(depthBelow[left[node]!]!, depthBelow[left[node]! + 1]!);
  const isLeaf = (node: number) => feature[node] === -1;
  return {
    roots,
    depths: Int32Array.from(roots, (root) => depthBelow[root]!),
    column: feature.map((column) => Math.max(column, 0)),
    threshold: value.map((threshold, node) => (isLeaf(node) ? Number.NaN : threshold)),
    child: left.map((child, node) => (isLeaf(node) ? node : child)),
    missingRight: missingLeft.map((goesLeft, node) => (isLeaf(node) ? 0 : 1 - goesLeft)),
    value,
  };
}

/** Rows that walk side by side: the processor works at one while it waits for another. */
export const ABREAST = 4;

/**
 * Adds to each row's sum the leaf that it reaches in each tree, in the order of the trees.
 *
 * @param block rows of `columns` numbers, at least up to the next multiple of `ABREAST`
 * @param count rows that matter; as many sums
 */
export function addLeaves(walk: TreeWalk, block: Float32Array, columns: number, count: number, sums: Float32Array): void {
  const { roots, depths, column, threshold, child, missingRight, value } = walk;
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree]!;
    const depth = depths[tree]!;
    for (let row = 0; row < count; row += ABREAST) {
      const at = row * columns;
      let [a, b, c, d] = [root, root, root, root];
      for (let level = 0; level < depth; level++) {
        a = next(child, threshold, missingRight, a, block[at + column[a]!]!);
        b = next(child, threshold, missingRight, b, block[at + columns + column[b]!]!);
        c = next(child, threshold, missingRight, c, block[at + 2 * columns + column[c]!]!);
        d = next(child, threshold, missingRight, d, block[at + 3 * columns + column[d]!]!);
      }
      sums[row]! += value[a]!;
      sums[row + 1]! += value[b]!;
      sums[row + 2]! += value[c]!;
      sums[row + 3]! += value[d]!;
    }
  }
}

/** Left below the threshold, right from it on; a number that is not known is neither, and only it differs from itself. */
function next(child: Int32Array, threshold: Float32Array, missingRight: Uint8Array, node: number, x: number): number {
  return child[node]! + (+(x >= threshold[node]!) | (+(x !== x) & missingRight[node]!));
}
