import type { Fitted, Learner } from "../learning/learner.js";
import { type Matrix, selectRows } from "../matrix.js";
import { rowsWhere } from "./crossFolds.js";
import { checkEffectTrial, type EffectLearner, type EffectTrial, fitRows, seedOf } from "./effectLearner.js";

/** The parts of an X-learner. */
export interface XLearnerParts {
  /** Learns the outcomes of either side. */
  readonly outcome: Learner;
  /** Learns the imputed effects; by default `outcome`. */
  readonly effect?: Learner;
  /** A classifier of treatment, where the trial says no propensity; by default the share of the treated weighs for all rows. */
  readonly propensity?: Learner;
  readonly name?: string;
}

/**
 * X-learner (Künzel et al. 2019): effects are imputed with the other side's model, D₁ = Y₁ − μ₀(X₁) and D₀ = μ₁(X₀) − Y₀, learned on either
 * side and weighed by the propensity e: τ = e · τ₀ + (1 − e) · τ₁. Good where one side is much smaller than the other.
 */
export function xLearner({ outcome, effect = outcome, propensity, name = `X ${outcome.name}` }: XLearnerParts): EffectLearner {
  return {
    name,
    fit(trial, { seed }) {
      checkEffectTrial(trial);
      const sides = [0, 1].map((mark) => rowsWhere(trial.treated.length, (i) => trial.treated[i] === mark));
      const [untreated, treated] = sides.map((rows, mark) =>
        fitRows(outcome, { features: trial.features, targets: trial.outcomes, rows }, seed, "outcome", `${mark}`),
      );
      const [effect0, effect1] = sides.map((rows, mark) => {
        const features = selectRows(trial.features, rows);
        const other = (mark ? untreated! : treated!).predict(features);
        const imputed = other.map((expected, j) => (mark ? 1 : -1) * (trial.outcomes[rows[j]!]! - expected));
        return effect.fit(features, imputed, { seed: seedOf(seed, "effect", mark) });
      });
      const weigh = weightOf(trial, propensity, seed);
      return {
        effect(features) {
          const weight = weigh(features);
          const second = effect1!.predict(features);
          return effect0!.predict(features).map((first, i) => weight(i) * first + (1 - weight(i)) * second[i]!);
        },
      };
    },
  };
}

/** The weight of the untreated side's model, for new rows. */
function weightOf(trial: EffectTrial, propensity: Learner | undefined, seed: number): (features: Matrix) => (row: number) => number {
  const { treated, features } = trial;
  if (propensity && trial.propensity === undefined) {
    const fitted: Fitted = propensity.fit(features, Float64Array.from(treated), { seed: seedOf(seed, "propensity") });
    return (features) => {
      const predictions = fitted.predict(features);
      return (row) => Math.min(1, Math.max(0, predictions[row]!));
    };
  }
  const known = trial.propensity;
  const share = typeof known === "number" ? known : (known ?? Float64Array.from(treated)).reduce((sum, p) => sum + p, 0) / treated.length;
  return () => () => share;
}
