/**
 * Rungs 1 to 3 of the ladder: what a depth was found to change where chance decided it. A depth's effect is the mean AIPW score of customers of like
 * predicted effect (Chernozhukov et al. 2018), never the prediction itself: this only says who is like whom.
 */
import { encodeFeatures, FEATURE_SCHEMA } from "../response/encodeFeatures.js";
import { ModelMismatch } from "../response/loadModel.js";
import type { ResponseFeatures, ResponseModel, StoredModel } from "../response/responseModel.js";
import { depthLogOdds } from "../response/priorElasticityModel.js";
import { sigmoid } from "../response/fitLogistic.js";
import { liftFor } from "./depthLifts.js";
import { type EffectModel, effectModelOf, type OfferedItem } from "./effectModel.js";
import type { MeasuredElasticity } from "./measuredElasticity.js";
import type { Belief } from "./thompson.js";
import type { ArmCount } from "./upliftLog.js";
import { areUpliftParts, isRecord, requireSoundParts, UPLIFT_FORMAT, UPLIFT_KIND, type UpliftParts } from "./upliftParts.js";
import { MeasuredResponse } from "./measuredResponse.js";

export type { OfferedItem } from "./effectModel.js";

/** What a depth changes for a customer, minor units over the window of an outcome. */
export interface LiftFound {
  /** Percent, above 0. */
  readonly depth: number;
  /**
   * The customer's own predicted effect, which says in which bin they are: of this depth, or of the better known one that it is likened to. The mean of all
   * where effects are pooled.
   */
  readonly predicted: number;
  /** L: the cautious lower bound. */
  readonly lower: number;
  readonly belief: Belief;
}

/** What a decision's record keeps of an uplift model. */
export interface UpliftDescription {
  readonly kind: typeof UPLIFT_KIND;
  readonly rung: 1 | 2 | 3;
  /** Why this rung and no higher one. */
  readonly reason: string;
  readonly featureSchema: string;
  /** Rows. */
  readonly trainedOn: number;
  readonly customersPerArm: readonly ArmCount[];
  readonly elasticity: MeasuredElasticity;
  /** In words, for people. */
  readonly effectOfDepth: string;
}

export class UpliftModel {
  readonly description: UpliftDescription;
  /** The measured ones, percent, ascending, without 0. */
  readonly depths: readonly number[];
  readonly #effects: EffectModel | null;

  /** @throws RangeError when the parts are damaged */
  constructor(readonly parts: UpliftParts) {
    requireSoundParts(parts);
    const { rung, reason, trainedOn, customersPerArm, elasticity } = parts;
    this.#effects = parts.effects && effectModelOf(parts.effects);
    this.depths = parts.lifts.map(({ depth }) => depth);
    this.description = {
      kind: UPLIFT_KIND,
      rung,
      reason,
      featureSchema: FEATURE_SCHEMA,
      trainedOn,
      customersPerArm,
      elasticity,
      effectOfDepth: inWords(parts),
    };
  }

  /**
   * What every measured depth changes for a customer, by rising depth.
   *
   * @throws RangeError when price or cost is not a number from 0
   */
  lifts(features: ResponseFeatures, item: OfferedItem): LiftFound[] {
    return this.liftsAt(encodeFeatures(features), item);
  }

