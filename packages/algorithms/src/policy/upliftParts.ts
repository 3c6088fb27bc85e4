/** What an uplift model is made of: plain JSON, and what of it is sound. */
import type { LinearModelParts } from "../learning/linearModel.js";
import type { StoredEnsemble } from "../learning/storedEnsemble.js";
import { COLUMNS } from "../response/encodeFeatures.js";
import type { DepthLift } from "./depthLifts.js";
import type { MeasuredElasticity } from "./measuredElasticity.js";
import type { ArmCount } from "./upliftLog.js";

export const UPLIFT_KIND = "uplift";
export const UPLIFT_FORMAT = 1;

/** Columns of the models that have the depth as a feature. */
export const DEPTH_COLUMNS = [...COLUMNS, "depth"] as const;

/** What predicts a customer's own effect of a depth. */
export type EffectParts =
  /** An outcome for each depth, by a linear model of the features; 0 first. The effect is the difference. */
  | { readonly kind: "linear"; readonly arms: readonly { readonly depth: number; readonly model: LinearModelParts }[] }
  /** p(d) · q(d) · ((1 − d) P − C): boosted trees of buying, a linear model of the quantity. The effect is the difference. */
  | {
      readonly kind: "boosted";
      readonly depths: readonly number[];
      readonly purchase: StoredEnsemble;
      readonly quantity: LinearModelParts;
    };

/** The bins of a measured depth. */
export interface MeasuredLift extends DepthLift {
  /** Whether customers are told apart; if not there is one bin for all. */
  readonly personal: boolean;
  /** The depth whose predicted effect tells them apart; its own unless told. */
  readonly sortedBy?: number;
}

export interface UpliftParts {
  readonly rung: 1 | 2 | 3;
  /** Why this rung and no higher one. */
  readonly reason: string;
  /** Rows. */
  readonly trainedOn: number;
  readonly customersPerArm: readonly ArmCount[];
  readonly elasticity: MeasuredElasticity;
  /** By rising depth. */
  readonly lifts: readonly MeasuredLift[];
  /** Null on rung 1. */
  readonly effects: EffectParts | null;
}

/**
 * @throws RangeError when a number is none, depths do not ascend, the bins of a depth do not, or the rung and the effects do not go together
 */
export function requireSoundParts({ rung, lifts, effects, elasticity, trainedOn, customersPerArm }: UpliftParts): void {
  const sound = elasticity.low >= 0 && elasticity.low <= elasticity.value && elasticity.value <= elasticity.high;
  if (!(sound && Number.isFinite(elasticity.high)))
    throw new RangeError(`An elasticity of ${elasticity.value} from ${elasticity.low} to ${elasticity.high} is none; learn again.`);
  if (!(trainedOn >= 1) || customersPerArm.some(({ depth, customers }) => !(depth >= 0 && customers >= 0)))
    throw new RangeError("An uplift model says how many rows and customers it was learned from; learn again.");
  if (
    ![1, 2, 3].includes(rung) ||
    (effects === null) !== (rung === 1) ||
    (effects !== null && (effects.kind === "boosted") !== (rung === 3))
  )
    throw new RangeError(`Rung ${rung} with ${effects?.kind ?? "no"} effects does not go together; learn again.`);
  if (lifts.length === 0) throw new RangeError("An uplift model without a measured depth says nothing; learn again.");
  lifts.forEach(({ depth }, i) => {
    if (!(depth > (lifts[i - 1]?.depth ?? 0) && depth < 100))
      throw new RangeError(
        `Measured depths ascend from above 0 to below 100 percent; ${lifts.map((lift) => lift.depth).join(", ")} do not.`,
      );
  });
  const predicted = effects === null ? [] : effects.kind === "boosted" ? effects.depths : effects.arms.map(({ depth }) => depth);
  if (effects !== null && predicted[0] !== 0) throw new RangeError("Effects are against no offer, whose outcome must be predicted too.");
  for (const lift of lifts) requireSoundLift(lift, predicted);
}

function requireSoundLift({ depth, bins, personal, sortedBy = depth }: MeasuredLift, predicted: readonly number[]): void {
  if (personal ? !(sortedBy > 0 && predicted.includes(sortedBy)) : bins.length !== 1)
    throw new RangeError(`The effect of ${depth} % has ${bins.length} bins and no prediction that tells them apart; learn again.`);
  bins.forEach(({ from, mean, lower, standardError }, i) => {
    const begins = i === 0 ? from === null : from !== null && from > (bins[i - 1]!.from ?? -Infinity);
    if (!begins || ![mean, lower].every(Number.isFinite) || !(standardError >= 0 && Number.isFinite(standardError)))
      throw new RangeError(`Bin ${i} of ${depth} % begins at ${from} with ${mean} ± ${standardError}: it is damaged; learn again.`);
  });
  if (bins.length === 0) throw new RangeError(`The effect of ${depth} % has no bins; learn again.`);
}

/** Whether parsed JSON has the shape of the parts; the numbers are checked by whoever builds the model. */
export function areUpliftParts(value: unknown): value is UpliftParts {
  if (!isRecord(value) || typeof value.reason !== "string") return false;
  return (
    allNumbers(value, "rung", "trainedOn") &&
    isListOf(value.customersPerArm, (arm) => allNumbers(arm, "depth", "customers")) &&
    allNumbers(value.elasticity, "value", "low", "high") &&
    isListOf(value.lifts, isLift) &&
    (value.effects === null || areEffects(value.effects))
  );
}

function isLift(value: unknown): boolean {
  const isBin = (bin: unknown) =>
    isRecord(bin) && (bin.from === null || typeof bin.from === "number") && allNumbers(bin, "mean", "standardError", "lower", "rows");
  if (!isRecord(value) || typeof value.personal !== "boolean") return false;
  return (value.sortedBy === undefined || typeof value.sortedBy === "number") && allNumbers(value, "depth") && isListOf(value.bins, isBin);
}

function areEffects(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value.kind === "linear")
    return isListOf(value.arms, (arm) => isRecord(arm) && typeof arm.depth === "number" && isLinear(arm.model, COLUMNS.length));
  // the trees are read, and checked, by `readEnsemble`
  return value.kind === "boosted" && areNumbers(value.depths) && isLinear(value.quantity, DEPTH_COLUMNS.length);
}

function isLinear(value: unknown, columns: number): boolean {
  if (!isRecord(value) || !isRecord(value.preparation)) return false;
  const { means, deviations, indicators } = value.preparation;
  return (
    (value.link === "identity" || value.link === "logistic") &&
    allNumbers(value, "intercept") &&
    areNumbers(value.coefficients) &&
    areNumbers(means) &&
    means.length === columns &&
    areNumbers(deviations) &&
    isListOf(indicators, (indicator) => allNumbers(indicator, "column", "share"))
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, holds: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

function areNumbers(value: unknown): value is number[] {
  return isListOf(value, (each) => typeof each === "number");
}

function allNumbers(value: unknown, ...names: string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === "number");
}
