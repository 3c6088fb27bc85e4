import { sequentialInterval } from "@kava/algorithms/experiments/sequentialInterval";
import type { UpliftComparison } from "@kava/algorithms/policy/judgeUplift";
import type { ModelComparison } from "@kava/algorithms/response/compareModels";

/** A new model may be worse than the one in service by so much of its loss, at the pessimistic end: more data with the same knowledge must pass. */
export const TOLERATED_LOSS = 0.01;
/** Of the log odds predicted; outside it the model is too sure of itself, or not sure enough. */
export const CALIBRATION: readonly [number, number] = [0.7, 1.3];

/** Where the intervals that are looked at daily are narrowest: differences of about this share of the margin. Fixed for ever, or they would not hold. */
const EXPECTED_DIFFERENCE = 0.05;

export interface Verdict {
  promoted: boolean;
  /** Why not, in words; nothing when it is promoted. */
  reasons: string[];
}

/** Whether a new model goes into service: only when nothing speaks against it on time that it has not seen. */
export const verdictOnModel = (comparison: ModelComparison | null): Verdict => {
  if (!comparison) return { promoted: false, reasons: ["too few purchases after the time that it learned from, to judge it by"] };
  const { gain, lossInService, calibrationSlope } = comparison;
  return verdictFrom([
    ...(gain.low < -TOLERATED_LOSS * lossInService
      ? [`it may be worse than the model in service: its gain is at least ${gain.low.toFixed(4)} of a loss of ${lossInService.toFixed(4)}`]
      : []),
    ...badlyCalibrated(calibrationSlope),
  ]);
};

/** As `verdictOnModel`, of what depths were found to change: by the margin that customers would have left on weeks that it has not seen. */
export const verdictOnUplift = (comparison: UpliftComparison | null): Verdict => {
  if (!comparison) return { promoted: false, reasons: ["too few weeks after the time that it learned from, to judge it by"] };
  const { gain, valueInService, gainOverNone, valueOfNone, calibrationSlope } = comparison;
  const overNone = sequentialInterval({
    difference: gainOverNone.mean,
    standardError: gainOverNone.standardError,
    spread: Math.max(1, EXPECTED_DIFFERENCE * Math.abs(valueOfNone)), // a minor unit, where nobody bought
  });
  return verdictFrom([
    ...(gain.low < -TOLERATED_LOSS * Math.abs(valueInService)
      ? [
          `it may earn less than what is in service: its gain is at least ${gain.low.toFixed(1)} of ${valueInService.toFixed(1)} a customer-week`,
        ]
      : []),
    ...(overNone.high < -TOLERATED_LOSS * Math.abs(valueOfNone)
      ? [`it earns less than no offers: at most ${overNone.high.toFixed(1)} of ${valueOfNone.toFixed(1)} a customer-week`]
      : []),
    ...badlyCalibrated(calibrationSlope),
  ]);
};

/** What customers earned the chain, those who may get offers less the holdout: margins a customer over the same weeks, minor units. */
export interface AgainstHoldout {
  customers: number;
  held: number;
  holdoutMargin: number;
  difference: number;
  standardError: number;
}

/**
 * Whether the offers of a chain surely cost more than they bring: more than 1 % of the holdout's margin. It is looked at every day, so the interval is one
 * that holds however often it is looked at.
 */
export const losesAgainstHoldout = ({ holdoutMargin, difference, standardError }: AgainstHoldout): boolean => {
  const spread = EXPECTED_DIFFERENCE * Math.abs(holdoutMargin);
  if (!(standardError > 0 && spread > 0)) return false;
  return sequentialInterval({ difference, standardError, spread }).high < -TOLERATED_LOSS * Math.abs(holdoutMargin);
};

const verdictFrom = (reasons: string[]): Verdict => ({ promoted: reasons.length === 0, reasons });

const badlyCalibrated = (slope: number | null): string[] =>
  slope === null || slope < CALIBRATION[0] || slope > CALIBRATION[1]
    ? [`its calibration slope is ${slope?.toFixed(2) ?? "unknown"}, not from ${CALIBRATION[0]} to ${CALIBRATION[1]}`]
    : [];
