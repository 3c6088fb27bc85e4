/** What a model may know of a customer, an item and the moment. A null is a fact that is missing, not a zero. */
export interface ResponseFeatures {
  /** Days since the customer's last purchase, ≥ 0; null before the first. */
  readonly recencyDays: number | null;
  /** Median days between their purchases, > 0; null with fewer than two. */
  readonly medianGapDays: number | null;
  /** Purchases so far. */
  readonly purchaseCount: number;
  /** Visits a week. */
  readonly frequencyPerWeek: number;
  /** Average order value, minor units; null before the first purchase. */
  readonly averageOrderMinor: number | null;
  /** How likely the customer takes this item, 0 to 1, as the ranking scores it. */
  readonly tasteScore: number;
  /** List price of the item, minor units. */
  readonly priceMinor: number;
}

/** What a model expects of one item at one depth. */
export interface Prediction {
  /** Chance that the customer buys the item while the offer lives, 0 to 1. */
  readonly probability: number;
  /** Units if they buy, ≥ 1. */
  readonly quantity: number;
}

/**
 * The rung of the ladder on which a model stands: 0 prior (no randomised log, no claim of uplift), 1 pooled effect,
 * 2 linear T-learner, 3 boosted.
 */
export type Rung = 0 | 1 | 2 | 3;

/** What a decision's record keeps of its model. */
export interface ModelDescription {
  readonly kind: string;
  readonly rung: Rung;
  /** Version of the features that the model reads; serving refuses another. */
  readonly featureSchema: string;
  /** Rows it was fitted on. */
  readonly trainedOn: number;
  /** In words, for people: where the effect of the depth comes from. */
  readonly effectOfDepth: string;
}

/**
 * What an offer changes: any model that a decision can be made with. Both numbers never fall when the depth rises; the margin is
 * computed from them and never constrained.
 */
export interface ResponseModel {
  readonly description: ModelDescription;
  /** @param depth percent off the list price, 0 to 100; what is outside is read as the nearest of them, NaN as 0 */
  predict(features: ResponseFeatures, depth: number): Prediction;
  /** A plain object for `JSON.stringify`; `loadModel` reads it back. */
  toJSON(): StoredModel;
}

/** A model as it is kept: what `loadModel` checks before it believes the rest. */
export interface StoredModel {
  readonly kind: string;
  readonly formatVersion: number;
  readonly featureSchema: string;
  readonly [field: string]: unknown;
}
