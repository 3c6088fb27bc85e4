import type { SegmentsComparison } from "@kava/algorithms/segmentation/judgeSegments";
import { columns } from "@kava/platform/commands/columns";
import type { LifetimeComparison, ModelKind } from "../domain/modelLife.js";
import type { KeptModel } from "../storage/modelLife.js";

const NONE: Record<ModelKind, string> = {
  lifetime: "No lifetime model of the chain's own is in service: lifetime values rest on what other chains are like, or are not told.\n",
  segments: "No segments were trained yet: everybody is a newcomer.\n",
};

/** A chain's lifetime models as a table of text; the one in service has an arrow. */
export const lifetimeTable = (models: readonly KeptModel<LifetimeComparison>[]): string =>
  table(
    "lifetime",
    ["weeks", "customers", "predicted", "actual", "gain, purchases", "slope", "gain, value", "slope"],
    models,
    ({ weeks, purchases, value }) => [
      weeks.toFixed(1),
      String(purchases.customers),
      purchases.predicted.toFixed(0),
      purchases.actual.toFixed(0),
      shareOf(purchases.gain, purchases.lossInService),
      figure(purchases.calibrationSlope),
      shareOf(value.gain, value.lossInService),
      figure(value.calibrationSlope),
    ],
  );

/** A chain's segmentations as a table of text; the one in service has an arrow. */
export const segmentsTable = (models: readonly KeptModel<SegmentsComparison>[]): string =>
  table("segments", ["segments", "stability", "customers", "silhouette", "in service then", "gain (80 %)", "same"], models, (found) => [
    String(found.segments),
    figure(found.stability),
    String(found.customers),
    figure(found.silhouette),
    figure(found.silhouetteInService),
    found.gain ? `${figure(found.gain.low)} to ${figure(found.gain.high)}` : "–",
    figure(found.agreement),
  ]);

const table = <Comparison>(
  kind: ModelKind,
  headings: readonly string[],
  models: readonly KeptModel<Comparison>[],
  figuresOf: (comparison: Comparison) => string[],
): string => {
  if (models.length === 0) return NONE[kind];
  const rows = models.map(({ generation, state, fittedAt, comparison, reasons, shift }) => [
    state === "serving" ? "→" : "",
    `${generation} (${state})`,
    fittedAt.toISOString().slice(0, 16).replace("T", " "),
    ...(comparison ? figuresOf(comparison) : headings.map(() => "–")),
    // of all features the one whose distribution moved most since the model learned: above 0.25 it is another population
    shift?.[0] ? `${figure(shift[0].index)} ${shift[0].feature}` : "–",
    reasons.join("; "),
  ]);
  const lines = columns([["", `${kind} model`, "fitted at", ...headings, "shift", "remarks"], ...rows]);
  return `${lines.join("\n")}\n${models.some((each) => each.state === "serving") ? "" : `\n${NONE[kind]}`}`;
};

const figure = (value: number | null): string => value?.toFixed(2) ?? "–";
/** A gain as a share of the loss in service, its 80 % interval. */
const shareOf = ({ low, high }: { low: number; high: number }, loss: number): string =>
  loss === 0 ? "–" : `${((100 * low) / loss).toFixed(1)} to ${((100 * high) / loss).toFixed(1)} %`;
