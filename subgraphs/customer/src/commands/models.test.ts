import { expect, test } from "vitest";
import { lifetimeTable, segmentsTable } from "./modelTable.js";

test("where there is no model yet the tables say what serves instead", () => {
  expect(lifetimeTable([])).toContain("what other chains are like");
  expect(segmentsTable([])).toContain("everybody is a newcomer");
});

test("a model that was refused is shown with what spoke against it and what had moved most", () => {
  const table = segmentsTable([
    {
      generation: 3,
      fittedAt: new Date("2026-11-22T10:00:00Z"),
      state: "refused",
      comparison: null,
      reasons: ["a resample gives other segments"],
      shift: [
        { feature: "recencyDays", index: 0.312 },
        { feature: "basketSize", index: 0.01 },
      ],
      shiftAt: null,
    },
  ]);
  expect(table).toMatch(/^ +3 \(refused\) +2026-11-22 10:00 .* 0\.31 recencyDays +a resample gives other segments$/m);
});
