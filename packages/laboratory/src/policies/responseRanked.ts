import { linearClassifier } from "@kava/algorithms/learning/linearLearner";
import { selectRows } from "@kava/algorithms/matrix";
import { marginByDepth } from "@kava/simulator/comparison/boundingPolicies";
import type { LearningPolicy } from "@kava/simulator/comparison/learningPolicy";
import { signsAt } from "./customerSigns.js";
import { depthTrialOf } from "./depthTrial.js";

/** Share of customers who get the offer. */
const rankedShare = 0.3;

/**
 * What most shops do: a model of who takes up an offer, and the offer to the 30 % likeliest to. The depth is the one that earned most in
 * the warm-up among those offered. Who answers an offer is not who is changed by it: that is what this policy is here to show.
 */
export const responseRanked: LearningPolicy = {
  name: "response-ranked",
  learn: (log, rules) => {
    const trial = depthTrialOf(log);
    const offered = [...trial.depths.keys()].filter((row) => trial.depths[row]! > 0);
    const taken = Float64Array.from(offered, (row) => (trial.discounts[row]! > 0 ? 1 : 0));
    const model = linearClassifier().fit(selectRows(trial.features, offered), taken, { seed: 0 });
    const likely = model.predict(signsAt(log, log.days));
    const threshold = likely.toSorted()[Math.floor((1 - rankedShare) * likely.length)]!;
    const margins = marginByDepth(log, rules.depths);
    const depth = rules.depths[margins.indexOf(Math.max(...margins))]!;
    return ({ day, size }, proposed) => {
      for (let i = 0; i < size; i++) if ((day + i) % 7 === 0 && likely[i]! >= threshold) proposed[i] = depth;
    };
  },
};
