/** How a prediction of counts did on time that it had not seen. */
export interface HoldoutJudgement {
  readonly customers: number;
  readonly predicted: number;
  readonly actual: number;
  /** Predicted less actual, as a share of the actual: −0.12 stands for 12 % too few. Null when nothing happened. BG/NBD takes visits for Poisson, and this shows what that costs. */
  readonly bias: number | null;
  /** Mean absolute error a customer. */
  readonly meanAbsoluteError: number;
}

/** @throws RangeError when there are no customers, the two differ in length, or a number is none */
export function judgeHoldout(predicted: ArrayLike<number>, actual: ArrayLike<number>): HoldoutJudgement {
  const customers = predicted.length;
  if (customers === 0 || customers !== actual.length)
    throw new RangeError(`There are ${customers} predictions and ${actual.length} outcomes; each customer needs one of each.`);
  let sumPredicted = 0;
  let sumActual = 0;
  let sumError = 0;
  for (let i = 0; i < customers; i++) {
    sumPredicted += predicted[i]!;
    sumActual += actual[i]!;
    sumError += Math.abs(predicted[i]! - actual[i]!);
  }
  if (!Number.isFinite(sumError)) throw new RangeError("A prediction or an outcome is no finite number; leave out who has none.");
  return {
    customers,
    predicted: sumPredicted,
    actual: sumActual,
    bias: sumActual === 0 ? null : sumPredicted / sumActual - 1,
    meanAbsoluteError: sumError / customers,
  };
}
