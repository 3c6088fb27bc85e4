import { describe, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { compareRankings, type RankedCase } from "./compareRankings.js";
import { shareShift } from "./shareShift.js";

const ITEMS = 20;
/** Customers whose baskets are drawn from chances of their own; each model gives what it makes of them. */
function cases(count: number, inService: (chance: number) => number, challenger: (chance: number) => number): RankedCase[] {
  const random = createRandom(3);
  return Array.from({ length: count }, () => {
    const truth = Array.from({ length: ITEMS }, () => 0.02 + 0.4 * random.uniform() ** 3);
    const items = truth.flatMap((chance, item) => (random.uniform() < chance ? [item] : []));
    return { inService: truth.map(inService), challenger: truth.map(challenger), items };
  });
}

describe("two ways of ranking on baskets that neither has seen", () => {
  test("differ by nothing when they are the same", () => {
    const { gain, loss, lossInService, hitRate, hitRateInService } = compareRankings(
      cases(
        200,
        (p) => p,
        (p) => p,
      ),
    );
    expect(gain).toEqual({ mean: 0, low: 0, high: 0 });
    expect([loss, hitRate]).toEqual([lossInService, hitRateInService]);
  });

  test("the one that knows the truth is surely better than one that knows nothing, and right in its chances", () => {
    const found = compareRankings(
      cases(
        400,
        () => 0.12,
        (p) => p,
      ),
    );
    expect(found.gain.low).toBeGreaterThan(0);
    expect(found.hitRate).toBeGreaterThan(found.hitRateInService + 0.1);
    expect(found.calibrationSlope).toBeGreaterThan(0.85);
    expect(found.calibrationSlope).toBeLessThan(1.15);
  });

  test("one that is too sure of itself has a slope below 1", () => {
    const sure = (p: number): number => p ** 2 / (p ** 2 + (1 - p) ** 2);
    expect(compareRankings(cases(400, (p) => p, sure)).calibrationSlope).toBeLessThan(0.65);
  });

  test("an item that a model does not know costs it much, but not infinitely, and no case at all is refused", () => {
    const { lossInService } = compareRankings([{ inService: [0, 1], challenger: [1, 0], items: [0] }]);
    expect(lossInService).toBeCloseTo(2 * -Math.log(1e-4), 3);
    expect(() => compareRankings([])).toThrow(RangeError);
  });
});

describe("the shift of what is bought", () => {
  test("is nothing where the shares stayed, much where they were turned round, and unknown of nothing", () => {
    const counts = Array.from({ length: 50 }, (_, item) => 1_000 - 19 * item);
    expect(
      shareShift(
        counts,
        counts.map((count) => 3 * count),
      ),
    ).toBeLessThan(1e-4);
    expect(shareShift(counts, counts.toReversed())).toBeGreaterThan(0.25);
    expect(shareShift(counts, [])).toBeNull();
    expect(shareShift([], counts)).toBeNull();
  });
});
