import type { RankingComparison } from "@kava/algorithms/preference/compareRankings";

/** A new model may be worse than the one in service by so much of its loss, at the pessimistic end: more data with the same knowledge must pass. */
export const TOLERATED_LOSS = 0.01;
/** Of the log odds of what is recommended; outside it the chances are too sure of themselves, or not sure enough. */
export const CALIBRATION: readonly [number, number] = [0.7, 1.3];
/** A model of so few purchases is replaced by whatever knows more: there is too little to judge either by. */
export const YOUNG = 1_000;
/** A model that learned from so many times the purchases takes over unjudged where too little came since: a history was loaded. */
export const FAR_MORE = 1.5;

export interface Verdict {
  promoted: boolean;
  /** Why not, in words; of a promoted model what could not be shown. */
  reasons: string[];
}

/** What a verdict is about; `inService` null where nothing serves, `comparison` null where too few customers came again since. */
export interface Judged {
  comparison: RankingComparison | null;
  purchases: number;
  inService: { purchases: number } | null;
}

/**
 * Whether a new model of tastes goes into service: only when nothing speaks against it on baskets that neither has seen. A slope outside its range
 * refuses it unless that of the model in service is outside on the same baskets as well: then the losses decide.
 */
export const verdictOnTastes = ({ comparison, purchases, inService }: Judged): Verdict => {
  if (inService === null) return { promoted: true, reasons: ["the first: there was nothing to judge it by"] };
  if (comparison !== null) return onLaterBaskets(comparison);
  const few = "too few customers came again since the model in service was learned, to judge it by";
  if (inService.purchases < YOUNG)
    return { promoted: true, reasons: [`${few}: it takes the place of one of ${inService.purchases} purchases`] };
  if (purchases >= FAR_MORE * inService.purchases)
    return { promoted: true, reasons: [`${few}: it learned from ${purchases} purchases, that one from ${inService.purchases}`] };
  return { promoted: false, reasons: [few] };
};

const onLaterBaskets = (found: RankingComparison): Verdict => {
  const { gain, lossInService, calibrationSlope, calibrationSlopeInService } = found;
  const isWorse = gain.low < -TOLERATED_LOSS * lossInService;
  const isOff = !isRight(calibrationSlope) && isRight(calibrationSlopeInService);
  const slope = `its calibration slope is ${calibrationSlope?.toFixed(2) ?? "unknown"}, not from ${CALIBRATION[0]} to ${CALIBRATION[1]}`;
  const against = [
    ...(isWorse
      ? [
          `it may be worse than the model in service: its gain is at least ${gain.low.toFixed(3)} of a loss of ${lossInService.toFixed(3)} a basket`,
        ]
      : []),
    ...(isOff ? [slope] : []),
  ];
  if (against.length > 0) return { promoted: false, reasons: against };
  return { promoted: true, reasons: isRight(calibrationSlope) ? [] : [`${slope}, but that of the model in service is not either`] };
};

const isRight = (slope: number | null): boolean => slope !== null && slope >= CALIBRATION[0] && slope <= CALIBRATION[1];
