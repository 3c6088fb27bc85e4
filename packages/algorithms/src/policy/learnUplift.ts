import { linearLearner } from "../learning/linearLearner.js";
import type { Matrix } from "../matrix.js";
import { seedOf } from "../uplift/effectLearner.js";
import { armByArm } from "../uplift/offerLearner.js";
import { armShares } from "../uplift/policyValue.js";
import { crossFittedScores } from "./crossFittedScores.js";
import { type DepthLift, depthLifts, type SortedDepth } from "./depthLifts.js";
import { LINEAR_FROM, POOLED_FROM, rungOf } from "./ladder.js";
import { type MeasuredElasticity, measureElasticity } from "./measuredElasticity.js";
import { type Boosting, compareWithBoosted, fitBoostedEffects, fitLinearEffects } from "./personalEffects.js";
import { type ArmCount, checkUpliftLog, countArms, type UpliftLog } from "./upliftLog.js";
import { UpliftModel } from "./upliftModel.js";
import type { EffectParts, MeasuredLift } from "./upliftParts.js";
import { measurableDepths, type UpliftTrial, upliftTrial } from "./upliftTrial.js";

export interface LearnUpliftOptions {
  /** Root of all draws: the same log and seed give the same model. */
  readonly seed: number;
  /** Without it there is no rung 3. */
  readonly boosted?: Boosting | undefined;
  /** Hears what has been done, of how many steps. */
  readonly onStep?: ((step: string, done: number, total: number) => void) | undefined;
}

export type UpliftLearned =
  | { readonly kind: "learned"; readonly model: UpliftModel }
  /** Rung 0 stays; why, in words. */
  | { readonly kind: "tooLittle"; readonly reason: string; readonly customersPerArm: readonly ArmCount[] };

/**
 * Learns what depths change from weeks of which chance decided the depth. Depths that were drawn to 500 customers or more are in use; of those of
 * 3,000 or more a customer's own effect is learned. The others have one effect for all; where some depth has personal ones, customers are told apart by
 * their effect of the nearest such depth instead, into as many groups as have 500 who were given the depth. Blocks its thread.
 *
 * @throws RangeError as `checkUpliftLog`
 */
export function learnUplift(log: UpliftLog, options: LearnUpliftOptions): UpliftLearned {
  if (log.depths.length === 0) return tooLittle([]);
  checkUpliftLog(log);
  const customersPerArm = countArms(log);
  const inUse = customersPerArm.filter(({ customers }) => customers >= POOLED_FROM).map(({ depth }) => depth);
  if (inUse[0] !== 0 || inUse.length < 2) return tooLittle(customersPerArm);
  const used = upliftTrial(log, inUse);
  const measurable = measurableDepths(used, POOLED_FROM);
  if (measurable.length === 0) return tooLittle(customersPerArm, NEVER_BOTH);
  const steps = stepsOf(options);
  const { trial, propensities, depths } = used;
  const nuisance = armByArm(linearLearner());
  const scores = crossFittedScores(trial, { nuisance, seed: seedOf(options.seed, "scores"), propensities });
  steps("scores");
  const { rung, reason, personal, effects, parts } = rungFound({ used, measurable, customersPerArm }, options, steps);
  const sorted = measurable.map((depth) => sortedDepth(depth, personal, customersPerArm));
  const bins = depthLifts(scores, {
    depths,
    clusters: trial.clusters,
    measured: sorted,
    effects: effects ?? (rung === 1 ? "pooled" : undefined),
  });
  const lifts = bins.map((lift, i): MeasuredLift => asMeasured(lift, sorted[i]!));
  steps("effects of the depths");
  const elasticity = elasticityOf(used);
  steps("elasticity");
  const trainedOn = trial.outcomes.length;
  return { kind: "learned", model: new UpliftModel({ rung, reason, trainedOn, customersPerArm, elasticity, lifts, effects: parts }) };
}

const NEVER_BOTH = `no depth and no offer both had a chance in the weeks of ${POOLED_FROM} customers who were given each`;

interface Question {
  readonly used: UpliftTrial;
  readonly measurable: readonly number[];
  readonly customersPerArm: readonly ArmCount[];
}

