import type { HoldoutComparison } from "@kava/algorithms/lifetime/compareHoldout";
import { populationShift } from "@kava/algorithms/populationShift";
import { quantileSketch } from "@kava/algorithms/quantileSketch";
import { STABLE } from "@kava/algorithms/segmentation/chooseK";
import type { SegmentsComparison } from "@kava/algorithms/segmentation/judgeSegments";

/** The models that this subgraph learns. */
export const MODEL_KINDS = ["lifetime", "segments"] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** `serving`: one of each kind at the most. `withdrawn`: rolled back, and never again in service. `refused`: was not, and will not be. */
export type ModelState = "serving" | "retired" | "withdrawn" | "refused";

/** How lifetime parameters did on weeks that they had not seen: purchases, and what was paid for them. */
export interface LifetimeComparison {
  weeks: number;
  /** What they were compared with: the model in service, or the pooled prior where none of the chain's own was. */
  against: "inService" | "prior";
  purchases: HoldoutComparison;
  value: HoldoutComparison;
}

/** How far a training is: `done` of `total` of a step that it names. */
export interface Step {
  step: string;
  done: number;
  total: number;
}
export type OnStep = (step: Step) => void;

export interface Verdict {
  promoted: boolean;
  /** Why not, in words; of a promoted one what could not be shown. */
  reasons: string[];
}

/** A new model may be worse by so much of the loss of the one in service, at the pessimistic end: more data with the same knowledge must pass. */
export const TOLERATED_LOSS = 0.01;
export const CALIBRATION: readonly [number, number] = [0.7, 1.3];
/** Predicted over actual, all customers together: a season or regular visits move it by less. */
export const LEVEL: readonly [number, number] = [0.5, 2];
/** A silhouette differs by so much from one draw of customers to the next. */
export const TOLERATED_SILHOUETTE = 0.02;

/**
 * Whether new lifetime parameters go into service: when nothing speaks against them on held-out weeks. What could not be judged, as the record is too short,
 * takes the place of nothing, or of what was not judged either. `inService`: whether what serves was judged; null when nothing serves. A first model has the
 * pooled prior against it, and the benefit of the doubt: it is refused only where it is surely worse.
 *
 * A calibration slope or a level outside its range refuses a model, unless that of what serves is outside on the same weeks as well: then the losses alone decide. Visits
 * that are more regular than Poisson's put every BG/NBD outside, and to refuse the better of two for what both have would keep the worse for ever.
 */
export const verdictOnLifetime = (comparison: LifetimeComparison | null, inService: { judged: boolean } | null): Verdict => {
  if (!comparison) {
    const why = "too few weeks or purchases to judge it by";
    return inService?.judged
      ? { promoted: false, reasons: [`${why}: the model in service was judged`] }
      : { promoted: true, reasons: [`${why}: it rests on what other chains are like where its own buyers are few`] };
  }
  const findings = (["purchases", "value"] as const).flatMap((what) =>
    findingsOn(comparison[what], comparison.against).map((finding) => ({ ...finding, said: `${what}: ${finding.said}` })),
  );
  const against = findings.filter((finding) => finding.refuses);
  return { promoted: against.length === 0, reasons: (against.length > 0 ? against : findings).map((finding) => finding.said) };
};

interface Finding {
  said: string;
  refuses: boolean;
}

/** What is to be said against a model, and whether that refuses it. */
const findingsOn = (found: HoldoutComparison, against: LifetimeComparison["against"]): Finding[] => {
  const { gain, lossInService, calibrationSlope, calibrationSlopeInService, bias, biasInService } = found;
  const isFirst = against === "prior";
  const level = (share: number | null): number | null => (share === null ? null : 1 + share);
  const isWorse = (isFirst ? gain.high : gain.low) < -TOLERATED_LOSS * lossInService;
  const said = `it ${isFirst ? "is" : "may be"} worse than ${NAMES[against]}: a gain of ${figure(gain.low)} to ${figure(gain.high)} on a loss of ${figure(lossInService)}`;
  return [
    ...(isWorse ? [{ said, refuses: true }] : []),
    ...outside("calibration slope", CALIBRATION, calibrationSlope, calibrationSlopeInService, NAMES[against]),
    ...outside("level", LEVEL, level(bias), level(biasInService), NAMES[against]),
  ];
};

/** Whether a figure is outside its range, and alone in that. */
const outside = (
  name: string,
  [low, high]: readonly [number, number],
  own: number | null,
  before: number | null,
  other: string,
): Finding[] => {
  const isInside = (value: number | null): boolean => value !== null && value >= low && value <= high;
  if (isInside(own)) return [];
  const said = `its ${name} is ${own?.toFixed(2) ?? "unknown"}, not from ${low} to ${high}`;
  return isInside(before)
    ? [{ said, refuses: true }]
    : [{ said: `${said}, but that of ${other} is not either (${before?.toFixed(2) ?? "unknown"})`, refuses: false }];
};

const NAMES = { inService: "the model in service", prior: "the pooled prior" } as const;
const figure = (value: number): string => value.toPrecision(3);

/**
 * Whether new segments go into service: not when a resample would give others (unless those in service are no better), nor when customers whom they were not
 * made of are clearly worse told apart by them. The first always do: nobody can be in no segment.
 */
export const verdictOnSegments = ({
  stability,
  stabilityInService,
  gain,
  silhouette,
  silhouetteInService,
}: SegmentsComparison): Verdict => {
  const unstable =
    stability !== null && stability < STABLE
      ? [`a resample gives other segments: bootstrap ARI ${stability.toFixed(2)}, under ${STABLE}`]
      : [];
  if (gain === null) return { promoted: true, reasons: unstable };
  const wereUnstable = stabilityInService !== null && stabilityInService < STABLE;
  const worse =
    gain.high < -TOLERATED_SILHOUETTE
      ? [`customers are clearly worse told apart: silhouette ${silhouette.toFixed(2)}, in service ${silhouetteInService!.toFixed(2)}`]
      : [];
  const reasons = [...(wereUnstable ? [] : unstable), ...worse];
  return reasons.length > 0 ? { promoted: false, reasons } : { promoted: true, reasons: unstable };
};

/** What a model learned from, feature by feature: a few numbers that are distributed as the many were; null stands for "not known". */
export type Learned = Record<string, (number | null)[]>;
/** How far a feature's distribution is from what a model learned from: its population stability index, from 0. */
export interface Shift {
  feature: string;
  index: number;
}

export const learnedFrom = (features: Readonly<Record<string, Float64Array>>): Learned =>
  Object.fromEntries(
    Object.entries(features).map(([name, values]) => [
      name,
      Array.from(quantileSketch(values), (value) => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null)),
    ]),
  );

/** The shift of every feature that is known of both times, the greatest first. */
export const shiftsSince = (learned: Learned, now: Readonly<Record<string, Float64Array>>): Shift[] =>
  Object.entries(now)
    .flatMap(([feature, values]) => {
      const before = learned[feature];
      if (!before || before.length === 0 || values.length === 0) return [];
      return [
        {
          feature,
          index: populationShift(
            Float64Array.from(before, (value) => value ?? NaN),
            values,
          ),
        },
      ];
    })
    .sort((a, b) => b.index - a.index);
