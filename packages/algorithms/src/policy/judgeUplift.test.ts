import { upliftWorld, type UpliftWorld } from "@kava/tests/support/upliftWorld";
import { describe, expect, test } from "vitest";
import { judgeUplift } from "./judgeUplift.js";
import { learnUplift } from "./learnUplift.js";
import type { UpliftLog } from "./upliftLog.js";
import { UpliftModel } from "./upliftModel.js";

/** A discount brings 120 to one half of the customers and costs 120 with the other. */
const world: UpliftWorld = {
  seed: 11,
  rows: 13_000,
  depths: [0, 10],
  noise: 200,
  effect: ({ x }, depth) => (depth === 0 ? 0 : x[2]! > 0.5 ? 120 : -120),
};
const log = upliftWorld(world);
const found = learnUplift(log, { seed: 1 });
if (found.kind === "tooLittle") throw new Error(found.reason);
const personal = found.model;
/** One depth for all, or none. */
const uniform = (lower: number) =>
  new UpliftModel({
    ...personal.parts,
    rung: 1,
    effects: null,
    lifts: [{ depth: 10, personal: false, bins: [{ from: null, mean: lower, standardError: 0, lower, rows: 1 }] }],
  });
const later = (seed: number, change: Partial<UpliftWorld> = {}): UpliftLog => upliftWorld({ ...world, seed, rows: 4_000, ...change });
const judge = (challenger: UpliftModel, inService: UpliftModel | null, weeks: UpliftLog) =>
  judgeUplift(challenger, inService, weeks.baseLogOdds, weeks, log.features, { seed: 1 });

describe("judging an uplift model on later weeks", () => {
  test("prefers the one that knows whom a depth changes", () => {
    const weeks = later(12);
    const against = judge(personal, uniform(1), weeks);
    expect(against).toMatchObject({ rows: 4_000, customers: 2_000 });
    expect(against.gain.low).toBeGreaterThan(0);
    expect(against.gain.mean).toBeCloseTo(against.value - against.valueInService, 6);
    expect(judge(uniform(1), personal, weeks).gain.high).toBeLessThan(0);
    expect(judge(personal, personal, weeks).gain).toEqual({ mean: 0, low: 0, high: 0 });
  });

  test("gives a gain whose interval holds four times in five", () => {
    // the depth brings to one half what it costs with the other: in the mean it changes nothing
    const gains = Array.from({ length: 40 }, (_, i) => judge(uniform(-1), uniform(1), later(100 + i, { rows: 400 })).gain);
    const holds = gains.filter(({ low, high }) => low <= 0 && 0 <= high).length;
    expect(holds).toBeGreaterThan(25);
    expect(holds).toBeLessThan(39);
  });

  test("is not deceived by whom the log preferred", () => {
    const preferring: Partial<UpliftWorld> = { chances: ({ x }) => (x[0]! > -1 ? [0.1, 0.9] : [0.9, 0.1]), rows: 8_000 };
    const { gain } = judge(uniform(-1), uniform(1), later(13, preferring));
    expect(Math.abs(gain.mean)).toBeLessThan(25);
  });

  test("compares with what the log preferred where nothing is in service, the least deep of equals", () => {
    const weeks = later(14);
    expect(judge(uniform(-1), null, weeks).gain.mean).toBe(0);
    const greedy = later(14, { chances: ({ x }) => (x[2]! > 0.5 ? [0.1, 0.9] : [0.9, 0.1]) });
    const { valueInService, gain } = judge(uniform(1), null, greedy);
    expect(Math.abs(valueInService - 860)).toBeLessThan(40); // 1000 − 200 of the mean taste + 60
    expect(gain.high).toBeLessThan(0);
  });

  test("never offers what had no chance in a row", () => {
    const bound = later(15, { depths: [0, 10, 20], chances: ({ x }) => (x[1]! > 0.5 ? [0.5, 0, 0.5] : [0.5, 0.5, 0]) });
    const { value, valueInService } = judge(uniform(1), uniform(-1), bound);
    expect([value, valueInService].every(Number.isFinite)).toBe(true);
    const nothing = later(15, { chances: ({ x }) => (x[1]! > 0.5 ? [0, 1] : [0.5, 0.5]) });
    expect(Number.isFinite(judge(uniform(-1), null, nothing).value)).toBe(true);
  });

  test("tells how sure the model may be of itself, and what has shifted", () => {
    const still = judge(personal, null, later(16));
    expect(still.calibrationSlope).toBeCloseTo(1, 0);
    expect(still.shift.map(({ feature }) => feature)).toContain("lateness");
    for (const { index } of still.shift) expect(index).toBeLessThan(0.02);
    const weeks = later(16, { logOdds: ({ x }, depth) => 0.3 * (x[0]! - 2 * Math.log(1 - depth / 100)) });
    const tooSure = judgeUplift(
      personal,
      null,
      weeks.baseLogOdds.map((z) => z / 0.3),
      weeks,
      log.features,
      { seed: 1 },
    );
    expect(tooSure.calibrationSlope).toBeLessThan(0.5);
    const unsold = { ...weeks, units: new Float64Array(weeks.units.length) };
    expect(judge(personal, null, unsold).calibrationSlope).toBeNull();
    const values = weeks.features.values.map((value, cell) => (cell % 6 === 1 ? value + 1 : value));
    const moved = judge(personal, null, { ...weeks, features: { ...weeks.features, values } }).shift;
    expect(moved.filter(({ index }) => index > 0.25).map(({ feature }) => feature)).toEqual(["lateness"]);
  });

  test("refuses what says nothing", () => {
    const weeks = later(17, { rows: 40 });
    expect(() => judge(personal, null, { ...weeks, customers: new Float64Array(40) })).toThrow(/of 1 customers/);
    expect(() => judgeUplift(personal, null, [1], weeks, log.features, { seed: 1 })).toThrow(/40 weeks need as many finite log odds/);
    expect(() => judge(personal, null, later(17, { rows: 0 }))).toThrow(RangeError);
    const few = judge(personal, null, later(18, { rows: 4 }));
    expect([few.value, few.gain.low, few.gain.high].every(Number.isFinite)).toBe(true);
  });
});