interface Found {
  readonly rung: 1 | 2 | 3;
  readonly reason: string;
  /** The depths of which a customer's own effect is told; none on rung 1. */
  readonly personal: readonly number[];
  /** Of the trees; null: those of the scores' own linear predictions. */
  readonly effects: Matrix | null;
  readonly parts: EffectParts | null;
}

/** How far up the ladder the log goes, and what serves there: trees where they are worth more, linear models else. */
function rungFound({ used, measurable, customersPerArm }: Question, { seed, boosted }: LearnUpliftOptions, steps: Steps): Found {
  const counts = customersPerArm.map(({ customers }) => customers);
  const enough = customersPerArm.filter(({ customers }) => customers >= LINEAR_FROM).map(({ depth }) => depth);
  const personal = enough.filter((depth) => measurable.includes(depth));
  const linear = rungOf({ customersPerArm: counts, linearValue: null, boostedValue: null });
  const pooled = (reason: string): Found => ({ rung: 1, reason, personal: [], effects: null, parts: null });
  if (linear.rung < 2) return pooled(linear.reason);
  if (personal.length === 0)
    return pooled("No depth of enough customers had a chance in the same weeks as no offer: no effect is personal.");
  const linearly = (reason: string): Found => ({
    rung: 2,
    reason,
    personal,
    effects: null,
    parts: fitLinearEffects(used, [0, ...personal], seed),
  });
  if (!boosted) return linearly(linear.reason);
  try {
    const onFold = () => steps("choice of the learner");
    const { effects, ...values } = compareWithBoosted(used, { boosted, allowed: [0, ...personal], seed, onFold });
    const { rung, reason } = rungOf({ customersPerArm: counts, ...values });
    if (rung !== 3) return linearly(reason);
    const parts = fitBoostedEffects(used, boosted, seed);
    steps("boosted trees");
    return { rung, reason, personal, effects, parts };
  } catch (error) {
    return linearly(`Boosted trees could not be learned, linear models serve: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** By which depth's predicted effect customers are told apart, and into how many groups. */
function sortedDepth(depth: number, personal: readonly number[], customersPerArm: readonly ArmCount[]): SortedDepth {
  if (personal.includes(depth)) return { depth, sortedBy: depth };
  const { customers } = customersPerArm.find((arm) => arm.depth === depth)!;
  const most = Math.floor(customers / POOLED_FROM);
  const nearest = personal.toSorted((a, b) => Math.abs(a - depth) - Math.abs(b - depth) || a - b)[0];
  return nearest === undefined || most < 2 ? { depth, sortedBy: depth, most: 1 } : { depth, sortedBy: nearest, most };
}

function asMeasured({ depth, bins }: DepthLift, { sortedBy, most }: SortedDepth): MeasuredLift {
  return { depth, bins, personal: most !== 1, ...(sortedBy !== depth && { sortedBy }) };
}

/** A row may count as much as so many of the usual ones. */
const MOST_WEIGHT = 20;

function elasticityOf({ trial, propensities, log }: UpliftTrial): MeasuredElasticity {
  const shares = armShares(trial.arms, trial.armCount);
  // depths are drawn by what is known of a customer; weighted by what made them rare they are as if drawn alike for all
  const weights = Float64Array.from(trial.arms, (arm, row) =>
    Math.min(MOST_WEIGHT, shares[arm]! / propensities.values[row * trial.armCount + arm]!),
  );
  return measureElasticity({ baseLogOdds: log.baseLogOdds, depths: log.depths, units: log.units, customers: log.customers, weights });
}

function tooLittle(customersPerArm: readonly ArmCount[], why?: string): UpliftLearned {
  const counted = customersPerArm.map(({ depth, customers }) => `${depth === 0 ? "none" : `${depth} %`} ${customers}`).join(", ");
  const needed = `no offer and some depth need ${POOLED_FROM} customers each to whom chance gave them`;
  return { kind: "tooLittle", reason: `${why ?? needed}; there are: ${counted || "none at all"}`, customersPerArm };
}

type Steps = (step: string) => void;

/** Counts what is done; a rung that has fewer steps ends early. */
function stepsOf({ onStep, boosted }: LearnUpliftOptions): Steps {
  const total = boosted ? 9 : 3;
  let done = 0;
  return (step) => onStep?.(step, ++done, total);
}
