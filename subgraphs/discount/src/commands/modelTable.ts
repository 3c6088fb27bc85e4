import type { KeptModel } from "../storage/modelLife.js";
import { columns } from "./explanationText.js";

const HEADINGS = ["", "model", "fitted at", "cases", "loss", "in service then", "gain (80 %)", "slope", "why not"];

/** A chain's models as a table of text; the one in service has an arrow. */
export const modelTable = (models: readonly KeptModel[]): string => {
  if (models.length === 0)
    return "No model was fitted yet: the prior is in service, which takes what a customer likes for the probability.\n";
  const rows = models.map(({ version, state, fittedAt, comparison: found, reasons }) => [
    state === "serving" ? "→" : "",
    `${version} (${state})`,
    fittedAt.toISOString().slice(0, 16).replace("T", " "),
    found ? String(found.cases) : "–",
    found ? found.loss.toFixed(4) : "–",
    found ? found.lossInService.toFixed(4) : "–",
    found ? `${found.gain.low.toFixed(4)} to ${found.gain.high.toFixed(4)}` : "–",
    found?.calibrationSlope?.toFixed(2) ?? "–",
    reasons.join("; "),
  ]);
  const prior = models.some((each) => each.state === "serving") ? "" : "\nThe prior is in service.\n";
  return `${columns([HEADINGS, ...rows]).join("\n")}\n${prior}`;
};
