import type { BlendWeights } from "./blend.js";
import type { Evidence } from "./evidence.js";
import type { History } from "./habitPrior.js";

export type ReasonCode = "yourFavourite" | "oftenBoughtWith" | "likedAlongside" | "customersLikeYou" | "matchesTaste" | "popular";

/** Why an item is recommended: the evidence that won. `item` is the one behind the reason, where there is one. */
export interface RankReason {
  readonly code: ReasonCode;
  readonly item?: number;
}

/** What is known of all items. Arrays are indexed by item. */
export interface RankerEvidence extends Evidence {
  /** How much each kind of evidence counts, from `learnBlend`. */
  readonly weights: BlendWeights;
  /** Whether an item is in one basket with another more often than by chance; a rule of histories is told as one of baskets only then. */
  readonly inOneBasket: (item: number, other: number) => boolean;
  /** Baskets that everybody's habits weigh against the customer's own, from `habitPrior`. */
  readonly priorBaskets: number;
  /** Margin of one unit at list price, minor units; NaN = unknown, last among equals. */
  readonly margins: ArrayLike<number>;
  /** False for what is retired or cannot be had: it never appears. */
  readonly available: (item: number) => boolean;
}

export interface RankedCustomer extends History {
  /** Items that match what the customer declared to like. */
  readonly tastes?: ReadonlySet<number>;
}
