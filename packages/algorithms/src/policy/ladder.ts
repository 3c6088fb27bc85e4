import type { Rung } from "../response/responseModel.js";

/** Randomised rows that each arm needs before an effect is claimed, and before it is claimed to differ between customers. */
export const POOLED_FROM = 500;
export const LINEAR_FROM = 3000;

export interface Evidence {
  /** Randomised rows of each arm that is in use, no offer among them; empty when nothing was randomised. */
  readonly rowsPerArm: readonly number[];
  /** Cross-validated policy value per customer of the linear learners; null when it was not computed. */
  readonly linearValue: number | null;
  /** That of the boosted ones, on the same rows. */
  readonly boostedValue: number | null;
}

export interface RungFound {
  readonly rung: Rung;
  /** Why this rung and no higher one, for the decision's record. */
  readonly reason: string;
}

/**
 * The rung of the ladder of evidence: 0 prior, no claim of uplift; 1 from 500 customers per arm, one pooled effect; 2 from 3,000, linear learners;
 * 3 boosted ones, only where their cross-validated policy value is higher than that of the linear ones.
 *
 * @throws RangeError when a count is not a whole number from 0
 */
export function rungOf({ rowsPerArm, linearValue, boostedValue }: Evidence): RungFound {
  const strange = rowsPerArm.find((rows) => !(Number.isInteger(rows) && rows >= 0));
  if (strange !== undefined) throw new RangeError(`An arm has ${strange} randomised rows; give whole numbers from 0.`);
  const least = rowsPerArm.length < 2 ? 0 : Math.min(...rowsPerArm);
  if (least < POOLED_FROM)
    return { rung: 0, reason: `The smallest arm has ${least} randomised rows of the ${POOLED_FROM} that a pooled effect needs.` };
  if (least < LINEAR_FROM)
    return { rung: 1, reason: `The smallest arm has ${least} randomised rows of the ${LINEAR_FROM} that a personal effect needs.` };
  if (linearValue === null || boostedValue === null)
    return { rung: 2, reason: "Boosted and linear learners have not been compared by cross-validated policy value." };
  return boostedValue > linearValue
    ? { rung: 3, reason: `The boosted policy's cross-validated value, ${boostedValue}, is above the linear one's, ${linearValue}.` }
    : { rung: 2, reason: `The boosted policy's cross-validated value, ${boostedValue}, is not above the linear one's, ${linearValue}.` };
}
