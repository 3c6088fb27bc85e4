/** Where a search ended. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

interface Vertex {
  readonly at: readonly number[];
  readonly value: number;
}
type Objective = (at: readonly number[]) => number;

/** Values closer than this are one, for a start and for the polish. */
const COARSE = 1e-2;
const FINE = 1e-9;
const MOST_STEPS = 2_000;
const MOST_POLISHES = 8;

/**
 * The lowest point that is found from several starts: Nelder and Mead's simplex (1965) coarsely from each, then from the best one with a fresh
 * simplex until that no longer helps (which is what gets it out of a collapsed simplex). No randomness. Where the objective is not finite is a
 * wall; it must be finite at one of the starts.
 *
 * @throws RangeError when it is finite at none of the starts
 */
export function minimise(objective: Objective, starts: readonly (readonly number[])[]): Minimum {
  const walled: Objective = (at) => {
    const value = objective(at);
    return Number.isFinite(value) ? value : Infinity;
  };
  let best = starts.map((start) => descend(walled, start, 0.5, COARSE)).reduce((least, each) => (each.value < least.value ? each : least));
  if (best.value === Infinity)
    throw new RangeError("The objective is finite at none of the starting points; there is nothing to descend from.");
  for (let polish = 0; polish < MOST_POLISHES; polish++) {
    const before = best.value;
    best = descend(walled, best.at, 0.2, FINE);
    if (before - best.value < FINE * (1 + Math.abs(before))) break;
  }
  return best;
}

/** One run of the simplex. */
function descend(objective: Objective, start: readonly number[], size: number, tolerance: number): Minimum {
  const vertex = (at: readonly number[]): Vertex => ({ at, value: objective(at) });
  let simplex = [start, ...start.map((_, j) => start.map((value, i) => (i === j ? value + size : value)))].map(vertex);
  for (let step = 0; step < MOST_STEPS; step++) {
    simplex.sort((p, q) => (p.value === q.value ? 0 : p.value - q.value));
    const best = simplex[0]!;
    const worst = simplex.at(-1)!;
    if (worst.value - best.value <= tolerance && widthOf(simplex) <= Math.sqrt(tolerance)) break;
    const better = replacement(vertex, simplex);
    if (better) simplex[simplex.length - 1] = better;
    else simplex = simplex.map((each) => (each === best ? each : vertex(between(best.at, each.at, 0.5))));
  }
  return simplex.reduce((least, each) => (each.value < least.value ? each : least));
}

/** What takes the place of the worst vertex, by reflection, expansion or contraction; nothing when the simplex should shrink. */
function replacement(vertex: (at: readonly number[]) => Vertex, simplex: readonly Vertex[]): Vertex | null {
  const worst = simplex.at(-1)!;
  const others = simplex.slice(0, -1);
  const centre = worst.at.map((_, j) => others.reduce((sum, each) => sum + each.at[j]!, 0) / others.length);
  const reflected = vertex(between(centre, worst.at, -1));
  if (reflected.value < others[0]!.value) {
    const expanded = vertex(between(centre, worst.at, -2));
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < others.at(-1)!.value) return reflected;
  const inside = reflected.value < worst.value ? 0.5 * -1 : 0.5;
  const contracted = vertex(between(centre, worst.at, inside));
  return contracted.value < Math.min(worst.value, reflected.value) ? contracted : null;
}

/** The point a share of the way from one to the other; beyond either for shares outside 0 to 1. */
function between(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((value, j) => value + share * (to[j]! - value));
}

function widthOf(simplex: readonly Vertex[]): number {
  return Math.max(...simplex.map((each) => Math.max(...each.at.map((value, j) => Math.abs(value - simplex[0]!.at[j]!)))));
}
