/** A trial of one offer against none: what came of it, and who was given it. Evaluation needs no more. */
export interface Trial {
  /** n outcomes, finite: 0 and 1, or money */
  readonly outcomes: Float64Array;
  /** n times 1 (was given the offer) or 0 (was not) */
  readonly treated: Uint8Array;
}

/**
 * Refuses what cannot be evaluated or learned from.
 *
 * @throws RangeError when sizes differ, there are no rows, an outcome is not finite, a mark is neither 0 nor 1, or one side is empty
 */
export function checkTrial({ outcomes, treated }: Trial): void {
  const n = outcomes.length;
  if (n === 0) throw new RangeError("A trial without rows says nothing; give at least one treated and one untreated row.");
  if (treated.length !== n)
    throw new RangeError(`A trial has ${n} outcomes but ${treated.length} marks of treatment; it needs one for each row.`);
  checkFinite(outcomes, "Outcome");
  const given = treated.reduce((sum, mark) => sum + mark, 0);
  const strange = treated.findIndex((mark) => mark > 1);
  if (strange >= 0) throw new RangeError(`Row ${strange} is marked ${treated[strange]}; a treated row is marked 1, an untreated one 0.`);
  if (given === 0) throw new RangeError(`None of ${n} rows was treated; without treated rows there is no effect to measure.`);
  if (given === n) throw new RangeError(`All ${n} rows were treated; without untreated rows there is no effect to measure.`);
}

/** @throws RangeError that names the first number that is NaN or infinite */
export function checkFinite(numbers: Float64Array, what: string): void {
  const strange = numbers.findIndex((x) => !Number.isFinite(x));
  if (strange >= 0) throw new RangeError(`${what} of row ${strange} is ${numbers[strange]}; remove the row or fill in a finite number.`);
}
