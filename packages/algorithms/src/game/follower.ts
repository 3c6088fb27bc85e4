import { utility } from "./demand.js";
import type { Demand } from "./gameTerms.js";
import { rememberedAt, type ReferenceGrid, type Transition } from "./referenceGrid.js";

/** A customer who knows the shop's policy, on every point of the grid of remembered depths. */
export interface Follower {
  /** J_π: the value of having the choice, now and later. */
  readonly value: Float64Array;
  /** J_π's own stationary point when nothing is ever offered: J⁰. */
  readonly neverValue: number;
  /** p = σ(u − δ_c Ŵ) at the depth that the policy plays at that point; 0 to 1. */
  readonly probability: Float64Array;
}

export interface FollowerQuestion {
  readonly grid: ReferenceGrid;
  readonly demand: Demand;
  /** δ_c, the weight of the next epoch for the customer, 0 to 0.999. */
  readonly patience: number;
  /** Percent that the policy plays at a remembered depth. */
  readonly depthAt: (remembered: number) => number;
  readonly transition: Transition;
}

/** Where the iteration stops: the largest change of one round. */
const TOLERANCE = 1e-10;

/**
 * The customer's best response to a committed policy: J_π(r) = ln(e^u + e^(δ_c J_π(r′))), the expectation of the greater of buying and waiting
 * under Gumbel tastes (Rust 1987), by value iteration, a contraction of modulus δ_c. Waiting is worth Ŵ = J_π(r′) − J⁰, so that a shop that
 * never discounts meets p = σ(u).
 */
export function bestResponse({ grid, demand, patience, depthAt, transition }: FollowerQuestion): Follower {
  const u = Float64Array.from({ length: grid.points }, (_, i) => utility(demand, depthAt(rememberedAt(grid, i)), rememberedAt(grid, i)));
  const value = patience === 0 ? Float64Array.from(u, (each) => logAddExp(each, 0)) : iterate(u, patience, transition);
  const neverValue = neverDiscounted(demand.base, patience);
  const probability = Float64Array.from(u, (each, i) => {
    const waiting = along(value, transition, i) - neverValue;
    return 1 / (1 + Math.exp(patience * waiting - each));
  });
  return { value, neverValue, probability };
}

/** In place (Gauss–Seidel): each point uses what the ones before it have just become, which contracts at least as fast. */
function iterate(u: Float64Array, patience: number, transition: Transition): Float64Array {
  const value = new Float64Array(u.length);
  for (let change = Infinity; change > TOLERANCE;) {
    change = 0;
    for (let i = 0; i < u.length; i++) {
      const next = logAddExp(u[i]!, patience * along(value, transition, i));
      change = Math.max(change, Math.abs(next - value[i]!));
      value[i] = next;
    }
  }
  return value;
}

/** J⁰ = ln(e^α + e^(δ_c J⁰)), at list price with nothing remembered. */
function neverDiscounted(base: number, patience: number): number {
  let value = 0;
  for (let change = Infinity; change > 1e-12;) {
    const next = logAddExp(base, patience * value);
    change = Math.abs(next - value);
    value = next;
  }
  return value;
}

/** A value after one epoch, from grid point i. */
function along(values: Float64Array, { below, share }: Transition, i: number): number {
  const at = below[i]!;
  return values[at]! + share[i]! * (values[at + 1]! - values[at]!);
}

/** ln(e^a + e^b), without overflow. */
function logAddExp(a: number, b: number): number {
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}
