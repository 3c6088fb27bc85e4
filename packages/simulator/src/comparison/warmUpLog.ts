/** A random draw of the shop: which depth a customer is sent at the start of each of their weeks. */
export interface WarmUpDecision {
  readonly customer: number;
  /** Day on which it begins. */
  readonly day: number;
  /** Days for which it holds: 7 (one offer) or 28 (the same offer every week for four weeks). */
  readonly days: number;
  /** Fraction of the list price; 0 = nothing is sent. */
  readonly depth: number;
  /** Probability with which this depth was drawn. */
  readonly propensity: number;
}

/** A purchase as the till knows it. */
export interface WarmUpPurchase {
  readonly customer: number;
  readonly day: number;
  /** Depth of the personal offer that was used, 0 without one. */
  readonly depth: number;
  /** At list prices, core currency. */
  readonly list: number;
  /** What it earned: price paid less cost, core currency. */
  readonly margin: number;
}

/** Everything that a shop knows after the warm-up, and all that a policy may learn from. */
export interface WarmUpLog {
  /** Days 0 .. days - 1. */
  readonly days: number;
  /** Number of customers. */
  readonly size: number;
  /** The noisy sign of price sensitivity, by customer. */
  readonly observed: Float64Array;
  /** 1 where the customer is never offered anything. */
  readonly holdout: Uint8Array;
  /** In order of time. */
  readonly decisions: readonly WarmUpDecision[];
  /** In order of time. */
  readonly purchases: readonly WarmUpPurchase[];
  /** customer x day: depth of the offer in hand on the evening of that day (0 where none was seen, or it was used or has expired). */
  readonly inHand: Float64Array;
}
