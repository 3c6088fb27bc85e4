import { requireColumns } from "./requireTrainable.js";
import { ABREAST, addLeaves, walkOf, type TreeWalk } from "./treeWalk.js";
import { sigmoid } from "../response/fitLogistic.js";
import type { Fitted } from "./learner.js";
import type { Matrix } from "../matrix.js";

/** The nodes of all trees in one table, tree after tree. A node's right child stands directly after its left one, and both after the node itself. */
export interface TreeNodes {
  /** Where each tree begins. */
  readonly roots: Int32Array;
  /** The column that a node asks about; −1 marks a leaf. */
  readonly feature: Int32Array;
  /** A node's threshold: a row goes left where its number is below it. A leaf's contribution. */
  readonly value: Float32Array;
  /** A node's left child; 0 in leaves. */
  readonly left: Int32Array;
  /** 1 where a row whose number is not known goes left. */
  readonly missingLeft: Uint8Array;
}

export interface TreeEnsembleParts {
  /** The columns by name, in order: the feature schema. */
  readonly features: readonly string[];
  /** From the sum of the leaves to the prediction: "identity" for amounts, "logistic" for probabilities. */
  readonly link: "identity" | "logistic";
  /** What the sum starts from, before the link. */
  readonly base: number;
  readonly nodes: TreeNodes;
}

/** Rows that go through all trees together, so that they and one tree stay in the processor's nearest cache; a multiple of `ABREAST`. */
const BLOCK = 256;

/**
 * Trees whose leaves are summed, as gradient boosting makes them. Plain arrays: predicts at once, in the calling thread, the same on every machine.
 *
 * Sums and comparisons are made in single precision in the order of the trees, because XGBoost does so: a row that stands on a threshold falls
 * to the same side as in training.
 */
export class TreeEnsemble implements Fitted {
  readonly features: readonly string[];
  readonly link: "identity" | "logistic";
  readonly base: number;
  readonly nodes: TreeNodes;
  readonly #walk: TreeWalk;

  /** @throws RangeError when the nodes are not trees over these features: what was damaged is refused here, never walked in circles */
  constructor({ features, link, base, nodes }: TreeEnsembleParts) {
    requireTrees(nodes, features.length);
    if (!Number.isFinite(base)) throw new RangeError(`The base of the trees is ${base}; it must be finite.`);
    this.features = features;
    this.link = link;
    this.base = Math.fround(base);
    this.nodes = nodes;
    this.#walk = walkOf(nodes);
  }

  /** n predictions for n × d: amounts or, with the logistic link, probabilities. NaN stands for "not known". @throws RangeError when d differs */
  predict(features: Matrix): Float64Array {
    const margins = this.margins(features);
    return this.link === "logistic" ? margins.map(sigmoid) : margins;
  }

  /** The sums before the link: log-odds where it is logistic. @throws RangeError when d differs */
  margins(features: Matrix): Float64Array {
    requireColumns(features, this.features.length);
    const { rows, columns, values } = features;
    const margins = new Float64Array(rows);
    const atOnce = Math.min(BLOCK, Math.ceil(rows / ABREAST) * ABREAST);
    const block = new Float32Array(atOnce * columns);
    const sums = new Float32Array(atOnce);
    for (let from = 0; from < rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows - from);
      block.set(values.subarray(from * columns, (from + count) * columns));
      sums.fill(0);
      addLeaves(this.#walk, block, columns, count, sums);
      for (let i = 0; i < count; i++) margins[from + i] = Math.fround(this.base + sums[i]!);
    }
    return margins;
  }
}

function requireTrees({ roots, feature, value, left, missingLeft }: TreeNodes, columns: number): void {
  const count = feature.length;
  if (value.length !== count || left.length !== count || missingLeft.length !== count)
    throw new RangeError("The trees are damaged: their columns differ in length. Load an earlier model or train again.");
  const begin = roots.findIndex((root) => !(root >= 0 && root < count));
  if (begin >= 0)
    throw new RangeError(`Tree ${begin} is damaged: it begins at a node that is not there. Load an earlier model or train again.`);
  for (let node = 0; node < count; node++) {
    const leaf = feature[node] === -1;
    const sound = leaf || (feature[node]! >= 0 && feature[node]! < columns && left[node]! > node && left[node]! + 1 < count);
    if (!sound || !Number.isFinite(value[node]))
      throw new RangeError(
        `Node ${node} of the trees is damaged, or of other features than these ${columns}. Load an earlier model or train again.`,
      );
  }
}

/** An ensemble that answers the same to every row: what is learnt where there is nothing to tell rows apart by. `prediction`: an amount, or a probability in (0, 1). */
export function constantEnsemble(features: readonly string[], link: "identity" | "logistic", prediction: number): TreeEnsemble {
  const base = link === "logistic" ? Math.log(prediction / (1 - prediction)) : prediction;
  const none = { roots: new Int32Array(0), feature: new Int32Array(0), value: new Float32Array(0), left: new Int32Array(0) };
  return new TreeEnsemble({ features, link, base, nodes: { ...none, missingLeft: new Uint8Array(0) } });
}
