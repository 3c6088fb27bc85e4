import type { AssociationRule } from "./associationRules.js";
import type { History } from "./habitPrior.js";
import type { ItemNeighbours } from "./itemNeighbours.js";

export type ReasonCode = "yourFavourite" | "oftenBoughtWith" | "customersLikeYou" | "matchesTaste" | "popular";

/** Why an item is recommended. `item` is the one behind the reason, where there is one. */
export interface RankReason {
  readonly code: ReasonCode;
  readonly item?: number;
}

/** What is known of all items. Arrays are indexed by item. */
export interface RankerEvidence {
  /** Item-kNN over customers' histories. */
  readonly neighbours: ItemNeighbours;
  readonly rules: readonly AssociationRule[];
  /** Share of the baskets that hold the item, 0 to 1. */
  readonly popularity: ArrayLike<number>;
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
