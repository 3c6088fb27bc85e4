/** The game with customers who never wait (δ_c = 0) but do remember, solved without restriction to threshold policies: a bound and a check. */
import { remember, utility } from "./demand.js";
import { marginAt, permittedDepths, requireGame, type Demand, type GameTerms } from "./gameTerms.js";
import { interpolate, rememberedAt, type ReferenceGrid } from "./referenceGrid.js";

/** A depth (percent) for what the customer remembers (percent). */
export type DepthRule = (remembered: number) => number;

/**
 * The best of all stationary policies by dynamic programming: V(r) = max over d of p(d, r) [(1 − d) P − C] + δ V(r′), iterated to 1e-10 of the
 * price. Bellman 1957; Popescu & Wu 2007.
 *
 * @returns the depth with the greatest interpolated value; ties go to less discount
 * @throws RangeError naming the term that is outside its range
 */
export function solveWithoutWaiting(terms: GameTerms, demand: Demand): DepthRule {
  requireGame(terms, demand);
  const depths = permittedDepths(terms);
  const grid: ReferenceGrid = { points: terms.gridPoints ?? 161, top: terms.depths.at(-1)! };
  const margins = depths.map((depth) =>
    Float64Array.from({ length: grid.points }, (_, i) => expectedMargin(terms, demand, depth, rememberedAt(grid, i))),
  );
  let value = new Float64Array(grid.points);
  for (let change = Infinity; change > 1e-10 * terms.price;) {
    const worths = worthOf(terms, depths, margins, grid, value);
    const next = value.map((_, i) => Math.max(...worths.map((worth) => worth[i]!)));
    change = next.reduce((most, each, i) => Math.max(most, Math.abs(each - value[i]!)), 0);
    value = next;
  }
  const worths = worthOf(terms, depths, margins, grid, value);
  return (remembered) => {
    const at = worths.map((worth) => interpolate(grid, worth, remembered));
    return depths[at.findIndex((each) => each >= Math.max(...at) - 1e-9 * terms.price)]!;
  };
}

/**
 * The discounted margin of a rule over these epochs, from a remembered depth (percent), in the unit of the price. Each offer is seen, each
 * purchase counts with its probability.
 */
export function rollOut(terms: GameTerms, demand: Demand, rule: DepthRule, remembered: number, epochs = 400): number {
  let value = 0;
  let weight = 1;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const depth = rule(remembered);
    value += weight * expectedMargin(terms, demand, depth, remembered);
    weight *= terms.leaderDiscount;
    remembered = remember(terms.memory, remembered, depth);
  }
  return value;
}

function worthOf(
  terms: GameTerms,
  depths: readonly number[],
  margins: Float64Array[],
  grid: ReferenceGrid,
  value: Float64Array,
): Float64Array[] {
  return depths.map((depth, k) =>
    margins[k]!.map(
      (margin, i) => margin + terms.leaderDiscount * interpolate(grid, value, remember(terms.memory, rememberedAt(grid, i), depth)),
    ),
  );
}

function expectedMargin(terms: GameTerms, demand: Demand, depth: number, remembered: number): number {
  return marginAt(terms, depth) / (1 + Math.exp(-utility(demand, depth, remembered)));
}
