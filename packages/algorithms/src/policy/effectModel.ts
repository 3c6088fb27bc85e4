import { LinearModel } from "../learning/linearModel.js";
import { readEnsemble } from "../learning/storedEnsemble.js";
import type { Matrix } from "../matrix.js";
import { type DepthModel, depthModelOf } from "../uplift/depthModel.js";
import { DEPTH_COLUMNS, type EffectParts } from "./upliftParts.js";

/** The item that would be offered. */
export interface OfferedItem {
  /** List price net of tax, minor units. */
  readonly priceMinor: number;
  readonly costMinor: number;
}

/** Predicts a customer's own effect of each depth. */
export interface EffectModel {
  /** Percent, ascending, 0 first. */
  readonly depths: readonly number[];
  /** For one encoded row: what each depth changes against none, in the order of `depths`, minor units. */
  effects(encoded: Float64Array, item: OfferedItem): Float64Array;
  /** Purchase and quantity at each depth; null where only outcomes were learned. */
  readonly depthModel: DepthModel | null;
}

/** @throws RangeError when the parts are damaged or of other features */
export function effectModelOf(parts: EffectParts): EffectModel {
  if (parts.kind === "boosted") {
    const purchase = readEnsemble(parts.purchase, DEPTH_COLUMNS);
    const depthModel = depthModelOf({ purchase, quantity: new LinearModel(parts.quantity), depths: parts.depths });
    return {
      depths: parts.depths,
      depthModel,
      effects: (encoded, { priceMinor, costMinor }) => againstFirst(depthModel.margins(asRow(encoded), priceMinor, costMinor).values),
    };
  }
  const arms = parts.arms.map(({ model }) => new LinearModel(model));
  return {
    depths: parts.arms.map(({ depth }) => depth),
    depthModel: null,
    effects: (encoded) => {
      const row = asRow(encoded);
      return againstFirst(Float64Array.from(arms, (arm) => arm.predict(row)[0]!));
    },
  };
}

/** One row as a matrix. */
export function asRow(values: Float64Array): Matrix {
  return { rows: 1, columns: values.length, values };
}

function againstFirst(values: Float64Array): Float64Array {
  return values.map((value) => value - values[0]!);
}
