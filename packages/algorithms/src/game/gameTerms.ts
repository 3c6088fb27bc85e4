/**
 * The terms of the discount game: a shop (leader) commits to a policy of depths, a customer (follower) answers it visit by visit. An epoch
 * is one visit opportunity. Depths and remembered depths are percentages; in the formulas d = depth / 100.
 */

/**
 * How a customer answers a depth: u(d, r) = α + β d + γ₊ (d − r)₊ − γ₋ (r − d)₊, with d and r as shares. Reference dependence with losses that
 * may weigh more than gains: Tversky & Kahneman 1991; Popescu & Wu 2007.
 */
export interface Demand {
  /** α, log-odds of buying at list price with nothing remembered; −20 to 20. */
  readonly base: number;
  /** β ≥ 0, what 100 % off would add to them; at most 100. */
  readonly depthEffect: number;
  /** γ₊ ≥ 0, what being 100 % above the remembered depth adds; at most 200. */
  readonly gain: number;
  /** γ₋ ≥ 0, what being 100 % below the remembered depth takes away; at most 200. */
  readonly loss: number;
}

/** What the shop brings to the game. */
export interface GameTerms {
  /** P > 0, in any currency unit; values are in the same unit. */
  readonly price: number;
  /** C ≥ 0, in the unit of the price. */
  readonly cost: number;
  /** Least allowed margin as a share of what is paid, 0 to 1. Depths that break it are not played. */
  readonly floor: number;
  /** Percent, rising, the first 0 and at least one more, below 100. */
  readonly depths: readonly number[];
  /** δ, the weight of the next epoch for the shop, 0 to 0.999. */
  readonly leaderDiscount: number;
  /** ρ, the share of the remembered depth that is kept from one epoch to the next, 0 to 1. */
  readonly memory: number;
  /** Points of the grid of remembered depths from 0 to the deepest depth; 161 unless told. */
  readonly gridPoints?: number;
}

/** θ of the threshold policies that are tried, percent. */
export const THRESHOLDS: readonly number[] = [0, 2.5, 5, 7.5, 10, 15, 20, 25, 30, 35];

/** Depths that keep the floor, percent; 0 always stays: nobody is refused the list price. */
export function permittedDepths({ depths, price, cost, floor }: GameTerms): number[] {
  return depths.filter((depth) => depth === 0 || paid(price, depth) - cost >= floor * paid(price, depth) - 1e-9);
}

/** (1 − d) P − C: what a purchase at this depth (percent) leaves. */
export function marginAt({ price, cost }: Pick<GameTerms, "price" | "cost">, depth: number): number {
  return paid(price, depth) - cost;
}

function paid(price: number, depth: number): number {
  return price * (1 - depth / 100);
}

/** @throws RangeError naming the term that is outside its range */
export function requireGame(terms: GameTerms, demand: Demand): void {
  const { price, cost, floor, leaderDiscount, memory, gridPoints = 161 } = terms;
  if (!(price > 0 && Number.isFinite(price))) throw outside("price", price, "above 0");
  requireWithin("cost", cost, 0, Number.MAX_VALUE);
  requireWithin("floor", floor, 0, 1);
  requireWithin("memory", memory, 0, 1);
  requireWithin("leaderDiscount", leaderDiscount, 0, 0.999);
  if (!(Number.isInteger(gridPoints) && gridPoints >= 3 && gridPoints <= 10_001))
    throw outside("gridPoints", gridPoints, "a whole number from 3 to 10001");
  requireDepths(terms.depths);
  requireWithin("base", demand.base, -20, 20);
  requireWithin("depthEffect", demand.depthEffect, 0, 100);
  requireWithin("gain", demand.gain, 0, 200);
  requireWithin("loss", demand.loss, 0, 200);
}

/** @throws RangeError unless patience δ_c is from 0 to 0.999: from 1 on, waiting has no finite value */
export function requirePatience(patience: number): void {
  requireWithin("patience", patience, 0, 0.999);
}

/** @throws RangeError that names the term and its range */
export function requireWithin(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw outside(name, value, `from ${least} to ${most}`);
}

function requireDepths(depths: readonly number[]): void {
  const rising = depths.every((depth, i) => depth >= 0 && depth < 100 && (i === 0 || depth > depths[i - 1]!));
  if (depths.length < 2 || depths[0] !== 0 || !rising)
    throw outside("depths", `[${depths.join(", ")}]`, "percentages below 100, rising, the first 0 and at least one more");
}

function outside(name: string, value: number | string, range: string): RangeError {
  return new RangeError(`The game's ${name} is ${value} and must be ${range}.`);
}
