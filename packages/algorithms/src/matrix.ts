/** Numbers in rows and columns, as the learners take them: one typed array, row after row, so that a million rows cost no million objects. */
export interface Matrix {
  /** n */
  readonly rows: number;
  /** d */
  readonly columns: number;
  /** n × d, row after row. NaN stands for "not known", where a learner says that it takes it. */
  readonly values: Float64Array;
}

/**
 * A matrix of its rows.
 *
 * @throws RangeError when rows differ in length
 */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns)
      throw new RangeError(`Row ${i} has ${row.length} numbers, the first has ${columns}; all must have as many.`);
    values.set(row, i * columns);
  });
  return { rows: rows.length, columns, values };
}

/** One row, as a view: what is written to it is written to the matrix. */
export function rowOf({ values, columns }: Matrix, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

/** The rows at these indices (repetition allowed), in their order, as a copy. */
export function selectRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const { columns } = matrix;
  const values = new Float64Array(indices.length * columns);
  for (let i = 0; i < indices.length; i++) values.set(rowOf(matrix, indices[i]!), i * columns);
  return { rows: indices.length, columns, values };
}

/** The matrix with more columns at its right: each an array of as many numbers as there are rows, or one number for all rows. */
export function withColumns(matrix: Matrix, ...added: readonly (ArrayLike<number> | number)[]): Matrix {
  const columns = matrix.columns + added.length;
  const values = new Float64Array(matrix.rows * columns);
  for (let i = 0; i < matrix.rows; i++) {
    values.set(rowOf(matrix, i), i * columns);
    added.forEach((column, j) => (values[i * columns + matrix.columns + j] = typeof column === "number" ? column : column[i]!));
  }
  return { rows: matrix.rows, columns, values };
}
