import { pooledWorld, upliftWorld } from "@kava/tests/support/upliftWorld";
import { describe, expect, test } from "vitest";
import { learnUplift } from "./learnUplift.js";
import { selectLog, type UpliftLog } from "./upliftLog.js";

function learned(log: UpliftLog) {
  const found = learnUplift(log, { seed: 1 });
  if (found.kind === "tooLittle") throw new Error(found.reason);
  return found.model;
}

describe("what cannot be learned from", () => {
  const refusal = (log: UpliftLog) => {
    const found = learnUplift(log, { seed: 1 });
    return found.kind === "tooLittle" ? found.reason : found.kind;
  };
  const first = (log: UpliftLog, rows: number) =>
    selectLog(
      log,
      Uint32Array.from({ length: rows }, (_, i) => i),
    );
  const log = upliftWorld({ ...pooledWorld, rows: 6_000 });

  test("is too little, with how much there is", () => {
    expect(refusal(first(log, 0))).toMatch(/none at all/);
    expect(refusal(first(log, 3))).toMatch(/need 500 customers each.*there are: none \d, 10 % \d, 20 % \d/);
    expect(refusal({ ...log, customers: new Float64Array(6_000) })).toMatch(/none 1, 10 % 1, 20 % 1/);
    expect(refusal(upliftWorld({ ...pooledWorld, chances: () => [0, 0.5, 0.5] }))).toMatch(/none 0/);
    expect(refusal(upliftWorld({ ...pooledWorld, chances: () => [1, 0, 0] }))).toMatch(/10 % 0, 20 % 0/);
    const apart = upliftWorld({ ...pooledWorld, chances: ({ x }) => (x[0]! > -1 ? [1, 0, 0] : [0, 0.5, 0.5]) });
    expect(refusal(apart)).toMatch(/no depth and no offer both had a chance/);
  });

  test("may lack features, repeat customers' weeks and hold one kind of buyer", () => {
    const bare: UpliftLog = {
      ...log,
      features: { ...log.features, values: log.features.values.map((value, cell) => [NaN, 7][cell % 6] ?? value) },
      units: new Float64Array(6_000),
    };
    const repeated = selectLog(
      bare,
      Uint32Array.from({ length: 12_000 }, (_, i) => i % 6_000),
    );
    const [once, twice] = [learned(bare), learned(repeated)].map((model) =>
      model.liftsAt(new Float64Array(6), { priceMinor: 500, costMinor: 180 }),
    );
    once!.forEach(({ lower, belief }, i) => {
      expect([lower, belief.mean, belief.deviation].every(Number.isFinite)).toBe(true);
      // the same weeks again say nothing more: a customer's rows go together
      expect(twice![i]!.belief.deviation / belief.deviation).toBeCloseTo(1, 1);
    });
    const { elasticity } = learned(repeated).description;
    expect(0 <= elasticity.low && elasticity.low <= elasticity.value && elasticity.value <= elasticity.high).toBe(true);
  });

  test("is refused where it contradicts itself", () => {
    const refused = (change: Partial<UpliftLog>) => () => learnUplift({ ...log, ...change }, { seed: 1 });
    expect(refused({ outcomes: log.outcomes.map((y, row) => (row === 4 ? NaN : y)) })).toThrow(/outcomes of row 4 is NaN/);
    expect(refused({ units: log.units.map((_, row) => (row === 2 ? -1 : 0)) })).toThrow(/units of row 2 is -1/);
    expect(refused({ drawable: [0, 20, 10] })).toThrow(/ascend from 0/);
    expect(refused({ drawable: [0, 10, 30] })).toThrow(/none of the drawable depths/);
    expect(refused({ prices: log.prices.subarray(1) })).toThrow(/6000 depths and 5999 prices/);
    expect(refused({ baseLogOdds: log.baseLogOdds.map(() => Infinity) })).toThrow(/baseLogOdds of row 0/);
    expect(refused({ features: { ...log.features, values: log.features.values.map(() => -Infinity) } })).toThrow(/tasteLogit of row 0/);
    const half = { ...log.propensities, values: log.propensities.values.map((p) => p / 2) };
    expect(refused({ propensities: half })).toThrow(/probabilities of row 0.*sum to 1/);
    const impossible = {
      ...half,
      values: half.values.map((_, cell) => (log.drawable[cell % 3] === log.depths[Math.floor(cell / 3)] ? 0 : 0.5)),
    };
    expect(refused({ propensities: impossible })).toThrow(/had no chance/);
  });
});
