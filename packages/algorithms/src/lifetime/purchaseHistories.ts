/**
 * What the model of visits needs of each customer, one place of each array a customer. Weeks are counted from the customer's own first
 * purchase, which itself is not counted: it made them a customer.
 */
export interface PurchaseHistories {
  /** x: purchases after the first; whole numbers ≥ 0. */
  readonly repeats: ArrayLike<number>;
  /** t_x: weeks from the first purchase to the last; 0 when there is no repeat. */
  readonly lastWeeks: ArrayLike<number>;
  /** T: weeks from the first purchase to the moment of looking; at least t_x. */
  readonly weeks: ArrayLike<number>;
}

/** One customer's history: x, t_x and T. */
export interface PurchaseHistory {
  readonly repeats: number;
  readonly lastWeeks: number;
  readonly weeks: number;
}

/** @throws RangeError that names the first customer whose numbers are none or contradict each other */
export function requireHistories({ repeats, lastWeeks, weeks }: PurchaseHistories): void {
  if (repeats.length !== lastWeeks.length || repeats.length !== weeks.length)
    throw new RangeError(
      `Histories have ${repeats.length} repeats, ${lastWeeks.length} last weeks and ${weeks.length} weeks; each customer needs one of each.`,
    );
  for (let i = 0; i < repeats.length; i++)
    requireHistory({ repeats: repeats[i]!, lastWeeks: lastWeeks[i]!, weeks: weeks[i]! }, `Customer ${i}`);
}

/** @throws RangeError when a number is none or contradicts another; `whose` names it in the message */
export function requireHistory({ repeats, lastWeeks, weeks }: PurchaseHistory, whose = "The customer"): void {
  if (!(Number.isSafeInteger(repeats) && repeats >= 0))
    throw new RangeError(`${whose} has ${repeats} repeat purchases; a whole number from 0 on is needed.`);
  if (!(Number.isFinite(weeks) && lastWeeks >= 0 && lastWeeks <= weeks))
    throw new RangeError(
      `${whose} bought last in week ${lastWeeks} of ${weeks}; weeks since the first purchase must be finite, not negative, and the last purchase not after the end.`,
    );
  if (repeats === 0 && lastWeeks > 0)
    throw new RangeError(`${whose} has no repeat purchase but a last one in week ${lastWeeks}; count it, or set the week to 0.`);
}
