import type { Demand } from "./gameTerms.js";

/**
 * u(d, r) = α + β d + γ₊ (d − r)₊ − γ₋ (r − d)₊: the log-odds of buying, were there no tomorrow. Popescu & Wu 2007.
 *
 * @param depth percent offered
 * @param remembered percent expected from memory
 */
export function utility(demand: Demand, depth: number, remembered: number): number {
  const above = (depth - remembered) / 100;
  return demand.base + (demand.depthEffect * depth) / 100 + (above > 0 ? demand.gain : demand.loss) * above;
}

/**
 * r′ = ρ r + (1 − ρ) d: what is remembered after an epoch in which `depth` was seen; an epoch without an offer is one at depth 0. An offer that
 * was not seen teaches nothing, so that it is an epoch without one. Exponential smoothing: Nerlove 1958; Popescu & Wu 2007.
 */
export function remember(memory: number, remembered: number, depth: number): number {
  return memory * remembered + (1 - memory) * depth;
}
