import { expect, test } from "vitest";
import { whatIsDue } from "./segmentation.js";

const NOW = new Date("2026-11-22T10:00:00Z");
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * 3_600_000);

test.each([
  ["nothing is trained while there are too few buyers", { fittedAt: null, placedAt: null, buyers: 9, boughtSince: 9 }, "nothing"],
  ["the first training comes as soon as there are enough", { fittedAt: null, placedAt: null, buyers: 10, boughtSince: 0 }, "train"],
  ["a tenth of the buyers is reason enough", { fittedAt: hoursAgo(1), placedAt: hoursAgo(1), buyers: 2_000, boughtSince: 200 }, "train"],
  [
    "less than that waits for the day to pass",
    { fittedAt: hoursAgo(1), placedAt: hoursAgo(1), buyers: 2_000, boughtSince: 199 },
    "nothing",
  ],
  ["a small chain waits for fifty", { fittedAt: hoursAgo(1), placedAt: hoursAgo(1), buyers: 60, boughtSince: 49 }, "nothing"],
  ["one purchase is reason enough after a day", { fittedAt: hoursAgo(24), placedAt: hoursAgo(1), buyers: 2_000, boughtSince: 1 }, "train"],
  [
    "without purchases everyone is only placed, once a day",
    { fittedAt: hoursAgo(50), placedAt: hoursAgo(24), buyers: 2_000, boughtSince: 0 },
    "place",
  ],
  ["and not more often", { fittedAt: hoursAgo(50), placedAt: hoursAgo(2), buyers: 2_000, boughtSince: 0 }, "nothing"],
])("%s", (_name, age, due) => {
  expect(whatIsDue(age, NOW)).toBe(due);
});
