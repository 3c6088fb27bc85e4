import { interpolate, type ReferenceGrid, type Transition } from "./referenceGrid.js";

export interface ValuedPolicy {
  readonly grid: ReferenceGrid;
  /** m(r), the expected margin of one epoch at every grid point. */
  readonly margin: Float64Array;
  readonly transition: Transition;
  /** δ, 0 to below 1. */
  readonly discount: number;
  /** Largest error allowed, in the unit of the margin. */
  readonly tolerance: number;
}

/** What a policy must be able to reach to be of interest. */
export interface Rival {
  /** Percent. */
  readonly remembered: number;
  readonly value: number;
}

/**
 * V_π of a policy on every point of the grid: V(r) = m(r) + δ V(r′).
 *
 * Value iteration between two bounds: after each round V lies between its value + δ / (1 − δ) times the least and the greatest change
 * (MacQueen 1966; Puterman 1994, section 6.6.3). It stops when the bounds meet to `tolerance`, or, with a rival, as soon as the upper bound
 * is below the rival's value: most policies of a search need few rounds.
 *
 * @returns null when the policy cannot reach the rival
 */
export function policyValue(
  { grid, margin, transition: { below, share }, discount, tolerance }: ValuedPolicy,
  rival?: Rival,
): Float64Array | null {
  const rest = discount / (1 - discount);
  const points = margin.length;
  let value = new Float64Array(points);
  let next = new Float64Array(points);
  for (;;) {
    let least = Infinity;
    let most = -Infinity;
    for (let i = 0; i < points; i++) {
      const at = below[i]!;
      const worth = margin[i]! + discount * (value[at]! + share[i]! * (value[at + 1]! - value[at]!));
      const change = worth - value[i]!;
      if (change < least) least = change;
      if (change > most) most = change;
      next[i] = worth;
    }
    [value, next] = [next, value];
    if (rest * (most - least) <= tolerance) return value.map((each) => each + (rest * (least + most)) / 2);
    if (rival !== undefined && interpolate(grid, value, rival.remembered) + rest * most < rival.value) return null;
  }
}
