import type { Learner } from "../learning/learner.js";
import { checkEffectTrial, type EffectLearner, fitRows, minus } from "./effectLearner.js";
import { rowsWhere } from "./crossFolds.js";

/**
 * T-learner (Künzel et al. 2019): one model of the outcome of the treated, one of the untreated; the effect is their difference. With a
 * linear learner it is the linear T-learner, which wins where data is small.
 */
export function tLearner(learner: Learner, name = `T ${learner.name}`): EffectLearner {
  return {
    name,
    fit(trial, { seed }) {
      checkEffectTrial(trial);
      const { features, treated, outcomes: targets } = trial;
      const side = (mark: number, key: string) =>
        fitRows(learner, { features, targets, rows: rowsWhere(treated.length, (i) => treated[i] === mark) }, seed, key);
      const given = side(1, "treated");
      const without = side(0, "untreated");
      return { effect: (features) => minus(given.predict(features), without.predict(features)) };
    },
  };
}
