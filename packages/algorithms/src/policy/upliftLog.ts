/** Customers' weeks of which chance decided the depth, as typed arrays: what the uplift of depths is learned from and judged by. */
import { type Matrix, selectRows } from "../matrix.js";
import { COLUMNS } from "../response/encodeFeatures.js";
import { checkFinite } from "../uplift/trial.js";

/** One row for each customer and week of which chance decided the depth. */
export interface UpliftLog {
  /** n × `COLUMNS` of `encodeFeatures`, as they were known at the draw; NaN stands for "not known". */
  readonly features: Matrix;
  /** n depths that were drawn, percent; 0: no offer. */
  readonly depths: Float64Array;
  /** Every depth that could be drawn in some row, percent, ascending, 0 first: the columns of `propensities`. */
  readonly drawable: readonly number[];
  /** n × drawable: with which probability each was drawn; 0 where it could not be. Each row sums to 1. */
  readonly propensities: Matrix;
  /** n margins of the customer over the whole window, all items, minor units. */
  readonly outcomes: Float64Array;
  /** n units of the row's item that were bought while its offer would have lived, ≥ 0. */
  readonly units: Float64Array;
  /** n list prices of the row's item, net of tax, minor units, ≥ 0. */
  readonly prices: Float64Array;
  /** n costs of it, minor units, ≥ 0. */
  readonly costs: Float64Array;
  /** The customer of each row, any number: their rows are not independent. */
  readonly customers: ArrayLike<number>;
  /** n log odds of buying the item at full price, by the response model in service. */
  readonly baseLogOdds: Float64Array;
}

/** Customers to whom a depth was drawn. */
export interface ArmCount {
  /** Percent; 0: no offer. */
  readonly depth: number;
  /** Different ones. */
  readonly customers: number;
}

/** Some rows of a log (repetition allowed), in their order. */
export function selectLog(log: UpliftLog, rows: ArrayLike<number>): UpliftLog {
  const of = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]!);
  return {
    features: selectRows(log.features, rows),
    depths: of(log.depths),
    drawable: log.drawable,
    propensities: selectRows(log.propensities, rows),
    outcomes: of(log.outcomes),
    units: of(log.units),
    prices: of(log.prices),
    costs: of(log.costs),
    customers: of(log.customers),
    baseLogOdds: of(log.baseLogOdds),
  };
}

/** For each row the column of the depth that was drawn. @throws RangeError when a depth is not among the drawable ones */
export function armsOfLog({ depths, drawable }: Pick<UpliftLog, "depths" | "drawable">): Int32Array {
  return Int32Array.from(depths, (depth, row) => {
    const arm = drawable.indexOf(depth);
    if (arm < 0) throw new RangeError(`Row ${row} was drawn ${depth} %, which is none of the drawable depths ${drawable.join(", ")}.`);
    return arm;
  });
}

/** How many different customers each drawable depth was drawn to. */
export function countArms(log: Pick<UpliftLog, "depths" | "drawable" | "customers">): ArmCount[] {
  const arms = armsOfLog(log);
  const seen = log.drawable.map(() => new Set<number>());
  arms.forEach((arm, row) => seen[arm]!.add(log.customers[row]!));
  return log.drawable.map((depth, arm) => ({ depth, customers: seen[arm]!.size }));
}

/** The sums of a row's probabilities may differ from 1 by so much: they are stored with few digits. */
const ROUNDING = 1e-3;

/**
 * Refuses a log that would teach nonsense.
 *
 * @throws RangeError that names what does not fit: sizes, a number that is none, a depth that could not have been drawn
 */
export function checkUpliftLog(log: UpliftLog): void {
  const { features, drawable, propensities, depths, customers } = log;
  const rows = depths.length;
  const ascend = drawable.every((depth, k) => (k === 0 ? depth === 0 : depth > drawable[k - 1]! && depth < 100));
  if (drawable.length === 0 || !ascend)
    throw new RangeError(`Drawable depths ascend from 0 to below 100 percent; ${drawable.join(", ") || "none"} do not.`);
  if (features.columns !== COLUMNS.length || propensities.columns !== drawable.length)
    throw new RangeError(
      `A log has ${COLUMNS.length} features and a probability for each of ${drawable.length} depths, not ${features.columns} and ${propensities.columns}.`,
    );
  const columns = { outcomes: log.outcomes, units: log.units, prices: log.prices, costs: log.costs, baseLogOdds: log.baseLogOdds };
  const sizes = { features: features.rows, propensities: propensities.rows, customers: customers.length };
  for (const [name, size] of [...Object.entries(sizes), ...Object.entries(columns).map(([name, of]) => [name, of.length] as const)])
    if (size !== rows) throw new RangeError(`The log has ${rows} depths and ${size} ${name}; each row needs both.`);
  for (const [name, values] of Object.entries(columns)) checkFinite(values, `The number in ${name}`);
  for (const name of ["units", "prices", "costs"] as const) {
    const negative = log[name].findIndex((value) => value < 0);
    if (negative >= 0) throw new RangeError(`The number in ${name} of row ${negative} is ${log[name][negative]}; it is 0 or more.`);
  }
  const endless = features.values.findIndex((value) => Math.abs(value) === Infinity);
  if (endless >= 0)
    throw new RangeError(`The feature ${COLUMNS[endless % COLUMNS.length]} of row ${Math.floor(endless / COLUMNS.length)} is infinite.`);
  checkPropensities(log);
}

function checkPropensities({ propensities: { columns, values }, ...log }: UpliftLog): void {
  armsOfLog(log).forEach((arm, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const sum = own.reduce((total, p) => total + p, 0);
    if (!own.every((p) => p >= 0 && p <= 1) || Math.abs(sum - 1) > ROUNDING)
      throw new RangeError(`The probabilities of row ${row} are ${own.join(", ")}; each lies in 0 to 1 and they sum to 1.`);
    if (!(own[arm]! > 0))
      throw new RangeError(`Row ${row} was drawn ${log.drawable[arm]} %, which it says had no chance; correct the log.`);
  });
}
