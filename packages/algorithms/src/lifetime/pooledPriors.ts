import type { LogNormalPrior } from "./logNormalPrior.js";

/*
 * For chains with little data. Pooled over three public records: a music shop (39 weeks, 2,357 customers), a gift wholesaler (a year, 4,338
 * customers) and a café chain (29 days, 2,247 customers). Centres are the rounded geometric means of the three fits; the deviations are wide, because
 * the three are: somebody's own few hundred customers weigh more.
 */

/** Of r, α (weeks), a and b. */
export const VISIT_PRIOR: LogNormalPrior = { centre: [2, 10, 0.3, 20], deviation: 1.5 };

/** Of p, q − 1 and γ, values divided by their mean. */
export const SPEND_PRIOR: LogNormalPrior = { centre: [6, 5, 0.85], deviation: 1 };
