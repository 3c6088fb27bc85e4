import { encodeFeatures, FEATURE_SCHEMA } from "../response/encodeFeatures.js";
import type { ModelDescription, Prediction, ResponseFeatures, ResponseModel, StoredModel } from "../response/responseModel.js";
import type { UpliftModel } from "./upliftModel.js";

/** Of an uplift model on rungs 1 and 2, and on rung 3. */
export const MEASURED_ELASTICITY_KIND = "measuredElasticity";
export const BOOSTED_DEPTH_KIND = "boostedDepth";
const FORMAT = 1;

/** What customers do at each depth as an uplift model has measured it. It is kept as its two parts, of which it is made anew. */
export class MeasuredResponse implements ResponseModel {
  readonly description: ModelDescription;
  readonly #uplift: UpliftModel;
  readonly #base: ResponseModel;
  #last: AtList | undefined;

  /** @param base says what customers do at full price */
  constructor(uplift: UpliftModel, base: ResponseModel) {
    const { rung, trainedOn, effectOfDepth } = uplift.description;
    this.#uplift = uplift;
    this.#base = base;
    this.description = {
      kind: rung === 3 ? BOOSTED_DEPTH_KIND : MEASURED_ELASTICITY_KIND,
      rung,
      featureSchema: FEATURE_SCHEMA,
      trainedOn,
      effectOfDepth,
    };
  }

  predict(features: ResponseFeatures, depth: number): Prediction {
    const { encoded, logOdds, quantity: atList } = this.#atList(features);
    const quantity = this.#uplift.quantityAt(encoded, depth);
    return {
      probability: this.#uplift.probabilityAt(encoded, depth, logOdds),
      quantity: quantity === null ? atList : Math.max(1, quantity),
    };
  }

  /** A decision asks about the same features at every depth: full price is the same for all of them. */
  #atList(features: ResponseFeatures): AtList {
    if (this.#last?.features === features) return this.#last;
    const { probability, quantity } = this.#base.predict(features, 0);
    const encoded = encodeFeatures(features);
    return (this.#last = { features, encoded, logOdds: Math.log(probability / (1 - probability)), quantity });
  }

  toJSON(): StoredModel {
    const { kind } = this.description;
    return { kind, formatVersion: FORMAT, featureSchema: FEATURE_SCHEMA, base: this.#base.toJSON(), uplift: this.#uplift.toJSON() };
  }
}

/** What is known of features before a depth is. */
interface AtList {
  readonly features: ResponseFeatures;
  readonly encoded: Float64Array;
  /** Of buying at full price. */
  readonly logOdds: number;
  readonly quantity: number;
}
