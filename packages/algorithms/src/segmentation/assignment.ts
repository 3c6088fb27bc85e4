/**
 * The cheapest one-to-one assignment of rows to columns. Hungarian algorithm with potentials, O(rows² · columns).
 *
 * @param costs rows × columns, finite; fewer rows than columns or as many
 * @returns for each row its column
 * @throws RangeError when there are more rows than columns (turn the matrix over), or a cost is not finite
 */
export function assignment(costs: readonly (readonly number[])[]): number[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows > columns) throw new RangeError(`${rows} rows cannot each have one of ${columns} columns; turn the matrix over.`);
  const wrong = costs.findIndex((row) => row.length !== columns || !row.every(Number.isFinite));
  if (wrong >= 0)
    throw new RangeError(`Row ${wrong} of the costs does not have ${columns} finite numbers; write what is impossible as a great cost.`);
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1).fill(0); // 1-based; column 0 stands for the row that is being placed
  for (let row = 1; row <= rows; row++) {
    const path = shortestPath(costs, row, rowOf, rowPotential, columnPotential);
    let column = path.end;
    while (column !== 0) {
      const before = path.before[column]!;
      rowOf[column] = rowOf[before]!;
      column = before;
    }
  }
  const columnOf = costs.map(() => 0);
  for (let column = 1; column <= columns; column++) if (rowOf[column]! > 0) columnOf[rowOf[column]! - 1] = column - 1;
  return columnOf;
}

/** Cheapest alternating path from a new row to a free column; keeps the potentials feasible. */
function shortestPath(
  costs: readonly (readonly number[])[],
  row: number,
  rowOf: Int32Array,
  rowPotential: Float64Array,
  columnPotential: Float64Array,
): { end: number; before: Int32Array } {
  const columns = columnPotential.length - 1;
  const before = new Int32Array(columns + 1);
  const slack = new Float64Array(columns + 1).fill(Infinity);
  const done = new Uint8Array(columns + 1);
  rowOf[0] = row;
  let current = 0;
  do {
    done[current] = 1;
    const from = rowOf[current]!;
    let step = Infinity;
    let next = 0;
    for (let column = 1; column <= columns; column++) {
      if (done[column] === 1) continue;
      const reduced = costs[from - 1]![column - 1]! - rowPotential[from]! - columnPotential[column]!;
      if (reduced < slack[column]!) {
        slack[column] = reduced;
        before[column] = current;
      }
      if (slack[column]! < step) {
        step = slack[column]!;
        next = column;
      }
    }
    for (let column = 0; column <= columns; column++) {
      if (done[column] === 1) {
        rowPotential[rowOf[column]!]! += step;
        columnPotential[column]! -= step;
      } else slack[column]! -= step;
    }
    current = next;
  } while (rowOf[current] !== 0);
  return { end: current, before };
}
