import type { PolicyLearner } from "./policyLearner.js";
import { type DepthModelParts, fitDepthModel } from "./depthModel.js";
import { bestArms } from "./offerPolicies.js";

/** What a trial does not say of its rows, in its order. Arm k of the trial is the depth `parts.depths[k]`. */
export interface DepthRows {
  /** n quantities bought, 0 for who did not buy */
  readonly quantities: Float64Array;
  /** n prices, net of tax, in minor units */
  readonly prices: Float64Array;
  /** n costs in minor units */
  readonly costs: Float64Array;
}

/**
 * The depth model as a candidate of `choosePolicy`: gives the depth of the highest computed margin, the least deep of equals.
 *
 * @throws RangeError from `learn` as `fitDepthModel`, or when the trial has other arms than there are depths
 */
export function depthPolicy(parts: DepthModelParts, { quantities, prices, costs }: DepthRows, name = "depth model"): PolicyLearner {
  const of = (values: Float64Array, rows: Uint32Array) => Float64Array.from(rows, (row) => values[row]!);
  return {
    name,
    learn({ features, arms, armCount }, { seed, rows }) {
      if (armCount !== parts.depths.length)
        throw new RangeError(`The trial has ${armCount} arms and the model ${parts.depths.length} depths; each arm is one depth.`);
      const depths = Float64Array.from(arms, (arm) => parts.depths[arm]!);
      const model = fitDepthModel(parts, { features, depths, quantities: of(quantities, rows) }, { seed });
      return (asked, those) => bestArms(model.margins(asked, of(prices, those), of(costs, those)));
    },
  };
}
