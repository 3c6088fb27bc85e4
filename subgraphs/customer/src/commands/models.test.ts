import { expect, test } from "vitest";
import { readModelArguments } from "./models.js";
import { lifetimeTable, segmentsTable } from "./modelTable.js";

test("what cannot be meant is refused with what can", () => {
  expect(readModelArguments([])).toEqual({ help: false, action: "list", kind: null, tenant: null });
  expect(readModelArguments(["rollback", "--model", "segments", "--tenant", "kava"])).toEqual({
    help: false,
    action: "rollback",
    kind: "segments",
    tenant: "kava",
  });
  expect(() => readModelArguments(["undo"])).toThrow('Say one of list, train, rollback, not "undo"');
  expect(() => readModelArguments(["rollback"])).toThrow("--model lifetime or --model segments");
  expect(() => readModelArguments(["--model", "taste"])).toThrow('one of lifetime, segments, not "taste"');
});

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
