import type { Fitted, Learner } from "@kava/algorithms/learning/learner";
import { linearLearner } from "@kava/algorithms/learning/linearLearner";
import { selectRows, withColumns, type Matrix } from "@kava/algorithms/matrix";
import { boostedLearner } from "@kava/boosting/boostedLearner";
import type { DepthTrial } from "./depthTrial.js";

/** A T-learner: what is expected of a customer without an offer, and with one of a depth. */
export interface OutcomeModels {
  readonly none: Fitted;
  readonly offered: Fitted;
}

/** Ways to learn a customer's own effect, the simpler first. */
export const personalLearners: Readonly<Record<"linear" | "boosted", Learner>> = {
  linear: linearLearner({ ridge: 30 }),
  boosted: boostedLearner({ rounds: 80, maxDepth: 3, minChildWeight: 20, lambda: 20 }),
};

/** Learns one model of those without an offer and one of those with one, the depth among its features. */
export function fitOutcomes(learner: Learner, trial: DepthTrial, rows: readonly number[], targets: Float64Array): OutcomeModels {
  const side = (offered: boolean) => {
    const chosen = rows.filter((row) => trial.depths[row]! > 0 === offered);
    const features = selectRows(trial.features, chosen);
    const depths = Float64Array.from(chosen, (row) => trial.depths[row]!);
    return learner.fit(
      offered ? withDepth(features, depths) : features,
      Float64Array.from(chosen, (row) => targets[row]!),
      { seed: 0 },
    );
  };
  return { none: side(false), offered: side(true) };
}

/** The features, the depth, its square, and the depth times each feature. */
export function withDepth(features: Matrix, depth: number | Float64Array): Matrix {
  const at = (row: number) => (typeof depth === "number" ? depth : depth[row]!);
  const { rows, columns, values } = features;
  const added = [
    Float64Array.from({ length: rows }, (_, row) => at(row)),
    Float64Array.from({ length: rows }, (_, row) => at(row) ** 2),
    ...Array.from({ length: columns }, (_, j) => Float64Array.from({ length: rows }, (_, row) => at(row) * values[row * columns + j]!)),
  ];
  return withColumns(features, ...added);
}

/** What the models expect a depth to change for each customer, the mean over models. */
export function meanEffect(models: readonly OutcomeModels[], customers: Matrix, depth: number): Float64Array {
  const sum = new Float64Array(customers.rows);
  const offeredRows = withDepth(customers, depth);
  for (const { none, offered } of models) {
    const without = none.predict(customers);
    const withOffer = offered.predict(offeredRows);
    for (let i = 0; i < sum.length; i++) sum[i]! += (withOffer[i]! - without[i]!) / models.length;
  }
  return sum;
}
