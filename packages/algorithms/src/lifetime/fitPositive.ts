import { minimise } from "./minimise.js";
import { logPrior, priorWeight, requirePrior, type LogNormalPrior } from "./logNormalPrior.js";

/** Positive parameters that were fitted, and how far they can be trusted. */
export interface PositiveFit {
  readonly parameters: readonly number[];
  /** ln of the likelihood at the parameters, without the prior. */
  readonly logLikelihood: number;
  /** 0 (the data says it all) to 1 (the data says nothing); 0 without a prior. */
  readonly priorWeight: number;
  /** More than half of the answer is the prior's. */
  readonly priorDominates: boolean;
  /** False when a parameter stands at the edge of what was searched: the data does not determine it (nobody came back, say). */
  readonly identified: boolean;
}

/** What is fitted: the likelihood of the parameters, and between which values each is searched. */
export interface PositiveModel {
  readonly logLikelihood: (parameters: readonly number[]) => number;
  readonly bounds: readonly (readonly [number, number])[];
  readonly starts: readonly (readonly number[])[];
}

/**
 * Fits positive parameters over their logarithms: by maximum likelihood, or with a prior to the most probable value. The bounds make that end
 * somewhere for data whose likelihood has no maximum.
 */
export function fitPositive({ logLikelihood, bounds, starts }: PositiveModel, prior: LogNormalPrior | null): PositiveFit {
  if (prior) requirePrior(prior, bounds.length);
  const objective = (logs: readonly number[]): number =>
    -logLikelihood(logs.map((log) => Math.exp(log))) - (prior ? logPrior(prior, logs) : 0);
  const walls = bounds.map(([low, high]) => [Math.log(low), Math.log(high)] as const);
  const walled = (logs: readonly number[]): number =>
    logs.every((log, j) => log >= walls[j]![0] && log <= walls[j]![1]) ? objective(logs) : Infinity;
  const from = prior ? [prior.centre, ...starts] : starts;
  const { at } = minimise(
    walled,
    from.map((start) => start.map((value, j) => Math.min(walls[j]![1], Math.max(walls[j]![0], Math.log(value))))),
  );
  const parameters = at.map((log) => Math.exp(log));
  const weight = prior ? priorWeight(objective, at, prior) : 0;
  return {
    parameters,
    logLikelihood: logLikelihood(parameters),
    priorWeight: weight,
    priorDominates: weight > 0.5,
    identified: at.every((log, j) => log - walls[j]![0] > EDGE && walls[j]![1] - log > EDGE),
  };
}

const EDGE = 0.01;
