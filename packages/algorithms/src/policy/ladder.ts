import type { Rung } from "../response/responseModel.js";

/** Different customers that a depth must have been drawn to before an effect is claimed, and before it is claimed to differ between them. */
export const POOLED_FROM = 500;
export const LINEAR_FROM = 3000;

export interface Evidence {
  /** Different customers to whom chance gave each arm, no offer first; empty when nothing was randomised. */
  readonly customersPerArm: readonly number[];
  /** Cross-validated policy value per row of the linear learners; null when it was not computed. */
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
 * The rung of the ladder of evidence: 0 prior, no claim of uplift; 1 from 500 customers with no offer and as many with some depth, one pooled effect;
 * 2 from 3,000, linear learners; 3 boosted ones, only where their cross-validated policy value is higher than that of the linear ones. A depth of
 * few customers is not used, or is pooled: it takes nothing from what is known of the others.
 *
 * @throws RangeError when a count is not a whole number from 0
 */
export function rungOf({ customersPerArm, linearValue, boostedValue }: Evidence): RungFound {
  const strange = customersPerArm.find((customers) => !(Number.isInteger(customers) && customers >= 0));
  if (strange !== undefined) throw new RangeError(`An arm has ${strange} customers; give whole numbers from 0.`);
  const [none = 0, ...offers] = customersPerArm;
  const most = Math.max(0, ...offers);
  const counted = `Chance gave no offer to ${none} customers and the most frequent depth to ${most}`;
  const least = Math.min(none, most);
  if (least < POOLED_FROM) return { rung: 0, reason: `${counted}; a pooled effect needs ${POOLED_FROM} of each.` };
  if (least < LINEAR_FROM) return { rung: 1, reason: `${counted}; a personal effect needs ${LINEAR_FROM} of each.` };
  if (linearValue === null || boostedValue === null)
    return { rung: 2, reason: "Boosted and linear learners have not been compared by cross-validated policy value." };
  return boostedValue > linearValue
    ? {
        rung: 3,
        reason: `The boosted policy's cross-validated value, ${shown(boostedValue)}, is above the linear one's, ${shown(linearValue)}.`,
      }
    : {
        rung: 2,
        reason: `The boosted policy's cross-validated value, ${shown(boostedValue)}, is not above the linear one's, ${shown(linearValue)}.`,
      };
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));
