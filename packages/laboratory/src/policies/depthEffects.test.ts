import { normalAt, uniformAt, uniformIntAt } from "@kava/algorithms/random";
import { describe, expect, test } from "vitest";
import { learnDepthEffects } from "./depthEffects.js";
import type { DepthTrial } from "./depthTrial.js";

const depths = [0.1, 0.2];

/** Half without an offer; two signs, and an effect that is a function of the first. */
function trialOf(effect: (sign: number) => number, rows = 3_000): DepthTrial {
  const values = Float64Array.from({ length: rows * 2 }, (_, at) => normalAt(4, "sign", at));
  const drawn = Float64Array.from({ length: rows }, (_, row) =>
    uniformAt(4, "offered", row) < 0.5 ? 0 : depths[uniformIntAt(4, depths.length, "depth", row)]!,
  );
  return {
    customers: Uint32Array.from({ length: rows }, (_, row) => row),
    features: { rows, columns: 2, values },
    depths: drawn,
    propensities: drawn.map((depth) => (depth === 0 ? 0.5 : 0.25)),
    outcomes: drawn.map((depth, row) => 3 + 0.5 * normalAt(4, "noise", row) + (depth > 0 ? effect(values[2 * row]!) : 0)),
    discounts: drawn,
    turnovers: drawn.map(() => 1),
  };
}

describe("the ladder of effects", () => {
  test.each([
    ["linear", "everybody is changed alike", () => 1],
    ["linear", "it goes with a sign", (sign: number) => sign],
    ["boosted", "it is there at one end and at the other, and not between", (sign: number) => (Math.abs(sign) > 1 ? 2 : -1)],
  ] as const)("takes %s effects where %s", (rung, _, effect) => {
    const { rung: reached, values, of } = learnDepthEffects(trialOf(effect), depths, 1);
    expect(reached).toBe(rung);
    if (rung === "boosted") expect(values.boosted).toBeGreaterThan(Math.max(values.linear, values.pooled));
    const { mean } = of({ rows: 2, columns: 2, values: Float64Array.of(-2, 0, 2, 0) });
    expect(mean.values[0]).toBeCloseTo(effect(-2), 0);
    expect(mean.values[depths.length]).toBeCloseTo(effect(2), 0);
  });

  test("takes one effect for all where a straight line misleads", () => {
    const { rung } = learnDepthEffects(
      trialOf((sign) => (sign > 2.3 ? 60 : 0.5)),
      depths,
      1,
    );
    expect(rung).toBe("pooled");
  });
});
