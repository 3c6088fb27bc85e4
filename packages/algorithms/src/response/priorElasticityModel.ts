/**
 * Rung 0 of the ladder: what a chain has on day one. History says how likely a customer buys an item at full price; no
 * history says what a discount would change, because nobody was offered one at random. So the base probability is fitted and the
 * effect of the depth is a prior, named as such in every decision.
 *
 * odds(d) = odds(0) · (1 − d)^−ε. The prior ε = 2 is the mean of published price elasticities, 2.62 (Bijmolt, van Heerde & Pieters 2005, 1,851
 * elasticities), shrunk by a quarter because part of such a bump is only borrowed from later (van Heerde, Gupta & Wittink 2003).
 */
import { COLUMNS, encodeFeatures, FEATURE_SCHEMA } from "./encodeFeatures.js";
import { sigmoid } from "./fitLogistic.js";
import type { ModelDescription, Prediction, ResponseFeatures, ResponseModel, StoredModel } from "./responseModel.js";

export const PRIOR_ELASTICITY = 2;
export const PRIOR_ELASTICITY_KIND = "priorElasticity";
export const PRIOR_ELASTICITY_FORMAT = 1;

/** Everything that the model is. Arrays have one number for each of `COLUMNS`. */
export interface PriorElasticityParameters {
  /** Log-odds of an average row at full price. */
  readonly intercept: number;
  /** Change of the log-odds per standard deviation of the column. */
  readonly coefficients: readonly number[];
  readonly means: readonly number[];
  /** Standard deviations; 0 marks a column that never varied and does not count. */
  readonly deviations: readonly number[];
  /** Units of an item that a buyer takes, ≥ 1. */
  readonly quantity: number;
  /** ε ≥ 0. */
  readonly elasticity: number;
  readonly trainedOn: number;
}

/** No price is so low that the odds grow without bound: beyond 95 % off nothing more is expected. */
const LEAST_SHARE_OF_PRICE = 0.05;

/** What a depth adds to the log odds of buying: −ε ln(1 − d). @param depth percent; below 0 and NaN are 0, beyond 95 is 95 */
export function depthLogOdds(elasticity: number, depth: number): number {
  const share = Math.max(LEAST_SHARE_OF_PRICE, 1 - Math.max(0, Number.isNaN(depth) ? 0 : depth) / 100);
  return -elasticity * Math.log(share);
}

export class PriorElasticityModel implements ResponseModel {
  readonly description: ModelDescription;

  /** @throws RangeError when the parameters are not those of this schema */
  constructor(readonly parameters: PriorElasticityParameters) {
    requireSound(parameters);
    this.description = {
      kind: PRIOR_ELASTICITY_KIND,
      rung: 0,
      featureSchema: FEATURE_SCHEMA,
      trainedOn: parameters.trainedOn,
      effectOfDepth: `prior elasticity ${parameters.elasticity}, not measured: no claim of uplift`,
    };
  }

  predict(features: ResponseFeatures, depth: number): Prediction {
    const { intercept, coefficients, means, deviations, quantity, elasticity } = this.parameters;
    let logOdds = intercept;
    encodeFeatures(features).forEach((value, column) => {
      const deviation = deviations[column]!;
      if (deviation > 0 && !Number.isNaN(value)) logOdds += (coefficients[column]! * (value - means[column]!)) / deviation;
    });
    return { probability: sigmoid(logOdds + depthLogOdds(elasticity, depth)), quantity };
  }

  toJSON(): StoredModel {
    return {
      kind: PRIOR_ELASTICITY_KIND,
      formatVersion: PRIOR_ELASTICITY_FORMAT,
      featureSchema: FEATURE_SCHEMA,
      parameters: this.parameters,
    };
  }
}

function requireSound(parameters: PriorElasticityParameters): void {
  const { coefficients, means, deviations, intercept, quantity, elasticity, trainedOn } = parameters;
  for (const list of [coefficients, means, deviations]) {
    if (list.length !== COLUMNS.length || !list.every(Number.isFinite)) {
      throw new RangeError(
        `A response model needs ${COLUMNS.length} finite coefficients, means and deviations (${COLUMNS.join(", ")}); train it again.`,
      );
    }
  }
  if (
    !(
      Number.isFinite(intercept) &&
      quantity >= 1 &&
      Number.isFinite(quantity) &&
      elasticity >= 0 &&
      Number.isFinite(elasticity) &&
      trainedOn >= 0
    )
  ) {
    throw new RangeError(
      "A response model needs a finite intercept, a quantity of at least 1 and an elasticity of at least 0; train it again.",
    );
  }
}
