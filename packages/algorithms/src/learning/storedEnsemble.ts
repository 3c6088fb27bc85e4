import { TreeEnsemble } from "./treeEnsemble.js";

const KIND = "trees";
const FORMAT = 1;

/** A tree ensemble as plain JSON: some 15 bytes a node, 60 KB for 150 trees of depth 4. */
export interface StoredEnsemble {
  readonly kind: typeof KIND;
  readonly formatVersion: typeof FORMAT;
  readonly features: readonly string[];
  readonly link: "identity" | "logistic";
  readonly base: number;
  readonly roots: readonly number[];
  readonly feature: readonly number[];
  readonly value: readonly number[];
  readonly left: readonly number[];
  readonly missingLeft: readonly number[];
}

/** What to keep of an ensemble: read back by `readEnsemble`, it predicts the same to the last bit. */
export function storeEnsemble({ features, link, base, nodes }: TreeEnsemble): StoredEnsemble {
  return {
    kind: KIND,
    formatVersion: FORMAT,
    features: [...features],
    link,
    base: shortest(base),
    roots: [...nodes.roots],
    feature: [...nodes.feature],
    value: Array.from(nodes.value, shortest),
    left: [...nodes.left],
    missingLeft: [...nodes.missingLeft],
  };
}

/**
 * Reads what `storeEnsemble` gave (parsed JSON).
 *
 * @param features the columns that the reader will ask with, by name and in order
 * @throws RangeError when it is of another kind, format or feature schema, or damaged
 */
export function readEnsemble(stored: unknown, features: readonly string[]): TreeEnsemble {
  if (!isStored(stored))
    throw new RangeError(`What was stored is no tree ensemble of format ${FORMAT}; train again, or update what reads it.`);
  const differs = Math.max(stored.features.length, features.length);
  for (let i = 0; i < differs; i++)
    if (stored.features[i] !== features[i])
      throw new RangeError(
        `Column ${i} of the model is ${stored.features[i] ?? "not there"}, and ${features[i] ?? "nothing"} is computed now; train again on the present features.`,
      );
  const { link, base, roots, feature, value, left, missingLeft } = stored;
  return new TreeEnsemble({
    features: [...features],
    link,
    base,
    nodes: {
      roots: Int32Array.from(roots),
      feature: Int32Array.from(feature),
      value: Float32Array.from(value),
      left: Int32Array.from(left),
      missingLeft: Uint8Array.from(missingLeft),
    },
  });
}

/** Nine digits tell all single-precision numbers apart; more would only be longer. */
function shortest(single: number): number {
  return Number(single.toPrecision(9));
}

function isStored(value: unknown): value is StoredEnsemble {
  if (typeof value !== "object" || value === null) return false;
  const { kind, formatVersion, features, link, base, ...lists } = value as Partial<StoredEnsemble>;
  const numbers = [lists.roots, lists.feature, lists.value, lists.left, lists.missingLeft];
  return (
    kind === KIND &&
    formatVersion === FORMAT &&
    (link === "identity" || link === "logistic") &&
    typeof base === "number" &&
    Array.isArray(features) &&
    features.every((name) => typeof name === "string") &&
    numbers.every((list) => Array.isArray(list) && list.every((n) => typeof n === "number"))
  );
}
