import type { Learner } from "../learning/learner.js";
import { selectRows } from "../matrix.js";
import { rowsWhere } from "./crossFolds.js";
import { type EffectLearner, fitRows, seedOf } from "./effectLearner.js";
import { armsOf, checkOfferTrial, type OfferLearner, sideBySide } from "./offerLearner.js";

/**
 * Any learner of effects, for several unordered offers: each arm is compared with no offer (arm 0) alone, and its outcome is that of no offer
 * plus the effect.
 *
 * @param baseline learns the outcome without an offer
 */
export function offersAgainstNone(learner: EffectLearner, baseline: Learner, name = `${learner.name} against none`): OfferLearner {
  return {
    name,
    fit(trial, { seed }) {
      checkOfferTrial(trial);
      const { features, arms, outcomes, clusters } = trial;
      const rowsOf = armsOf(trial);
      if (rowsOf[0]!.length === 0)
        throw new RangeError("Nobody was left without an offer (arm 0); there is nothing to compare the offers with.");
      const without = fitRows(baseline, { features, targets: outcomes, rows: rowsOf[0]! }, seed, "without an offer");
      const effects = rowsOf.map((own, arm) => {
        if (arm === 0 || own.length === 0) return undefined;
        const rows = rowsWhere(arms.length, (i) => arms[i] === 0 || arms[i] === arm);
        const some = {
          features: selectRows(features, rows),
          treated: Uint8Array.from(rows, (row) => (arms[row] === arm ? 1 : 0)),
          outcomes: Float64Array.from(rows, (row) => outcomes[row]!),
          clusters: clusters && Float64Array.from(rows, (row) => clusters[row]!),
        };
        return learner.fit(some, { seed: seedOf(seed, "arm", arm) });
      });
      return {
        outcomes(features) {
          const base = without.predict(features);
          const columns = effects.map((fitted, arm) => (arm === 0 ? base : fitted?.effect(features).map((effect, i) => base[i]! + effect)));
          return sideBySide(features.rows, columns);
        },
      };
    },
  };
}
