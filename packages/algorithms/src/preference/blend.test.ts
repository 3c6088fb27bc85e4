import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blendShares, PRIOR_WEIGHTS } from "./blend.js";
import { chooseBlend } from "./chooseBlend.js";
import { confidentPairs } from "./confidentPairs.js";
import { fitEase } from "./ease.js";
import { readEvidence } from "./evidence.js";
import { invertPositiveDefinite } from "./invertPositiveDefinite.js";
import { itemNeighbours } from "./itemNeighbours.js";
import { learnBlend } from "./learnBlend.js";
import { userNeighbours } from "./userNeighbours.js";

const ITEMS = 8;
const someSets = fc.array(fc.array(fc.nat(ITEMS - 1), { maxLength: 6 }), { maxLength: 60 });

describe("the inverse of a positive definite matrix", () => {
  test.each([1, 2, 31, 32, 33, 101])("gives the identity when it is multiplied with the matrix: %i rows", (n) => {
    const factor = Float64Array.from({ length: n * n }, (_, i) => Math.sin(i * 12.9898));
    const at = (i: number, j: number): number => {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) sum += factor[i * n + k]! * factor[j * n + k]!;
      return sum;
    };
    const matrix = Float64Array.from({ length: n * n }, (_, cell) => at(Math.floor(cell / n), cell % n));
    const inverse = invertPositiveDefinite(matrix, n);
    let worst = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += matrix[i * n + k]! * inverse[k * n + j]!;
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
      }
    expect(worst).toBeLessThan(1e-10);
  });

  test("refuses what is not positive definite, not a number, or not square", () => {
    expect(() => invertPositiveDefinite(Float64Array.of(1, 2, 2, 1), 2)).toThrow(/not positive definite at row 1/);
    expect(() => invertPositiveDefinite(Float64Array.of(Number.NaN), 1)).toThrow(/not positive definite/);
    expect(() => invertPositiveDefinite(new Float64Array(3), 2)).toThrow(/4 numbers, not 3/);
    expect(invertPositiveDefinite(new Float64Array(), 0)).toHaveLength(0);
  });
});

describe("EASE", () => {
  test("is the ridge regression of each item on all others", () => {
    // together: 0 and 1 twice; P = (XᵀX + I)⁻¹ of [[4, 2], [2, 3]] = [[3, −2], [−2, 4]] / 8
    const sets = [[0, 1], [1, 0, 0], [0]];
    const { rows } = fitEase(sets, 2, { lambda: 1 });
    expect([...rows[0]!.items]).toEqual([1]);
    expect(rows[0]!.weights[0]).toBeCloseTo(2 / 4, 6);
    expect(rows[1]!.weights[0]).toBeCloseTo(2 / 3, 6);
  });

  test("models the items that most have when there are more than it may, and says nothing of the rest", () => {
    const { rows } = fitEase([[0, 3], [0, 3], [0, 3, 1], [3]], 4, { lambda: 1, mostItems: 2 });
    expect(rows.map(({ items }) => [...items])).toEqual([[3], [], [], [0]]);
  });

  test("refuses a ridge of nothing and an item that is not numbered", () => {
    expect(() => fitEase([[0]], 1, { lambda: 0 })).toThrow(/above 0/);
    expect(() => fitEase([[0, 5]], 3, { lambda: 1 })).toThrow(/Set 0 holds item 5/);
    expect(() => fitEase([[-1]], 3, { lambda: 1, mostItems: 2 })).toThrow(/item -1/);
  });
});

describe("pairs by confidence", () => {
  test("are kept where both are together more often than by chance, most confident first", () => {
    const sets = [
      ...Array.from({ length: 6 }, () => [0, 1]),
      ...Array.from({ length: 4 }, () => [0, 2]),
      ...Array.from({ length: 10 }, () => [3]),
    ];
    const { rows } = confidentPairs(itemNeighbours(sets, 4, { keep: Infinity }));
    expect([...rows[0]!.items]).toEqual([1, 2]);
    expect([...rows[0]!.confidences]).toEqual([0.6, 0.4]);
    expect([...rows[1]!.confidences]).toEqual([1]);
    expect([...rows[3]!.items]).toEqual([]);
  });
});

describe("similar customers", () => {
  test("speak for what they have, and nobody for themselves", () => {
    const recommend = userNeighbours([[0, 1], [0, 1, 2], [3]], 4, { neighbours: 1 });
    expect([...recommend([0, 1], 0)].map((score) => score > 0)).toEqual([true, true, true, false]);
    expect([...recommend([], 0)]).toEqual([0, 0, 0, 0]);
    expect(() => userNeighbours([[4]], 4)).toThrow(/Set 0 holds item 4/);
  });
});

describe("the blend", () => {
  test("is a chance for each new item, whatever was learned from whatever", () => {
    fc.assert(
      fc.property(someSets, fc.array(fc.nat(ITEMS - 1), { maxLength: 5 }), fc.nat(9), (sets, history, seed) => {
        const { evidence, weights, lambda } = learnBlend({ sets, itemCount: ITEMS }, { seed });
        expect(Object.values(weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        expect(lambda).toBeGreaterThan(0);
        const shares = blendShares(readEvidence(evidence), weights, history);
        for (const item of history) expect(shares[item]).toBe(0);
        const sum = shares.reduce((a, b) => a + b, 0);
        expect(sum === 0 || Math.abs(sum - 1) < 1e-9).toBe(true);
        expect(shares.every((share) => share >= 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("is the same for the same input and seed", () => {
    const sets = Array.from({ length: 80 }, (_, i) => [i % 5, (i * 3) % 7]);
    expect(learnBlend({ sets, itemCount: 7 }, { seed: 3 })).toEqual(learnBlend({ sets, itemCount: 7 }, { seed: 3 }));
  });

  test("is sound for nothing, one item and one basket", () => {
    for (const sets of [[], [[]], [[0]], [[0, 0]]]) {
      const { evidence, weights } = learnBlend({ sets, itemCount: 1 }, { seed: 1 });
      expect(weights).toEqual(PRIOR_WEIGHTS);
      expect([...blendShares(readEvidence(evidence), weights, [0])]).toEqual([0]);
    }
    expect(learnBlend({ sets: [], itemCount: 0 }, { seed: 1 }).evidence.popularity).toHaveLength(0);
  });

  test("gives who has nothing what is popular", () => {
    const { evidence, weights } = learnBlend({ sets: [[0, 1], [1], [1, 2], [1, 2]], itemCount: 3 }, { seed: 1 });
    expect([...blendShares(readEvidence(evidence), weights, [])].map((share) => Math.round(7 * share))).toEqual([1, 4, 2]);
  });

  test("trusts the evidence that finds what was hidden", () => {
    const pairs = Array.from({ length: 300 }, (_, i) => [2 * (i % 4), 2 * (i % 4) + 1]);
    const neighbours = itemNeighbours(pairs, ITEMS);
    const popularity = new Float64Array(ITEMS).fill(1 / 4);
    const cases = pairs.slice(0, 200).map(([history, next]) => ({ history: [history!], next: [next!] }));
    const none = { items: new Uint32Array(), confidences: new Float64Array() };
    const evidence = { neighbours, rules: { rows: neighbours.neighbours.map(() => none) }, popularity };
    const { weights, ndcg } = chooseBlend({ sets: pairs, evidence }, cases);
    expect(weights.popularity + weights.rules).toBeLessThan(0.2);
    expect(ndcg).toBeCloseTo(1, 6);
  });
});
