import type { UpliftLog } from "@kava/algorithms/policy/upliftLog";
import { createRandom } from "@kava/algorithms/random";

/** A customer-week of a world whose truth is known. */
export interface Week {
  /** As `encodeFeatures` has them: taste, lateness, frequency, order value, price, newcomer. */
  readonly x: readonly number[];
  readonly price: number;
  readonly cost: number;
}

export interface UpliftWorld {
  readonly seed: number;
  readonly rows: number;
  readonly rowsPerCustomer?: number;
  /** Percent, 0 first. */
  readonly depths: readonly number[];
  /** The chance of each depth; all alike unless told. */
  readonly chances?: (week: Week) => readonly number[];
  /** True log odds of buying the item at a depth; those at 0 are the base that the log tells. */
  readonly logOdds?: (week: Week, depth: number) => number;
  /** What a depth changes of the outcome, beside the margin of the item itself. */
  readonly effect?: (week: Week, depth: number) => number;
  /** Whether the margin of the item is in the outcome. */
  readonly itemCounts?: boolean;
  readonly noise?: number;
}

const PRICE = 500;
const COST = 180;

/** A log of a world: what chance gave, with which probability, and what came of it. */
export function upliftWorld(world: UpliftWorld): UpliftLog {
  const { seed, rows, rowsPerCustomer = 2, depths, effect = () => 0, itemCounts = false, noise = 300 } = world;
  const logOdds = world.logOdds ?? (({ x }, depth) => x[0]! - 2 * Math.log(1 - depth / 100));
  const random = createRandom(seed, "uplift world");
  const log = {
    features: { rows, columns: 6, values: new Float64Array(rows * 6) },
    depths: new Float64Array(rows),
    drawable: depths,
    propensities: { rows, columns: depths.length, values: new Float64Array(rows * depths.length) },
    outcomes: new Float64Array(rows),
    units: new Float64Array(rows),
    prices: new Float64Array(rows).fill(PRICE),
    costs: new Float64Array(rows).fill(COST),
    customers: Float64Array.from({ length: rows }, (_, row) => Math.floor(row / rowsPerCustomer)),
    baseLogOdds: new Float64Array(rows),
  };
  for (let row = 0; row < rows; row++) {
    const order = random.uniform() < 0.1 ? NaN : 6 + 0.5 * random.normal();
    const x = [
      -1 + random.normal(),
      Math.abs(random.normal()),
      random.uniform(),
      order,
      Math.log1p(PRICE),
      random.integer(10) === 0 ? 1 : 0,
    ];
    const week = { x, price: PRICE, cost: COST };
    const chances = world.chances?.(week) ?? depths.map(() => 1 / depths.length);
    let left = random.uniform();
    const arm = chances.findIndex((chance) => (left -= chance) < 0);
    const depth = depths[arm < 0 ? chances.findLastIndex((chance) => chance > 0) : arm]!;
    const units = random.uniform() < 1 / (1 + Math.exp(-logOdds(week, depth))) ? 1 + random.integer(2) : 0;
    log.features.values.set(x, row * 6);
    log.propensities.values.set(chances, row * depths.length);
    log.depths[row] = depth;
    log.units[row] = units;
    log.baseLogOdds[row] = logOdds(week, 0);
    const earned = itemCounts ? units * ((1 - depth / 100) * PRICE - COST) : 0;
    log.outcomes[row] = 1000 + 200 * x[0]! + earned + effect(week, depth) + noise * random.normal();
  }
  return log;
}

/** One effect of each depth for all. */
export const pooledWorld: UpliftWorld = { seed: 3, rows: 4_000, depths: [0, 10, 20], effect: (_, depth) => [0, -40, 60][depth / 10]! };
/** The later a customer is, the more a depth brings; below 0.8 it costs. */
export const linearWorld: UpliftWorld = {
  seed: 5,
  rows: 13_000,
  depths: [0, 10, 20],
  noise: 200,
  effect: ({ x }, depth) => depth * 20 * (x[1]! - 0.8),
};
/** Those who are a little late are changed by a discount, the others are given it for nothing. */
export const lumpyWorld: UpliftWorld = {
  seed: 7,
  rows: 13_000,
  depths: [0, 10, 20],
  itemCounts: true,
  noise: 150,
  logOdds: ({ x }, depth) => (x[1]! > 0.5 && x[1]! < 1.2 ? -3 + 0.25 * depth : 0.5 + 0.01 * depth),
};
