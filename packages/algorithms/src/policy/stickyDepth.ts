import type { DepthProbability } from "./decisionMixture.js";

/** The depth that a customer was given in a week, with the vector it was drawn from. */
export interface WeeksDepth {
  /** ISO week, such as `2026-W47`. */
  readonly week: string;
  /** Percent. */
  readonly depth: number;
  readonly propensities: readonly DepthProbability[];
}

/**
 * The depth of a customer's week: the first decision of the week makes it, all later ones keep it, so that asking again never gets a better
 * price. Where it is no longer permitted, the deepest permitted one below it is given (0 always is); the vector stays the one it was drawn from.
 *
 * @param permitted percent
 * @param decide makes a new depth; called in a new week only
 */
export function stickyDepth(
  week: string,
  held: WeeksDepth | null,
  permitted: readonly number[],
  decide: () => Omit<WeeksDepth, "week">,
): WeeksDepth {
  if (held === null || held.week !== week) return { week, ...decide() };
  const depth = permitted.filter((each) => each <= held.depth).reduce((most, each) => Math.max(most, each), 0);
  return { week, depth, propensities: held.propensities };
}
