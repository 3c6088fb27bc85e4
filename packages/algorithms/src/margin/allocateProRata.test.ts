import fc from "fast-check";
import { expect, test } from "vitest";
import { allocateProRata } from "./allocateProRata.js";

test("what does not divide goes to the largest remainders, ties to the first", () => {
  expect(allocateProRata(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
  expect(allocateProRata(7n, [10n, 25n])).toEqual([2n, 5n]);
  expect(allocateProRata(5n, [0n, 0n])).toEqual([3n, 2n]);
});

test("shares sum to the total, are within one of the exact share, and are never above their weight when the total is not", () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), weights, (total, weights) => {
      const sum = weights.reduce((a, b) => a + b, 0n);
      const shares = allocateProRata(total, weights);
      const exact = shares.reduce((a, b) => a + b, 0n) === total;
      const near =
        sum === 0n || shares.every((share, i) => share * sum < total * weights[i]! + sum && share * sum > total * weights[i]! - sum);
      const under = sum === 0n || total > sum || shares.every((share, i) => share <= weights[i]!);
      return exact && near && under;
    }),
    { numRuns: 10_000 },
  );
});
