/** A normal prior on the scale of search: α as it is; β, γ₊ and γ₋ as natural logarithms (log-normal); ρ as a logit. */
export interface Prior {
  readonly mean: number;
  /** Above 0. */
  readonly deviation: number;
}

export type ParameterName = "base" | "depthEffect" | "gain" | "loss" | "memory";

/** In the order of the search's vector. */
export const PARAMETERS: readonly ParameterName[] = ["base", "depthEffect", "gain", "loss", "memory"];

export type DemandPriors = Readonly<Record<ParameterName, Prior>>;

/**
 * Assumed, and wide: 18 % buy at a visit; β about 4 (1.5 to 11 holds two thirds); a gain about 1 and a loss about twice a gain (Tversky &
 * Kahneman 1991 find 2 to 2.5); ρ about 0.8, so that half of a depth is forgotten in three visits.
 */
export const DEFAULT_PRIORS: DemandPriors = {
  base: { mean: -1.5, deviation: 1.5 },
  depthEffect: { mean: Math.log(4), deviation: 1 },
  gain: { mean: 0, deviation: 1 },
  loss: { mean: Math.log(2), deviation: 1 },
  memory: { mean: Math.log(4), deviation: 0.75 },
};

/** δ_c per visit opportunity: assumed. A log of who bought cannot tell patience from a smaller effect of the depth. */
export const ASSUMED_PATIENCE = 0.4;
