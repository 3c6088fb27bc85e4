import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { sequentialInterval } from "./sequentialInterval.js";

/** Looks a hundred times at a growing trial, 50 rows a side between looks. */
function missesAtSomeLook(seed: number, truth: number, spread: number): boolean {
  const random = createRandom(seed, "peeking");
  let sum = 0;
  for (let look = 1; look <= 100; look++) {
    // the difference of two sums of 50 rows of deviation 1
    sum += 50 * truth + 10 * random.normal();
    const rows = 50 * look;
    const { low, high } = sequentialInterval({ difference: sum / rows, standardError: Math.sqrt(2 / rows), spread });
    if (low > truth || high < truth) return true;
  }
  return false;
}

describe("an interval that may be looked at as often as one likes", () => {
  test.each([0.02, 0.1, 0.5])("leaves out the truth at some of a hundred looks in at most 5 % of trials, with a spread of %d", (spread) => {
    const missed = (truth: number) =>
      Array.from({ length: 1000 }, (_, seed) => missesAtSomeLook(seed, truth, spread)).filter(Boolean).length;
    expect(missed(0)).toBeLessThanOrEqual(50);
    expect(missed(0.1)).toBeLessThanOrEqual(50);
  });

  test("would miss far more often were it the usual one", () => {
    let missed = 0;
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(seed, "peeking");
      let sum = 0;
      let out = false;
      for (let look = 1; look <= 100; look++) {
        sum += 10 * random.normal();
        out ||= Math.abs(sum / (50 * look)) > 1.96 * Math.sqrt(2 / (50 * look));
      }
      if (out) missed++;
    }
    expect(missed).toBeGreaterThan(75);
  });

  test("finds an effect that is there", () => {
    const { low } = sequentialInterval({ difference: 0.2, standardError: 0.03, spread: 0.1 });
    expect(low).toBeGreaterThan(0);
    // by hand: V = 0.0009, τ² = 0.01; √(0.0009 · 0.0109 / 0.01 · ln(0.0109 / (0.0009 · 0.05²))) = 0.0912
    expect(low).toBeCloseTo(0.2 - 0.0912, 4);
  });

  test("is wider than the usual one, narrower with more rows, and around the difference", () => {
    const numbers = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    );
    fc.assert(
      fc.property(numbers, ([difference, standardError, spread]) => {
        const reach = (error: number) => {
          const { low, high } = sequentialInterval({ difference: 0, standardError: error, spread });
          expect(high).toBe(-low);
          return high;
        };
        expect(reach(standardError)).toBeGreaterThan(1.96 * standardError);
        expect(reach(standardError / 2)).toBeLessThan(reach(standardError));
        const { low, high } = sequentialInterval({ difference, standardError, spread });
        expect(low <= difference && difference <= high).toBe(true);
      }),
    );
  });

  test("is a point where all is known, boundless where nothing is, and refuses what is no question", () => {
    expect(sequentialInterval({ difference: 3, standardError: 0, spread: 1 })).toEqual({ low: 3, high: 3 });
    expect(sequentialInterval({ difference: 3, standardError: 1e-300, spread: 1e300 })).toEqual({ low: 3, high: 3 });
    expect(sequentialInterval({ difference: 3, standardError: Infinity, spread: 1 })).toEqual({ low: -Infinity, high: Infinity });
    const asked = { difference: 0, standardError: 1, spread: 1 };
    expect(() => sequentialInterval({ ...asked, difference: NaN })).toThrow(/difference of NaN/);
    expect(() => sequentialInterval({ ...asked, standardError: -1 })).toThrow(/standard error -1/);
    expect(() => sequentialInterval({ ...asked, alpha: 1 })).toThrow(/alpha is 1/);
    expect(() => sequentialInterval({ ...asked, spread: 0 })).toThrow(/spread/);
  });
});
