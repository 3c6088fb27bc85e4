import { fitPositive, type PositiveFit } from "./fitPositive.js";
import type { LogNormalPrior } from "./logNormalPrior.js";
import { requireHistories, type PurchaseHistories } from "./purchaseHistories.js";
import { visitLogLikelihood, type VisitParameters } from "./visitModel.js";

/** The visits of a chain's customers, fitted, and what the fit rests on. */
export interface VisitFit extends Omit<PositiveFit, "parameters"> {
  readonly parameters: VisitParameters;
  readonly customers: number;
  /** Customers with a repeat purchase. */
  readonly repeaters: number;
}

/** Fewer say nothing without a prior. */
export const FEWEST_CUSTOMERS = 10;

/** α from a third of a day on: below it the series of `expectedPurchases` are long. */
const BOUNDS = [
  [1e-3, 50],
  [0.05, 1e4],
  [1e-3, 100],
  [1e-3, 1e3],
] as const;
const STARTS = [
  [1, 1, 1, 1],
  [0.3, 5, 0.5, 2],
  [2, 2, 0.1, 1],
] as const;

/**
 * Fits r, α, a and b: by maximum likelihood, or around a prior (`VISIT_PRIOR`) where a chain is young. Where nobody came back the likelihood has no
 * maximum; the answer is then finite and not `identified`.
 *
 * @throws RangeError for no customers, numbers that are none, negative times; without a prior also for fewer than 10 customers
 */
export function fitVisits(histories: PurchaseHistories, { prior = null }: { prior?: LogNormalPrior | null } = {}): VisitFit {
  requireHistories(histories);
  const customers = histories.repeats.length;
  const fewest = prior ? 1 : FEWEST_CUSTOMERS;
  if (customers < fewest)
    throw new RangeError(`A fit of visits needs at least ${fewest} customers, ${customers} were given; wait for more, or give a prior.`);
  const fit = fitPositive(
    { bounds: BOUNDS, starts: STARTS, logLikelihood: (parameters) => visitLogLikelihood(visitParameters(parameters), histories) },
    prior,
  );
  return {
    ...fit,
    parameters: visitParameters(fit.parameters),
    customers,
    repeaters: Array.from(histories.repeats).filter((count) => count > 0).length,
  };
}

const visitParameters = ([r, alpha, a, b]: readonly number[]): VisitParameters => ({ r: r!, alpha: alpha!, a: a!, b: b! });
