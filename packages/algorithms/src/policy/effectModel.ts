import { LinearModel } from "../learning/linearModel.js";
import { readEnsemble } from "../learning/storedEnsemble.js";
import type { Matrix } from "../matrix.js";
import { type DepthModel, depthModelOf, unitMargin } from "../uplift/depthModel.js";
import { DEPTH_COLUMNS, type EffectParts } from "./upliftParts.js";

/** The item that would be offered. */
export interface OfferedItem {
  /** List price net of tax, minor units. */
  readonly priceMinor: number;
  readonly costMinor: number;
}

/** What a customer does at each depth, in the order of the depths; neither falls. */
export interface DepthCurves {
  readonly probabilities: Float64Array;
  readonly quantities: Float64Array;
}

/** Predicts a customer's own effect of each depth. */
export interface EffectModel {
  /** Percent, ascending, 0 first. */
  readonly depths: readonly number[];
  /** For one encoded row: what each depth changes against none, in the order of `depths`, minor units. */
  effects(encoded: Float64Array, item: OfferedItem): Float64Array;
  /** Purchase and quantity at each depth; absent where only outcomes were learned. */
  readonly curves?: (encoded: Float64Array) => DepthCurves;
}

/** @throws RangeError when the parts are damaged or of other features */
export function effectModelOf(parts: EffectParts): EffectModel {
  return parts.kind === "boosted" ? boostedEffects(parts) : linearEffects(parts);
}

function linearEffects({ arms }: Extract<EffectParts, { kind: "linear" }>): EffectModel {
  const models = arms.map(({ model }) => new LinearModel(model));
  return {
    depths: arms.map(({ depth }) => depth),
    effects(encoded) {
      const row = asRow(encoded);
      return againstFirst(Float64Array.from(models, (model) => model.predict(row)[0]!));
    },
  };
}

function boostedEffects({ purchase, quantity, depths }: Extract<EffectParts, { kind: "boosted" }>): EffectModel {
  const model = depthModelOf({ purchase: readEnsemble(purchase, DEPTH_COLUMNS), quantity: new LinearModel(quantity), depths });
  const curves = rememberLast((encoded) => curvesOf(model, encoded));
  return {
    depths,
    curves,
    effects(encoded, { priceMinor, costMinor }) {
      const { probabilities, quantities } = curves(encoded);
      return againstFirst(probabilities.map((p, k) => p * quantities[k]! * unitMargin(depths[k]!, priceMinor, costMinor)));
    },
  };
}

function curvesOf(model: DepthModel, encoded: Float64Array): DepthCurves {
  const row = asRow(encoded);
  return { probabilities: model.probabilities(row).values, quantities: model.quantities(row).values };
}

/** A decision asks the same of one customer and item at every depth: the trees need not be walked each time. */
function rememberLast<Answer>(ask: (encoded: Float64Array) => Answer): (encoded: Float64Array) => Answer {
  let last: { readonly asked: Float64Array; readonly answer: Answer } | undefined;
  return (encoded) => {
    if (last === undefined || !last.asked.every((value, i) => Object.is(value, encoded[i])) || last.asked.length !== encoded.length)
      last = { asked: encoded.slice(), answer: ask(encoded) };
    return last.answer;
  };
}

/** One row as a matrix. */
function asRow(values: Float64Array): Matrix {
  return { rows: 1, columns: values.length, values };
}

function againstFirst(values: Float64Array): Float64Array {
  return values.map((value) => value - values[0]!);
}
