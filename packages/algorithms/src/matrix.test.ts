import fc from "fast-check";
import { expect, test } from "vitest";
import { matrixOf, rowOf, selectRows, withColumns } from "./matrix.js";

const someRows = fc
  .integer({ min: 1, max: 5 })
  .chain((columns) => fc.array(fc.array(fc.double(), { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 20 }));

test("a matrix gives back the rows that it was made of", () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const matrix = matrixOf(rows);
      expect(rows.map((_, i) => [...rowOf(matrix, i)])).toEqual(rows);
    }),
  );
});

test("selected rows come in the order asked for, and are a copy", () => {
  const matrix = matrixOf([
    [1, 2],
    [3, 4],
  ]);
  const chosen = selectRows(matrix, [1, 0, 1]);
  chosen.values[0] = 9;
  expect([chosen.rows, ...chosen.values]).toEqual([3, 9, 4, 1, 2, 3, 4]);
  expect([...matrix.values]).toEqual([1, 2, 3, 4]);
});

test("columns are added at the right, from arrays and from one number for all", () => {
  const matrix = matrixOf([[1], [2]]);
  expect([...withColumns(matrix, [5, 6], 7).values]).toEqual([1, 5, 7, 2, 6, 7]);
});

test("rows of different lengths are refused by their number", () => {
  expect(() => matrixOf([[1, 2], [3]])).toThrow("Row 1 has 1 numbers, the first has 2");
});
