/** The discount game as it serves: one commitment a segment, each with what of its parameters is assumed. */
import type { Commitment } from "@kava/algorithms/game/commitToPolicy";
import type { ParameterName } from "@kava/algorithms/game/demandPriors";

/** The game of one segment, or of everybody. Plain JSON: it is kept beside the uplift model that it was learned with. */
export interface SegmentGame {
  /** Null: everybody's. */
  segmentId: string | null;
  /** Its price is 1: values are multiples of an item's price. An epoch is a week. */
  commitment: Commitment;
  /** Parameters that the log does not say; patience never is one that it does. */
  assumed: (ParameterName | "patience")[];
  /** Customer-weeks it was learned from. */
  epochs: number;
}

/** Everybody's game first, then those of segments that were large enough for one of their own. */
export type Games = readonly [SegmentGame, ...SegmentGame[]];

/** The game of a customer's segment; everybody's where it has none. */
export const gameOf = (games: Games, segmentId: string | null): SegmentGame =>
  (segmentId === null ? undefined : games.find((game) => game.segmentId === segmentId)) ?? games[0];

/**
 * Share of what an offer teaches that is felt only after `days`: (δ ρ) to the number of weeks. What is felt before is inside the outcome that the effect
 * was measured on, and must not be paid for twice.
 */
export const shareBeyond = ({ terms }: Commitment, days: number): number => (terms.leaderDiscount * terms.memory) ** (days / 7);
