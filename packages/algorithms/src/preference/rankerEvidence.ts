import type { BlendWeights } from "./blend.js";
import type { Evidence } from "./evidence.js";
import type { History } from "./habitPrior.js";
import type { Novelty } from "./novelty.js";

export type ReasonCode = "yourFavourite" | "oftenBoughtWith" | "likedAlongside" | "customersLikeYou" | "matchesTaste" | "popular";

/** Why an item is recommended: the evidence that won. `item` is the one behind the reason, where there is one. */
export interface RankReason {
  readonly code: ReasonCode;
  readonly item?: number;
}

/** By how much the chances of known and of new items are raised or lowered, so that they are what later baskets show; above 0, 1 = as they are. */
export interface Trust {
  readonly known: number;
  /** At most known / (1 − surprise): what leads the news is never made more of than what a customer is known to take. */
  readonly news: number;
}

/** How what a customer had is weighed against what is new to them, from `learnHabits`. */
export interface Habits {
  /** Per item the share of the usual customer's baskets that hold it, 0 to 1 (`usualShares`). */
  readonly usual: ArrayLike<number>;
  /** Baskets of the usual customer that weigh against the customer's own (`habitPrior`). */
  readonly priorBaskets: number;
  /** Mean number of different items in a basket. */
  readonly basketSize: number;
  readonly novelty: Novelty;
  /** Share of news that may be anything, in [0, 1) (`fitSurprise`). */
  readonly surprise: number;
  readonly trust: Trust;
}

/** What is known of all items. Arrays are indexed by item. */
export interface RankerEvidence extends Evidence {
  /** How much each kind of evidence counts, from `learnBlend`. */
  readonly weights: BlendWeights;
  readonly habits: Habits;
  /** Whether an item is in one basket with another more often than by chance; only then are the words "often bought with". */
  readonly inOneBasket: (item: number, other: number) => boolean;
  /** Margin of one unit at list price, minor units; NaN = unknown, last among equals. */
  readonly margins: ArrayLike<number>;
  /** False for what is retired or cannot be had: it never appears. */
  readonly available: (item: number) => boolean;
}

export interface RankedCustomer extends History {
  /** Items that match what the customer declared to like. */
  readonly tastes?: ReadonlySet<number>;
}
