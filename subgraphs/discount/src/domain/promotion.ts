import type { ModelComparison } from "@kava/algorithms/response/compareModels";

/** A new model may be worse than the one in service by so much of its loss, at the pessimistic end: more data with the same knowledge must pass. */
export const TOLERATED_LOSS = 0.01;
/** Of the log odds predicted; outside it the model is too sure of itself, or not sure enough. */
export const CALIBRATION: readonly [number, number] = [0.7, 1.3];

export interface Verdict {
  promoted: boolean;
  /** Why not, in words; nothing when it is promoted. */
  reasons: string[];
}

/** Whether a new model goes into service: only when nothing speaks against it on time that it has not seen. */
export const verdictOnModel = (comparison: ModelComparison | null): Verdict => {
  if (!comparison) return { promoted: false, reasons: ["too few purchases after the time that it learned from, to judge it by"] };
  const { gain, lossInService, calibrationSlope: slope } = comparison;
  const reasons = [
    ...(gain.low < -TOLERATED_LOSS * lossInService
      ? [`it may be worse than the model in service: its gain is at least ${gain.low.toFixed(4)} of a loss of ${lossInService.toFixed(4)}`]
      : []),
    ...(slope === null || slope < CALIBRATION[0] || slope > CALIBRATION[1]
      ? [`its calibration slope is ${slope?.toFixed(2) ?? "unknown"}, not from ${CALIBRATION[0]} to ${CALIBRATION[1]}`]
      : []),
  ];
  return { promoted: reasons.length === 0, reasons };
};
