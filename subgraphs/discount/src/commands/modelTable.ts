import type { FeatureShift } from "@kava/algorithms/populationShift";
import type { KeptModel, ModelKind } from "../storage/modelLife.js";
import { columns } from "@kava/platform/commands/columns";

/** What of a model's trial stands in the table, by its kind. */
const HEADINGS: Record<ModelKind, readonly string[]> = {
  response: ["cases", "loss", "in service then", "gain (80 %)", "slope", "shift"],
  uplift: ["weeks", "margin", "in service then", "gain (80 %)", "slope", "shift"],
};

const NONE: Record<ModelKind, [never: string, now: string]> = {
  response: [
    "No response model was fitted yet: the prior is in service, which takes what a customer likes for the probability.\n",
    "The prior is in service.\n",
  ],
  uplift: [
    "No uplift model was learned yet: nothing is claimed of what depths change.\n",
    "No uplift model is in service: nothing is claimed of what depths change.\n",
  ],
};

/** A chain's models of one kind as a table of text; the one in service has an arrow. */
export const modelTable = (kind: ModelKind, all: readonly KeptModel[]): string => {
  const models = all.filter((each) => each.kind === kind);
  if (models.length === 0) return NONE[kind][0];
  const rows = models.map((model) => [
    model.state === "serving" ? "→" : "",
    `${model.version} (${model.state})`,
    model.fittedAt.toISOString().slice(0, 16).replace("T", " "),
    ...figuresOf(model),
    model.reasons.join("; "),
  ]);
  const table = columns([["", `${kind} model`, "fitted at", ...HEADINGS[kind], "why not"], ...rows]).join("\n");
  return `${table}\n${models.some((each) => each.state === "serving") ? "" : `\n${NONE[kind][1]}`}`;
};

const figuresOf = (model: KeptModel): string[] => {
  if (!model.comparison) return HEADINGS[model.kind].map(() => "–");
  if (model.kind === "response") {
    const { cases, loss, lossInService, gain, calibrationSlope } = model.comparison;
    return [
      String(cases),
      loss.toFixed(4),
      lossInService.toFixed(4),
      span(gain, 4),
      calibrationSlope?.toFixed(2) ?? "–",
      greatest(model.comparison.shift),
    ];
  }
  const { rows, value, valueInService, gain, calibrationSlope, shift } = model.comparison;
  return [String(rows), value.toFixed(1), valueInService.toFixed(1), span(gain, 1), calibrationSlope?.toFixed(2) ?? "–", greatest(shift)];
};

/** Of all features the one that moved most since the model learned: above 0.25 it is another population. Models of before this was kept have none. */
const greatest = (shift: readonly FeatureShift[] | undefined): string => {
  const most = shift?.toSorted((a, b) => b.index - a.index)[0];
  return most ? `${most.index.toFixed(2)} ${most.feature}` : "–";
};

const span = ({ low, high }: { low: number; high: number }, digits: number): string => `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
