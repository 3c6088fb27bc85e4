import { type Matrix, selectRows } from "../matrix.js";
import { type EstimateOptions, clusteredMean, type Estimate, pairedDifference } from "./clusteredMean.js";
import { crossFolds, rowsWhere } from "./crossFolds.js";
import { seedOf } from "./effectLearner.js";
import { checkOfferTrial, type OfferLearner, type OfferTrial } from "./offerLearner.js";
import type { PolicyLearner } from "./policyLearner.js";
import { armShares, drScores, policyValues } from "./policyValue.js";

export interface ChoosePolicyOptions extends Pick<EstimateOptions, "confidence"> {
  /** Predicts outcomes for the doubly robust scores, the same for all candidates. */
  readonly nuisance: OfferLearner;
  /** From 2; by default 5. */
  readonly folds?: number;
  readonly seed: number;
  /** With which probability each arm was given (K numbers or n × K); by default the arms' shares in the trial. */
  readonly propensities?: readonly number[] | Matrix;
  /** What giving each arm costs (K numbers, units of the outcome): taken off the value. By default nothing. */
  readonly costs?: readonly number[];
}

/** What cross-validation found of a candidate. */
export interface PolicyScore {
  readonly name: string;
  /** Value per row on rows that it had not seen. */
  readonly value: Estimate;
  /** Its value less that of the chosen one, on the same rows. */
  readonly againstChosen: Estimate;
  /** How often each arm was given. */
  readonly shares: readonly number[];
}

export interface PolicyChoice {
  readonly chosen: PolicyLearner;
  /** In the order of the candidates. */
  readonly scores: readonly PolicyScore[];
}

/**
 * Chooses among ways to learn a policy by cross-validated doubly robust value, never by how well outcomes are predicted: who answers an offer
 * is not who is changed by it. Every candidate learns and is scored on the same folds (parted by customer) with the same scores. Ties go to
 * the earlier candidate, so put the simpler one first.
 *
 * @throws RangeError when there are no candidates, two share a name, as `checkOfferTrial`, or when a candidate gives an arm that the log never gave
 */
export function choosePolicy(trial: OfferTrial, candidates: readonly PolicyLearner[], options: ChoosePolicyOptions): PolicyChoice {
  checkOfferTrial(trial);
  if (candidates.length === 0) throw new RangeError("There is nothing to choose from; give at least one candidate.");
  if (new Set(candidates.map(({ name }) => name)).size < candidates.length)
    throw new RangeError(`Two candidates share a name (${candidates.map(({ name }) => name).join(", ")}); name them apart.`);
  const { scores, decided } = crossValidated(trial, candidates, options);
  const values = decided.map((arms) => policyValues(scores, arms));
  const spread = {
    ...(trial.clusters && { clusters: trial.clusters }),
    ...(options.confidence !== undefined && { confidence: options.confidence }),
  };
  const estimates = values.map((value) => clusteredMean(value, spread));
  const best = estimates.reduce((best, { mean }, j) => (mean > estimates[best]!.mean ? j : best), 0);
  return {
    chosen: candidates[best]!,
    scores: candidates.map(({ name }, j) => ({
      name,
      value: estimates[j]!,
      againstChosen: pairedDifference(values[j]!, values[best]!, spread),
      shares: armShares(decided[j]!, trial.armCount),
    })),
  };
}

function crossValidated(
  trial: OfferTrial,
  candidates: readonly PolicyLearner[],
  { nuisance, folds = 5, seed, propensities, costs }: ChoosePolicyOptions,
): { scores: Matrix; decided: Int32Array[] } {
  const rows = trial.outcomes.length;
  const foldOf = crossFolds(trial.arms, { folds, seed: seedOf(seed, "validation"), clusters: trial.clusters });
  const decided = candidates.map(() => new Int32Array(rows));
  const predictions: Matrix = { rows, columns: trial.armCount, values: new Float64Array(rows * trial.armCount) };
  for (let fold = 0; fold < folds; fold++) {
    const held = rowsWhere(rows, (i) => foldOf[i] === fold);
    const features = selectRows(trial.features, held);
    const learned = rowsWhere(rows, (i) => foldOf[i] !== fold);
    const rest = partOf(trial, learned);
    const expected = nuisance.fit(rest, { seed: seedOf(seed, "nuisance", fold) }).outcomes(features);
    // an arm too rare to be in this rest: any prediction leaves the scores unbiased, the mean is a quiet one
    const mean = rest.outcomes.reduce((sum, y) => sum + y, 0) / rest.outcomes.length;
    const known = expected.values.map((value) => (Number.isNaN(value) ? mean : value));
    held.forEach((row, j) => predictions.values.set(known.subarray(j * trial.armCount, (j + 1) * trial.armCount), row * trial.armCount));
    candidates.forEach((candidate, c) => {
      const arms = candidate.learn(rest, { seed: seedOf(seed, candidate.name, fold), rows: learned })(features, held);
      held.forEach((row, j) => (decided[c]![row] = arms[j]!));
    });
  }
  const logged = { arms: trial.arms, outcomes: trial.outcomes, propensities: propensities ?? armShares(trial.arms, trial.armCount) };
  const scores = drScores(logged, predictions);
  if (costs) scores.values.forEach((score, cell) => (scores.values[cell] = score - (costs[cell % trial.armCount] ?? 0)));
  return { scores, decided };
}

/** Some rows of a trial. */
export function partOf({ features, arms, armCount, outcomes, clusters }: OfferTrial, rows: Uint32Array): OfferTrial {
  return {
    features: selectRows(features, rows),
    arms: Int32Array.from(rows, (row) => arms[row]!),
    armCount,
    outcomes: Float64Array.from(rows, (row) => outcomes[row]!),
    clusters: clusters && Float64Array.from(rows, (row) => clusters[row]!),
  };
}
