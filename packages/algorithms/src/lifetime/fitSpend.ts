import { fitPositive, type PositiveFit } from "./fitPositive.js";
import { FEWEST_CUSTOMERS } from "./fitVisits.js";
import type { LogNormalPrior } from "./logNormalPrior.js";
import { spendLogLikelihood, type SpendHistories, type SpendParameters } from "./spendModel.js";

/** The values of a chain's purchases, fitted, and what the fit rests on. */
export interface SpendFit extends Omit<PositiveFit, "parameters"> {
  readonly parameters: SpendParameters;
  readonly customers: number;
}

const BOUNDS = [
  [1e-2, 1e3],
  [1e-3, 1e3],
  [1e-4, 1e4],
] as const;
const STARTS = [
  [1, 1, 1],
  [6, 3, 0.5],
  [20, 10, 0.5],
] as const;

/**
 * Fits p, q and γ: by maximum likelihood, or around a prior (`SPEND_PRIOR`). Values are divided by their mean before, so that the prior means the same
 * in every currency. What is searched is q − 1, so that the mean over customers is finite.
 *
 * @throws RangeError for no customers, numbers that are none or values that are not above 0; without a prior also for fewer than 10 customers
 */
export function fitSpend(histories: SpendHistories, { prior = null }: { prior?: LogNormalPrior | null } = {}): SpendFit {
  const scale = meanValue(histories);
  const customers = histories.purchases.length;
  const fewest = prior ? 1 : FEWEST_CUSTOMERS;
  if (customers < fewest)
    throw new RangeError(
      `A fit of spending needs at least ${fewest} customers with purchases, ${customers} were given; wait for more, or give a prior.`,
    );
  const scaled = { purchases: histories.purchases, means: Float64Array.from(histories.means, (mean) => mean / scale) };
  const fit = fitPositive(
    { bounds: BOUNDS, starts: STARTS, logLikelihood: (parameters) => spendLogLikelihood(spendParameters(parameters, 1), scaled) },
    prior,
  );
  return {
    ...fit,
    parameters: spendParameters(fit.parameters, scale),
    logLikelihood: fit.logLikelihood - customers * Math.log(scale),
    customers,
  };
}

const spendParameters = ([p, qAboveOne, gamma]: readonly number[], scale: number): SpendParameters => ({
  p: p!,
  q: 1 + qAboveOne!,
  gamma: gamma! * scale,
});

/** Mean over customers of their mean values; refuses what is no history. */
function meanValue({ purchases, means }: SpendHistories): number {
  if (purchases.length !== means.length)
    throw new RangeError(`There are ${purchases.length} counts of purchases and ${means.length} means; each customer needs one of each.`);
  let sum = 0;
  for (let i = 0; i < purchases.length; i++) {
    const mean = means[i]!;
    if (!(Number.isSafeInteger(purchases[i]) && purchases[i]! >= 1 && Number.isFinite(mean) && mean > 0))
      throw new RangeError(
        `Customer ${i} has ${purchases[i]} purchases of ${mean} on average; at least one purchase and a value above 0 are needed: leave out who has none.`,
      );
    sum += mean;
  }
  return sum / Math.max(1, purchases.length);
}
