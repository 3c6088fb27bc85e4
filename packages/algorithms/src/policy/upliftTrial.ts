import type { Matrix } from "../matrix.js";
import { rowsWhere } from "../uplift/crossFolds.js";
import type { OfferTrial } from "../uplift/offerLearner.js";
import { armsOfLog, selectLog, type UpliftLog } from "./upliftLog.js";

/** The part of a log in which chance gave one of some depths: a trial of these. */
export interface UpliftTrial {
  /** Percent of each arm, ascending, 0 first. */
  readonly depths: readonly number[];
  /** Its rows. */
  readonly log: UpliftLog;
  readonly trial: OfferTrial & { readonly clusters: ArrayLike<number> };
  /** n × arms: with which probability each was drawn, given that one of them was. Each row sums to 1. */
  readonly propensities: Matrix;
}

/** @throws RangeError when a depth is none of the log's */
export function upliftTrial(log: UpliftLog, depths: readonly number[]): UpliftTrial {
  const columns = depths.map((depth) => log.drawable.indexOf(depth));
  if (columns.includes(-1)) throw new RangeError(`Of the depths ${depths.join(", ")} the log could draw ${log.drawable.join(", ")} only.`);
  const drawn = armsOfLog(log);
  const part = selectLog(
    log,
    rowsWhere(drawn.length, (row) => columns.includes(drawn[row]!)),
  );
  const arms = armsOfLog({ depths: part.depths, drawable: depths });
  const width = depths.length;
  const values = new Float64Array(arms.length * width);
  for (let row = 0; row < arms.length; row++) {
    const chances = columns.map((column) => part.propensities.values[row * log.drawable.length + column]!);
    const all = chances.reduce((sum, p) => sum + p, 0);
    // rounding must not take a chance above 1
    chances.forEach((p, arm) => (values[row * width + arm] = Math.min(1, p / all)));
  }
  return {
    depths,
    log: part,
    trial: { features: part.features, arms, armCount: width, outcomes: part.outcomes, clusters: part.customers },
    propensities: { rows: arms.length, columns: width, values },
  };
}

/** The depths whose effect the trial shows: of rows in which they and no offer had a chance, both were given to at least so many customers. */
export function measurableDepths({ depths, trial, propensities }: UpliftTrial, customers: number): number[] {
  return depths.filter((_, arm) => {
    if (arm === 0) return false;
    const given = [new Set<number>(), new Set<number>()] as const;
    trial.arms.forEach((drawn, row) => {
      const both = propensities.values[row * depths.length]! > 0 && propensities.values[row * depths.length + arm]! > 0;
      if (both && (drawn === 0 || drawn === arm)) given[drawn === 0 ? 0 : 1].add(trial.clusters[row]!);
    });
    return given.every((each) => each.size >= customers);
  });
}
