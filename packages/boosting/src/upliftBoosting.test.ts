import { learnUplift } from "@kava/algorithms/policy/learnUplift";
import { loadUplift } from "@kava/algorithms/policy/upliftModel";
import { upliftWorld } from "@kava/tests/support/upliftWorld";
import { expect, test } from "vitest";
import { upliftBoosting } from "./upliftBoosting.js";

const item = { priceMinor: 500, costMinor: 180 };
/** Those who are a little late are changed by a discount, the others are given it for nothing. */
const log = upliftWorld({
  seed: 7,
  rows: 7_000,
  rowsPerCustomer: 1,
  depths: [0, 20],
  itemCounts: true,
  noise: 150,
  logOdds: ({ x }, depth) => (x[1]! > 0.5 && x[1]! < 1.2 ? -3 + 0.25 * depth : 0.5 + 0.01 * depth),
});

test("boosted trees are chosen where they see whom straight lines do not, never fall with the depth, and are stored to the last bit", () => {
  const learned = learnUplift(log, { seed: 1, boosted: upliftBoosting });
  const model = learned.kind === "learned" ? learned.model : undefined;
  expect(model?.description).toMatchObject({ rung: 3, reason: expect.stringMatching(/is above the linear one's/) });
  const text = JSON.stringify(model);
  expect(text.length).toBeLessThan(300_000);
  const loaded = loadUplift(JSON.parse(text));
  const late = (lateness: number) => Float64Array.of(-1, lateness, 0.5, 6, Math.log1p(500), 0);
  const bounds = (lateness: number) => model!.liftsAt(late(lateness), item).map(({ lower }) => lower);
  for (const lower of bounds(0.8)) expect(lower).toBeGreaterThan(0);
  for (const lower of [...bounds(0.2), ...bounds(1.6)]) expect(lower).toBeLessThan(0);
  for (let lateness = 0; lateness < 3; lateness += 0.1) {
    expect(loaded.liftsAt(late(lateness), item)).toEqual(model!.liftsAt(late(lateness), item));
    for (let depth = 0; depth < 25; depth++) {
      const [p, deeper] = [0, 1].map((more) => model!.probabilityAt(late(lateness), depth + more, -1));
      expect(loaded.probabilityAt(late(lateness), depth, -1)).toBe(p);
      expect(deeper!).toBeGreaterThanOrEqual(p!);
    }
  }
});
