import type { Fitted, Learner } from "../learning/learner.js";
import { type Matrix, withColumns } from "../matrix.js";
import { rowsWhere } from "./crossFolds.js";
import { fitRows } from "./effectLearner.js";
import { checkFinite } from "./trial.js";

/** What is known of customers who were given some depth of discount, 0 included. */
export interface DepthTrial {
  /** n × d, known before the offer */
  readonly features: Matrix;
  /** n depths in percent, 0 to 100 */
  readonly depths: Float64Array;
  /** n quantities bought within the window, 0 for who did not buy */
  readonly quantities: Float64Array;
}

export interface DepthModelParts<Purchase extends Fitted = Fitted, Quantity extends Fitted = Fitted> {
  /** A classifier of buying. Depth is its last column; where it can be told so, it should be told that the probability rises with it. */
  readonly purchase: Learner<Purchase>;
  /** Learns the quantity of those who buy, with depth as its last column. */
  readonly quantity: Learner<Quantity>;
  /** The depths that are ever asked for, in percent, ascending, 0 first. */
  readonly depths: readonly number[];
}

/** What a depth model is made of once it is fitted: enough to keep it and to make it again with `depthModelOf`. */
export interface FittedDepths<Purchase extends Fitted = Fitted, Quantity extends Fitted = Fitted> {
  /** The probability of buying; depth is the last column. */
  readonly purchase: Purchase;
  /** The quantity of those who buy; depth is the last column. */
  readonly quantity: Quantity;
  /** In percent, ascending, 0 first. */
  readonly depths: readonly number[];
}

/** Purchase and quantity at each depth. Both never fall as the discount gets deeper; the margin is computed from them, and peaks. */
export interface DepthModel<Purchase extends Fitted = Fitted, Quantity extends Fitted = Fitted> extends FittedDepths<Purchase, Quantity> {
  /** n × depths, in [0, 1] */
  probabilities(features: Matrix): Matrix;
  /** n × depths, quantity of those who buy, at least 0 */
  quantities(features: Matrix): Matrix;
  /**
   * n × depths, expected margin p · q · ((1 − d) P − C), in the minor units of price and cost, not rounded.
   *
   * @param price P, net of tax, of each row or of all
   * @param cost C, of each row or of all
   */
  margins(features: Matrix, price: Float64Array | number, cost: Float64Array | number): Matrix;
}

/**
 * Fits one model of purchase and one of quantity, with depth as a feature of both: depths are ordered, so what is learned at 10 % helps at
 * 15 %. Whatever the learners are, each row's probability and quantity are made to rise with depth by their running maximum over
 * `depths`; a learner that is monotone already is left as it is. The margin is never constrained.
 *
 * @throws RangeError when sizes differ, there are no rows, a depth or quantity is out of range, nobody bought, or `depths` does not ascend from 0
 */
export function fitDepthModel<Purchase extends Fitted, Quantity extends Fitted>(
  { purchase, quantity, depths }: DepthModelParts<Purchase, Quantity>,
  trial: DepthTrial,
  { seed }: { readonly seed: number },
): DepthModel<Purchase, Quantity> {
  checkDepths(depths);
  checkDepthTrial(trial);
  const features = withColumns(trial.features, trial.depths);
  const rows = rowsWhere(features.rows, () => true);
  const buyers = rowsWhere(features.rows, (i) => trial.quantities[i]! > 0);
  const bought = trial.quantities.map((q) => (q > 0 ? 1 : 0));
  return depthModelOf({
    purchase: fitRows(purchase, { features, targets: bought, rows }, seed, "purchase"),
    quantity: fitRows(quantity, { features, targets: trial.quantities, rows: buyers }, seed, "quantity"),
    depths,
  });
}

/** The model of what was fitted, perhaps long ago. @throws RangeError when the depths do not ascend from 0 */
export function depthModelOf<Purchase extends Fitted, Quantity extends Fitted>(
  fitted: FittedDepths<Purchase, Quantity>,
): DepthModel<Purchase, Quantity> {
  const { purchase, quantity, depths } = fitted;
  checkDepths(depths);
  const probabilities = (asked: Matrix) => rising(asked, depths, (at) => purchase.predict(at).map((p) => Math.min(1, Math.max(0, p))));
  const quantities = (asked: Matrix) => rising(asked, depths, (at) => quantity.predict(at).map((q) => Math.max(0, q)));
  return {
    ...fitted,
    probabilities,
    quantities,
    margins(asked, price, cost) {
      const p = probabilities(asked);
      const q = quantities(asked);
      return { ...p, values: p.values.map((chance, j) => chance * q.values[j]! * marginOf(j, depths, price, cost)) };
    },
  };
}

/** (1 − d) P − C of one cell of n × depths */
function marginOf(cell: number, depths: readonly number[], price: Float64Array | number, cost: Float64Array | number): number {
  const row = Math.floor(cell / depths.length);
  const listed = typeof price === "number" ? price : price[row]!;
  return unitMargin(depths[cell % depths.length]!, listed, typeof cost === "number" ? cost : cost[row]!);
}

/** (1 − d) P − C: what a unit earns at a depth in percent. */
export function unitMargin(depth: number, price: number, cost: number): number {
  return (1 - depth / 100) * price - cost;
}

/** Rows that are asked about together: one call for all depths of one customer, and little memory for many customers. */
const BLOCK = 1024;

/** Predictions at each depth, made to rise with it. */
function rising({ rows, columns, values }: Matrix, depths: readonly number[], predict: (features: Matrix) => Float64Array): Matrix {
  const width = depths.length;
  const risen = new Float64Array(rows * width);
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    const at = { rows: count * width, columns: columns + 1, values: new Float64Array(count * width * (columns + 1)) };
    for (let cell = 0; cell < at.rows; cell++) {
      const row = from + Math.floor(cell / width);
      at.values.set(values.subarray(row * columns, (row + 1) * columns), cell * at.columns);
      at.values[(cell + 1) * at.columns - 1] = depths[cell % width]!;
    }
    predict(at).forEach((value, cell) => {
      const into = from * width + cell;
      risen[into] = cell % width > 0 ? Math.max(value, risen[into - 1]!) : value;
    });
  }
  return { rows, columns: width, values: risen };
}

function checkDepths(depths: readonly number[]): void {
  const ascend = depths.every((d, k) => (k === 0 ? d === 0 : d > depths[k - 1]! && d <= 100));
  if (depths.length === 0 || !ascend) throw new RangeError(`Depths ascend from 0 to at most 100 percent; ${depths.join(", ")} do not.`);
}

function checkDepthTrial({ features, depths, quantities }: DepthTrial): void {
  const { rows } = features;
  if (rows === 0) throw new RangeError("There are no rows to learn the effect of depths from; give some.");
  if (depths.length !== rows || quantities.length !== rows)
    throw new RangeError(
      `There are features of ${rows} rows, ${depths.length} depths and ${quantities.length} quantities; they must be as many.`,
    );
  checkFinite(quantities, "Quantity");
  const deep = depths.findIndex((d) => !(d >= 0 && d <= 100));
  if (deep >= 0) throw new RangeError(`The depth of row ${deep} is ${depths[deep]}; it is a percentage, 0 to 100.`);
  const negative = quantities.findIndex((q) => q < 0);
  if (negative >= 0) throw new RangeError(`Row ${negative} bought ${quantities[negative]}; a quantity is 0 or more.`);
  if (!quantities.some((q) => q > 0)) throw new RangeError(`Nobody in ${rows} rows bought; there is no quantity to learn.`);
}
