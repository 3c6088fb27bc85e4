import { linearLearner } from "../learning/linearLearner.js";
import type { Matrix } from "../matrix.js";
import { seedOf } from "../uplift/effectLearner.js";
import { armByArm } from "../uplift/offerLearner.js";
import { armShares } from "../uplift/policyValue.js";
import { type CrossFittedScores, crossFittedScores } from "./crossFittedScores.js";
import { depthLifts } from "./depthLifts.js";
import { LINEAR_FROM, POOLED_FROM, rungOf, type RungFound } from "./ladder.js";
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
 * 3,000 or more a customer's own effect is learned, of the others one effect for all. Blocks its thread.
 *
 * @throws RangeError as `checkUpliftLog`
 */
export function learnUplift(log: UpliftLog, options: LearnUpliftOptions): UpliftLearned {
  if (log.depths.length === 0) return tooLittle([]);
  checkUpliftLog(log);
  const customersPerArm = countArms(log);
  const depthsFrom = (least: number) => customersPerArm.filter(({ customers }) => customers >= least).map(({ depth }) => depth);
  const inUse = depthsFrom(POOLED_FROM);
  if (inUse[0] !== 0 || inUse.length < 2) return tooLittle(customersPerArm);
  const used = upliftTrial(log, inUse);
  const measurable = measurableDepths(used, POOLED_FROM);
  const steps = stepsOf(options);
  const personal = personalOf({ log, used, customersPerArm, depths: depthsFrom(LINEAR_FROM) }, options, steps);
  const pooled = measurable.filter((depth) => !personal.lifts.some((lift) => lift.depth === depth));
  const lifts = [...personal.lifts, ...pooledLifts(used, pooled, options.seed)].sort((a, b) => a.depth - b.depth);
  if (lifts.length === 0)
    return tooLittle(
      customersPerArm,
      `no depth and no offer both had a chance in the weeks of ${POOLED_FROM} customers who were given each`,
    );
  steps("pooled effects");
  const elasticity = elasticityOf(used);
  steps("elasticity");
  const { rung, reason, effects } = personal;
  const trainedOn = used.trial.outcomes.length;
  return { kind: "learned", model: new UpliftModel({ rung, reason, trainedOn, customersPerArm, elasticity, lifts, effects }) };
}

interface Personal {
  readonly rung: 1 | 2 | 3;
  readonly reason: string;
  readonly lifts: MeasuredLift[];
  readonly effects: EffectParts | null;
}

interface PersonalQuestion {
  readonly log: UpliftLog;
  readonly used: UpliftTrial;
  readonly customersPerArm: readonly ArmCount[];
  /** Of enough customers, no offer perhaps among them. */
  readonly depths: readonly number[];
}

/** Rungs 2 and 3, where there is enough. */
function personalOf({ log, used, customersPerArm, depths }: PersonalQuestion, options: LearnUpliftOptions, steps: Steps): Personal {
  const counts = customersPerArm.map(({ customers }) => customers);
  const linear = rungOf({ customersPerArm: counts, linearValue: null, boostedValue: null });
  const pooled = (reason: string): Personal => ({ rung: 1, reason, lifts: [], effects: null });
  if (linear.rung < 2) return pooled(linear.reason);
  const part = upliftTrial(log, depths);
  const measured = measurableDepths(part, POOLED_FROM);
  if (measured.length === 0)
    return pooled("No depth of enough customers had a chance in the same weeks as no offer: no effect is personal.");
  const { seed } = options;
  const scores = scoresOf(part, seedOf(seed, "personal"));
  steps("scores");
  const { rung, reason, effects, parts } = chosenEffects({ part, used, counts, scores, linear }, options, steps);
  const lifts = depthLifts(scores, { depths, clusters: part.trial.clusters, measured, ...(effects && { effects }) });
  return { rung, reason, lifts: lifts.map((lift) => ({ ...lift, personal: true })), effects: parts };
}

interface Chosen {
  readonly rung: 2 | 3;
  readonly reason: string;
  /** Null: those of the scores' own linear predictions. */
  readonly effects: Matrix | null;
  readonly parts: EffectParts;
}

interface Choice {
  readonly part: UpliftTrial;
  readonly used: UpliftTrial;
  readonly counts: readonly number[];
  readonly scores: CrossFittedScores;
  readonly linear: RungFound;
}

/** Boosted trees where they are worth more, linear models else. */
function chosenEffects({ part, used, counts, linear }: Choice, { seed, boosted }: LearnUpliftOptions, steps: Steps): Chosen {
  const linearly = (reason: string): Chosen => ({ rung: 2, reason, effects: null, parts: fitLinearEffects(part, seed) });
  if (!boosted) return linearly(linear.reason);
  try {
    const { effects, ...values } = compareWithBoosted(part, boosted, seed, () => steps("choice of the learner"));
    const { rung, reason } = rungOf({ customersPerArm: counts, ...values });
    if (rung !== 3) return linearly(reason);
    const parts = fitBoostedEffects(used, boosted, seed);
    steps("boosted trees");
    return { rung, reason, effects, parts };
  } catch (error) {
    return linearly(`Boosted trees could not be learned, linear models serve: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function pooledLifts(used: UpliftTrial, measured: readonly number[], seed: number): MeasuredLift[] {
  if (measured.length === 0) return [];
  const scores = scoresOf(used, seedOf(seed, "pooled"));
  const lifts = depthLifts(scores, { depths: used.depths, clusters: used.trial.clusters, effects: "pooled", measured });
  return lifts.map((lift) => ({ ...lift, personal: false }));
}

function scoresOf({ trial, propensities }: UpliftTrial, seed: number): CrossFittedScores {
  return crossFittedScores(trial, { nuisance: armByArm(linearLearner()), seed, propensities });
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
