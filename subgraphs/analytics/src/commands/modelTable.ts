import { columns } from "@kava/platform/commands/columns";
import type { KeptModel } from "../storage/modelLife.js";

const HEADINGS = ["", "tastes of", "purchases", "customers", "HR@5", "in service then", "gain (80 %)", "slope", "shift", "remarks"];

/** A chain's models of tastes as a table of text; the one in service has an arrow. */
export const modelTable = (models: readonly KeptModel[]): string => {
  if (models.length === 0) return "No tastes were learned yet: what is popular is recommended.\n";
  const rows = models.map(({ learnedAt, state, purchases, comparison: found, shift, reasons }) => [
    state === "serving" ? "→" : "",
    `${learnedAt.toISOString().slice(0, 16).replace("T", " ")} (${state})`,
    String(purchases),
    found ? String(found.customers) : "–",
    figure(found?.hitRate, 3),
    figure(found?.hitRateInService, 3),
    found ? `${found.gain.low.toFixed(3)} to ${found.gain.high.toFixed(3)}` : "–",
    figure(found?.calibrationSlope, 2),
    figure(shift, 2),
    reasons.join("; "),
  ]);
  return `${columns([HEADINGS, ...rows]).join("\n")}\n`;
};

const figure = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? "–";