  /** As `lifts`, of features that `encodeFeatures` has encoded. */
  liftsAt(encoded: Float64Array, item: OfferedItem): LiftFound[] {
    const { priceMinor, costMinor } = item;
    if (!(priceMinor >= 0 && costMinor >= 0 && Number.isFinite(priceMinor) && Number.isFinite(costMinor)))
      throw new RangeError(`An item of price ${priceMinor} and cost ${costMinor} cannot be judged; give minor units from 0.`);
    const effects = this.#effects?.effects(encoded, item);
    return this.parts.lifts.map((lift) => {
      const predicted = lift.personal ? effects![this.#effects!.depths.indexOf(lift.sortedBy ?? lift.depth)]! : lift.bins[0]!.mean;
      return { depth: lift.depth, predicted, ...liftFor(lift, predicted) };
    });
  }

  /** The response at each depth as it was measured, around what `base` says of full price. */
  respond(base: ResponseModel): ResponseModel {
    return new MeasuredResponse(this, base);
  }

  /**
   * The chance to buy at a depth. On rung 3 by the trees, between the depths that they learned on a straight line and outside as at the nearest; else
   * odds(0) · (1 − d)^−ε.
   *
   * @param encoded features as of `encodeFeatures`
   * @param depth percent; NaN is 0
   * @param baseLogOdds of buying at full price
   */
  probabilityAt(encoded: Float64Array, depth: number, baseLogOdds: number): number {
    const model = this.#effects;
    if (!model?.curves) return sigmoid(baseLogOdds + depthLogOdds(this.parts.elasticity.value, depth));
    return between(model.depths, model.curves(encoded).probabilities, depth);
  }

  /** Units of those who buy at a depth; null where only their number at full price is known. */
  quantityAt(encoded: Float64Array, depth: number): number | null {
    const model = this.#effects;
    return model?.curves ? between(model.depths, model.curves(encoded).quantities, depth) : null;
  }

  toJSON(): StoredModel {
    return { kind: UPLIFT_KIND, formatVersion: UPLIFT_FORMAT, featureSchema: FEATURE_SCHEMA, parameters: this.parts };
  }
}

/**
 * Reads an uplift model back from what `toJSON` gave (parsed JSON).
 *
 * @throws ModelMismatch when it is of another kind, format or feature schema than this code serves, or is damaged
 */
export function loadUplift(stored: unknown): UpliftModel {
  if (!isRecord(stored)) throw new ModelMismatch("The stored uplift model is not an object; learn it again.");
  const { kind, formatVersion, featureSchema, parameters } = stored;
  if (kind !== UPLIFT_KIND) throw new ModelMismatch(`A model of kind ${String(kind)} is no ${UPLIFT_KIND} model; learn it again.`);
  if (formatVersion !== UPLIFT_FORMAT)
    throw new ModelMismatch(
      `The uplift model has format ${String(formatVersion)}, this service reads ${UPLIFT_FORMAT}; learn it again or update the service.`,
    );
  if (featureSchema !== FEATURE_SCHEMA)
    throw new ModelMismatch(
      `The uplift model was learned on the features ${String(featureSchema)}, this service computes ${FEATURE_SCHEMA}; learn it again.`,
    );
  const damaged = "The uplift model's parameters are damaged; load an earlier one or learn it again";
  if (!areUpliftParts(parameters)) throw new ModelMismatch(`${damaged}.`);
  try {
    return new UpliftModel(parameters);
  } catch (error) {
    throw new ModelMismatch(`${damaged}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A value between those at rising depths, on a straight line; outside that of the nearest. */
function between(depths: readonly number[], values: Float64Array, depth: number): number {
  const above = depths.findIndex((each) => each >= depth);
  if (above === 0 || Number.isNaN(depth)) return values[0]!;
  if (above < 0) return values.at(-1)!;
  const [low, high] = [depths[above - 1]!, depths[above]!];
  const share = (depth - low) / (high - low);
  return values[above - 1]! * (1 - share) + values[above]! * share;
}

function inWords({ rung, trainedOn, elasticity, lifts }: UpliftParts): string {
  const { value, low, high } = elasticity;
  const measured = `measured elasticity ${value.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
  const personal = lifts.filter((lift) => lift.personal && lift.sortedBy === undefined).map(({ depth }) => depth);
  const likened = lifts.flatMap(({ depth, sortedBy }) =>
    sortedBy === undefined ? [] : [`${depth} % by groups of like effect of ${sortedBy} %`],
  );
  const pooled = lifts.filter((lift) => !lift.personal).map(({ depth }) => depth);
  const whose = [
    ...(personal.length > 0
      ? [`each customer's own effect of ${personal.join(", ")} % by ${rung === 3 ? "boosted trees" : "linear models"}`]
      : []),
    ...likened,
    ...(pooled.length > 0 ? [`one effect of ${pooled.join(", ")} % for all customers`] : []),
  ];
  return `${rung === 3 ? "boosted trees of the chance to buy" : measured}; ${whose.join(", ")}; from ${trainedOn} weeks of which chance decided the depth`;
}
