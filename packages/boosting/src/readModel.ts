import type { TreeNodes } from "@kava/algorithms/learning/treeEnsemble";
import { INSTEAD_OF_MINUS_ONE } from "./xgboost.js";

/**
 * The trees in what XGBoost of 2018 (before 1.0) saves, little-endian: 136 bytes of the learner (its base, already on the scale of the sums, first),
 * the names of objective and booster as 8 bytes of length and their letters, 160 bytes of the booster (the number of trees first), then for each tree
 * 148 bytes (the number of nodes second), its nodes of 20 bytes (parent, left, right, feature with its top bit for "not known goes left", and
 * threshold or leaf) and 16 bytes of statistics a node. Source: `LearnerModelParam`, `GBTreeModelParam` and `TreeParam` in
 * github.com/dmlc/xgboost, release 0.72, and its `RegTree::Load`.
 *
 * @throws Error when the bytes are not such a model
 */
export function readModel(saved: Uint8Array): { base: number; nodes: TreeNodes; treeCount: number } {
  const view = new DataView(saved.buffer, saved.byteOffset, saved.byteLength);
  try {
    let at = LEARNER_BYTES;
    at += 8 + Number(view.getBigUint64(at, true));
    at += 8 + Number(view.getBigUint64(at, true));
    const treeCount = view.getInt32(at, true);
    at += BOOSTER_BYTES;
    const nodes = new NodeTable();
    for (let tree = 0; tree < treeCount; tree++) {
      const count = view.getInt32(at + 4, true);
      nodes.addTree(view, at + TREE_BYTES);
      at += TREE_BYTES + count * (NODE_BYTES + STATISTICS_BYTES);
    }
    return { base: view.getFloat32(0, true), nodes: nodes.table(), treeCount };
  } catch (error) {
    throw new Error("What XGBoost saved is not in the form of its releases of 2018; is another version of ml-xgboost installed?", {
      cause: error,
    });
  }
}

const LEARNER_BYTES = 136;
const BOOSTER_BYTES = 160;
const TREE_BYTES = 148;
const NODE_BYTES = 20;
const STATISTICS_BYTES = 16;
const TOP_BIT = 0x8000_0000;

/** Collects trees breadth first, so that children stand side by side; nodes that pruning took away are not reached and left out. */
class NodeTable {
  readonly #roots: number[] = [];
  readonly #feature: number[] = [];
  readonly #value: number[] = [];
  readonly #left: number[] = [];
  readonly #missingLeft: number[] = [];

  addTree(view: DataView, nodesAt: number): void {
    const first = this.#feature.length;
    this.#roots.push(first);
    const queue = [0];
    for (let i = 0; i < queue.length; i++) {
      const at = nodesAt + queue[i]! * NODE_BYTES;
      const left = view.getInt32(at + 4, true);
      const leaf = left === -1;
      const split = view.getUint32(at + 12, true);
      this.#feature.push(leaf ? -1 : split % TOP_BIT);
      const value = view.getFloat32(at + 16, true);
      this.#value.push(!leaf && value === INSTEAD_OF_MINUS_ONE ? -1 : value);
      this.#left.push(leaf ? 0 : first + queue.length);
      this.#missingLeft.push(!leaf && split >= TOP_BIT ? 1 : 0);
      if (!leaf) queue.push(left, view.getInt32(at + 8, true));
    }
  }

  table(): TreeNodes {
    return {
      roots: Int32Array.from(this.#roots),
      feature: Int32Array.from(this.#feature),
      value: Float32Array.from(this.#value),
      left: Int32Array.from(this.#left),
      missingLeft: Uint8Array.from(this.#missingLeft),
    };
  }
}
