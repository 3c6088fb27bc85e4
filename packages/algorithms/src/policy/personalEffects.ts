/** Who is changed more than others: learners of a customer's own effect, chosen by what their policies would have earned. */
import type { Learner } from "../learning/learner.js";
import { linearLearner } from "../learning/linearLearner.js";
import { storeEnsemble } from "../learning/storedEnsemble.js";
import type { TreeEnsemble } from "../learning/treeEnsemble.js";
import { type Matrix, rowOf, selectRows } from "../matrix.js";
import { choosePolicy } from "../uplift/choosePolicy.js";
import { type DepthModelParts, fitDepthModel } from "../uplift/depthModel.js";
import { fitRows, seedOf } from "../uplift/effectLearner.js";
import { armByArm, armsOf } from "../uplift/offerLearner.js";
import { bestArms } from "../uplift/offerPolicies.js";
import type { PolicyLearner } from "../uplift/policyLearner.js";
import { effectModelOf } from "./effectModel.js";
import { DEPTH_COLUMNS, type EffectParts } from "./upliftParts.js";
import type { UpliftTrial } from "./upliftTrial.js";

/** What the trees of a depth model must be told. */
export interface TreeColumns {
  /** Names of the columns, in order. */
  readonly features: readonly string[];
  /** 1 for the column with which the probability may not fall, 0 for the others. */
  readonly monotone: readonly (0 | 1)[];
}

/** Where boosted trees come from: they are trained outside, since training them is not pure. */
export interface Boosting {
  /** A classifier of buying whose answers obey `monotone`. */
  purchase(columns: TreeColumns): Learner<TreeEnsemble>;
}

/** What was found of boosted trees. Money in minor units, per row. */
export interface BoostedFound {
  readonly linearValue: number;
  readonly boostedValue: number;
  /** n × arms effects against no offer, of trees that did not see the row's customer. */
  readonly effects: Matrix;
}

const COLUMNS_OF_TREES: TreeColumns = { features: DEPTH_COLUMNS, monotone: DEPTH_COLUMNS.map((name) => (name === "depth" ? 1 : 0)) };

export interface BoostedOptions {
  readonly boosted: Boosting;
  /** Depths that the policies may take, percent, 0 among them: those of which personal effects are claimed. */
  readonly allowed: readonly number[];
  readonly seed: number;
  /** Called after each of five folds. */
  readonly onFold: () => void;
}

/**
 * Compares the boosted depth model with linear learners, arm by arm, by cross-validated doubly robust policy value: each policy takes, of the allowed depths
 * that had a chance in the row, the one of the highest predicted outcome.
 *
 * @throws what the trees' learner throws
 */
export function compareWithBoosted(part: UpliftTrial, { boosted, allowed, seed, onFold }: BoostedOptions): BoostedFound {
  const { trial, propensities } = part;
  const width = part.depths.length;
  const effects: Matrix = { rows: trial.arms.length, columns: width, values: new Float64Array(trial.arms.length * width) };
  const permitted = (outcomes: Matrix, rows: Uint32Array): Matrix => permittedOutcomes(part, allowed, outcomes, rows);
  const nuisance = armByArm(linearLearner());
  const linear: PolicyLearner = {
    name: "linear",
    learn(rest, options) {
      const fitted = nuisance.fit(rest, options);
      return (features, rows) => bestArms(permitted(fitted.outcomes(features), rows));
    },
  };
  const trees: PolicyLearner = {
    name: "boosted",
    learn(_, { seed, rows }) {
      const model = fitDepthModel(boostedParts(boosted, part.depths), depthTrialOf(part, rows), { seed });
      return (features, held) => {
        const margins = model.margins(features, pick(part.log.prices, held), pick(part.log.costs, held));
        held.forEach((row, i) => {
          for (let arm = 0; arm < width; arm++)
            effects.values[row * width + arm] = margins.values[i * width + arm]! - margins.values[i * width]!;
        });
        onFold();
        return bestArms(permitted(margins, held));
      };
    },
  };
  const { scores } = choosePolicy(trial, [linear, trees], { nuisance, seed: seedOf(seed, "choice"), propensities });
  return { linearValue: scores[0]!.value.mean, boostedValue: scores[1]!.value.mean, effects };
}

/** Outcomes of the allowed depths that had a chance, NaN for others; of all that had one in a row where no allowed one did. */
function permittedOutcomes({ depths, propensities }: UpliftTrial, allowed: readonly number[], outcomes: Matrix, rows: Uint32Array): Matrix {
  const width = depths.length;
  const may = depths.map((depth) => allowed.includes(depth));
  const values = new Float64Array(outcomes.values.length).fill(NaN);
  rows.forEach((row, i) => {
    const chances = rowOf(propensities, row);
    const any = may.some((allowed, arm) => allowed && chances[arm]! > 0);
    for (let arm = 0; arm < width; arm++)
      if (chances[arm]! > 0 && (may[arm] || !any)) values[i * width + arm] = outcomes.values[i * width + arm]!;
  });
  return { ...outcomes, values };
}

/** Linear models of the outcome at each of some depths, 0 first, of all rows. */
export function fitLinearEffects({ trial, depths }: UpliftTrial, of: readonly number[], seed: number): EffectParts {
  const { features, outcomes: targets } = trial;
  const rowsOf = armsOf(trial);
  const arms = of.map((depth) => {
    const rows = rowsOf[depths.indexOf(depth)]!;
    return { depth, model: fitRows(linearLearner(), { features, targets, rows }, seed, "served", `${depth}`).parts };
  });
  return { kind: "linear", arms };
}

/** The depth model, of all rows. @throws RangeError when the trees have other columns than they were told */
export function fitBoostedEffects(part: UpliftTrial, boosted: Boosting, seed: number): EffectParts {
  const rows = Uint32Array.from(part.trial.arms, (_, row) => row);
  const { purchase, quantity, depths } = fitDepthModel(boostedParts(boosted, part.depths), depthTrialOf(part, rows), {
    seed: seedOf(seed, "served"),
  });
  const parts: EffectParts = { kind: "boosted", depths, purchase: storeEnsemble(purchase), quantity: quantity.parts };
  effectModelOf(parts); // what cannot be read back must not be kept
  return parts;
}

function boostedParts(boosted: Boosting, depths: readonly number[]) {
  return { purchase: boosted.purchase(COLUMNS_OF_TREES), quantity: linearLearner(), depths } satisfies DepthModelParts;
}

function depthTrialOf({ log }: UpliftTrial, rows: Uint32Array) {
  return { features: selectRows(log.features, rows), depths: pick(log.depths, rows), quantities: pick(log.units, rows) };
}

function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}
