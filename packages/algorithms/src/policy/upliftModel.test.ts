import { cellTrees } from "@kava/tests/support/cellTrees";
import { linearWorld, lumpyWorld, pooledWorld, upliftWorld } from "@kava/tests/support/upliftWorld";
import { describe, expect, test } from "vitest";
import { learnUplift, type LearnUpliftOptions } from "./learnUplift.js";
import type { UpliftLog } from "./upliftLog.js";
import { loadUplift, type UpliftModel } from "./upliftModel.js";

const item = { priceMinor: 500, costMinor: 180 };

function learned(log: UpliftLog, options: Partial<LearnUpliftOptions> = {}): UpliftModel {
  const found = learnUplift(log, { seed: 1, ...options });
  if (found.kind === "tooLittle") throw new Error(found.reason);
  return found.model;
}

/** Encoded features of a customer who is so late. */
const late = (lateness: number, taste = 0): Float64Array => Float64Array.of(taste, lateness, 0.5, 6, Math.log1p(500), 0);

describe("a stored uplift model", () => {
  const models = {
    1: learned(upliftWorld(pooledWorld)),
    2: learned(upliftWorld(linearWorld)),
    3: learned(upliftWorld(lumpyWorld), { boosted: { purchase: () => cellTrees } }),
  };

  test.each([1, 2, 3] as const)("of rung %i answers the same to the last bit", (rung) => {
    const model = models[rung];
    expect(model.description.rung).toBe(rung);
    const text = JSON.stringify(model);
    expect(text.length).toBeLessThan(300_000);
    const loaded = loadUplift(JSON.parse(text));
    expect(loaded.description).toEqual(model.description);
    for (let i = 0; i < 200; i++) {
      const asked = late(i / 70, (i % 9) - 4);
      asked[3] = i % 5 === 0 ? NaN : i / 20;
      expect(loaded.liftsAt(asked, item)).toEqual(model.liftsAt(asked, item));
      expect(loaded.probabilityAt(asked, i / 8, -1)).toBe(model.probabilityAt(asked, i / 8, -1));
      expect(loaded.quantityAt(asked, i / 8)).toBe(model.quantityAt(asked, i / 8));
    }
  });

  test("is refused when it is of another kind, format or features, or damaged", () => {
    const stored = (rung: 1 | 2 | 3, change: object = {}, inside: object = {}): unknown => {
      const plain = JSON.parse(JSON.stringify(models[rung])) as { parameters: object };
      return { ...plain, parameters: { ...plain.parameters, ...inside }, ...change };
    };
    const load = (value: unknown) => () => loadUplift(value);
    expect(load(null)).toThrow(/not an object/);
    expect(load(stored(1, { kind: "priorElasticity" }))).toThrow(/kind priorElasticity/);
    expect(load(stored(1, { formatVersion: 2 }))).toThrow(/format 2/);
    expect(load(stored(1, { featureSchema: "response/2" }))).toThrow(/response\/2.*learn it again/);
    expect(load(stored(1, { parameters: 3 }))).toThrow(/damaged/);
    expect(load(stored(1, {}, { lifts: [] }))).toThrow(/without a measured depth/);
    expect(load(stored(1, {}, { rung: 2 }))).toThrow(/does not go together/);
    expect(load(stored(2, {}, { elasticity: { value: 1, low: 2, high: 3 } }))).toThrow(/elasticity/);
    expect(load(stored(2, {}, { lifts: models[2].parts.lifts.toReversed() }))).toThrow(/ascend/);
    const otherTrees = { ...models[3].parts.effects, purchase: { kind: "trees" } };
    expect(load(stored(3, {}, { effects: otherTrees }))).toThrow(/damaged.*no tree ensemble/);
    expect(load(stored(3, {}, { effects: null }))).toThrow(/does not go together/);
    const unbinned = models[1].parts.lifts.map((lift) => ({ ...lift, bins: [] }));
    expect(load(stored(1, {}, { lifts: unbinned }))).toThrow(/no prediction|no bins/);
    for (const value of [null, {}, []]) expect(load(stored(2, {}, { effects: { kind: "linear", arms: [value] } }))).toThrow(/damaged/);
  });
});
