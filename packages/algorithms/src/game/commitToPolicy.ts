/**
 * The shop's side of the discount game: a Stackelberg leader commits to a threshold policy and the customer best-responds. Without the
 * commitment policy and expectation would chase each other. Anderson & Simester 2004; Popescu & Wu 2007; Zhang et al. 2020; Baek, Ma &
 * Mitrofanov 2025.
 */
import { bestResponse, type Follower } from "./follower.js";
import { marginAt, permittedDepths, requireGame, requirePatience, requireWithin, type Demand, type GameTerms } from "./gameTerms.js";
import { policyValue, type Rival } from "./policyValue.js";
import { interpolate, rememberedAt, transitionOf, type ReferenceGrid } from "./referenceGrid.js";
import { depthFor, meanDepth, thresholdPolicies, type ThresholdPolicy } from "./thresholdPolicy.js";

export interface GameQuestion {
  readonly terms: GameTerms;
  readonly demand: Demand;
  /** δ_c, 0 (lives for today) to 0.999. */
  readonly patience: number;
  /** r₀, percent remembered at the start, 0 to the deepest depth; 0 unless told. */
  readonly remembered?: number;
}

/** The policy that the shop commits to. Plain JSON, to be kept with a model. */
export interface Commitment {
  readonly policy: ThresholdPolicy;
  /** V_π(r₀), in the unit of the price. */
  readonly value: number;
  /** Percent over 400 epochs. */
  readonly meanDepth: number;
  readonly grid: ReferenceGrid;
  /** V_π on the grid, in the unit of the price. */
  readonly values: readonly number[];
  readonly terms: GameTerms;
  readonly demand: Demand;
  readonly patience: number;
}

/** What one policy is worth against the customer who knows it. */
export interface PlayedPolicy {
  readonly follower: Follower;
  /** V_π on the grid. */
  readonly values: Float64Array;
}

/** Values this near, as a share of the price, are ties. */
const TIE = 1e-9;
const NEVER: ThresholdPolicy = { high: 0, low: 0, threshold: 100 };

/**
 * The best committed threshold policy by exhaustive search over the permitted depths and thresholds (369 policies for nine depths); ties go to
 * less discount.
 *
 * @throws RangeError naming the term that is outside its range
 */
export function commitToPolicy(question: GameQuestion): Commitment {
  const { terms, demand, patience, remembered = 0 } = question;
  const grid = gridOf(terms);
  requireGame(terms, demand);
  requirePatience(patience);
  requireWithin("remembered depth", remembered, 0, grid.top);
  let best: { policy: ThresholdPolicy; value: number; values: Float64Array } = {
    policy: NEVER,
    value: -Infinity,
    values: new Float64Array(0),
  };
  for (const policy of thresholdPolicies(permittedDepths(terms))) {
    const rival = { remembered, value: best.value + TIE * terms.price };
    const played = playPolicy(question, policy, rival);
    const value = played === null ? -Infinity : interpolate(grid, played.values, remembered);
    if (played !== null && value > rival.value) best = { policy, value, values: played.values };
  }
  const { policy, value, values } = best;
  const mean = meanDepth(policy, terms.memory, remembered);
  return { policy, value, meanDepth: mean, grid, values: Array.from(values), terms, demand, patience };
}

/** Plays one policy: the customer's best response and V_π; null when it cannot reach the rival. The question is taken as checked. */
export function playPolicy({ terms, demand, patience }: GameQuestion, policy: ThresholdPolicy, rival?: Rival): PlayedPolicy | null {
  const grid = gridOf(terms);
  const depthAt = (remembered: number): number => depthFor(policy, remembered);
  const transition = transitionOf(grid, terms.memory, depthAt);
  const follower = bestResponse({ grid, demand, patience, depthAt, transition });
  const margin = follower.probability.map((p, i) => p * marginAt(terms, depthAt(rememberedAt(grid, i))));
  // values grow with 1 / (1 − δ), and rounding with them: the bounds must be able to meet
  const tolerance = (2e-12 * terms.price) / (1 - terms.leaderDiscount);
  const values = policyValue({ grid, margin, transition, discount: terms.leaderDiscount, tolerance }, rival);
  return values === null ? null : { follower, values };
}

function gridOf({ depths, gridPoints = 161 }: GameTerms): ReferenceGrid {
  return { points: gridPoints, top: depths.at(-1) ?? 0 };
}
