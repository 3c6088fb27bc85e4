import type { Learner } from "../learning/learner.js";
import { selectRows } from "../matrix.js";
import { crossFolds, rowsWhere } from "./crossFolds.js";
import { checkEffectTrial, type EffectLearner, type EffectTrial, fitRows, seedOf } from "./effectLearner.js";
import { rowPropensities } from "./propensity.js";

/** The parts of a DR-learner. */
export interface DrLearnerParts {
  /** Learns the outcomes of either side, cross-fitted. */
  readonly outcome: Learner;
  /** Learns the effect from noisy pseudo-outcomes, so it should be the more cautious one; by default `outcome`. */
  readonly effect?: Learner;
  /** A classifier of treatment, where the trial says no propensity; by default the share of the treated. */
  readonly propensity?: Learner;
  /** Folds of cross-fitting, from 2; by default 2. */
  readonly folds?: number;
  readonly name?: string;
}

/**
 * DR-learner (Kennedy 2023): regresses doubly robust pseudo-outcomes
 * φ = μ₁(x) − μ₀(x) + (t − e) / (e (1 − e)) · (y − μ_t(x)) on the features, with μ from the other folds. Its error is second-order in
 * those of μ and e.
 */
export function drLearner({
  outcome,
  effect = outcome,
  propensity,
  folds = 2,
  name = `DR ${outcome.name}`,
}: DrLearnerParts): EffectLearner {
  return {
    name,
    fit(trial, { seed }) {
      checkEffectTrial(trial);
      const pseudo = pseudoOutcomes(trial, { outcome, classifier: propensity, folds, seed });
      const fitted = effect.fit(trial.features, pseudo, { seed: seedOf(seed, "effect") });
      return { effect: (features) => fitted.predict(features) };
    },
  };
}

/**
 * Cross-fitted doubly robust (AIPW) scores of the effect, one for each row, with the customer's own rows never learned from. Their mean is the
 * average effect.
 *
 * @returns n numbers in units of the outcome
 * @throws RangeError when there are too few rows of a side to leave a fold out
 */
export function pseudoOutcomes(
  trial: EffectTrial,
  { outcome, classifier, folds, seed }: { outcome: Learner; classifier?: Learner | undefined; folds: number; seed: number },
): Float64Array {
  const { features, treated, outcomes: targets } = trial;
  const rows = treated.length;
  const e = rowPropensities(trial, { classifier, folds, seed });
  const foldOf = crossFolds(treated, { folds, seed: seedOf(seed, "outcome folds"), clusters: trial.clusters });
  const scores = new Float64Array(rows);
  for (let fold = 0; fold < folds; fold++) {
    const held = rowsWhere(rows, (i) => foldOf[i] === fold);
    const heldFeatures = selectRows(features, held);
    const [without, given] = [0, 1].map((mark) => {
      const learned = rowsWhere(rows, (i) => foldOf[i] !== fold && treated[i] === mark);
      const key = ["the", mark ? "treated" : "untreated", "outside fold", `${fold}`];
      return fitRows(outcome, { features, targets, rows: learned }, seed, ...key).predict(heldFeatures);
    });
    held.forEach((row, j) => {
      const expected = treated[row] ? given![j]! : without![j]!;
      const weight = (treated[row]! - e[row]!) / (e[row]! * (1 - e[row]!));
      scores[row] = given![j]! - without![j]! + weight * (targets[row]! - expected);
    });
  }
  return scores;
}
