import { rowOf, type Matrix } from "../matrix.js";

/** Columns that the cells are cut by, after the widest one, which the points of a cell are sorted along. */
const CUT_BY = 2;
/** Cells along one column at the most: the numbers of two columns then fit a key below 2^53. */
const MOST_CELLS = 2 ** 26;
/** Cells and stretches are wider than the radius by this much, so that rounding never hides a neighbour. */
const SLACK = 1 + 1e-6;

/**
 * Tells how many points are within one distance of a point, and hands each point out once, exactly, in any number of columns.
 *
 * The points are cut into cells as wide as the radius along the second and third widest columns, and sorted along the widest inside each cell. A
 * query looks into nine cells at most, and there only at the stretch within reach; what it meets is measured in all columns: a neighbour's squared
 * distance is ≤ radius². Building takes n log n. More columns make a query slower, never wrong.
 */
export class GridIndex {
  readonly #points: Matrix;
  readonly #squaredRadius: number;
  readonly #reach: number;
  /** The widest column. */
  readonly #along: number;
  /** Indices of the points, cell after cell; the points themselves in that order, so that a scan reads memory in a row. */
  readonly #order: Uint32Array;
  readonly #sorted: Float64Array;
  readonly #cells: Cells;
  readonly #cuts: readonly Cut[];
  /** For each place one at or after it, on the way to the next that is not taken (a union-find with path halving). */
  readonly #left: Uint32Array;

  /**
   * @param points n × d, d ≥ 1, every number finite
   * @param radius a finite number above 0
   */
  constructor(points: Matrix, radius: number) {
    const [along = 0, ...others] = widestColumns(points);
    this.#points = points;
    this.#squaredRadius = radius * radius;
    this.#reach = radius * SLACK;
    this.#along = along;
    this.#cuts = others.slice(0, CUT_BY).map((column) => cutOf(points, column, this.#reach));
    const keys = cellKeys(points, this.#cuts);
    const { values, columns, rows } = points;
    this.#order = Uint32Array.from({ length: rows }, (_, i) => i).sort(
      (a, b) => keys[a]! - keys[b]! || values[a * columns + along]! - values[b * columns + along]!,
    );
    this.#sorted = new Float64Array(rows * columns);
    this.#order.forEach((i, place) => this.#sorted.set(rowOf(points, i), place * columns));
    this.#cells = new Cells(this.#order, keys);
    this.#left = Uint32Array.from({ length: rows + 1 }, (_, place) => place);
  }

  /** Whether so many points, itself included, are within the radius of point `i`, taken or not. It stops when it has met them. */
  hasNeighbours(i: number, least: number): boolean {
    const point = rowOf(this.#points, i);
    let count = 0;
    for (const cell of this.#cells.around(i)) {
      const end = this.#cells.start(cell + 1);
      for (let place = this.#firstInReach(point, cell); place < end && this.#isInReach(place, point); place++)
        if (this.#isNear(place, point) && ++count >= least) return true;
    }
    return false;
  }

  /** Whether any point is within the radius of this one, which need not be one of them; points that were taken count. As many numbers as there are columns. */
  isReached(point: Float64Array): boolean {
    const key = keyAt(this.#cuts, point);
    if (key === null) return false;
    for (const cell of this.#cells.aroundKey(key)) {
      const end = this.#cells.start(cell + 1);
      for (let place = this.#firstInReach(point, cell); place < end && this.#isInReach(place, point); place++)
        if (this.#isNear(place, point)) return true;
    }
    return false;
  }

  /**
   * Takes the points within the radius of point `i` that were not taken before: writes their indices, in no particular order, to the front of `taken`,
   * which has room for every point, and returns how many they are. In dense data most of the work is spared by what is gone.
   */
  takeNeighbours(i: number, taken: Int32Array): number {
    const point = rowOf(this.#points, i);
    let count = 0;
    for (const cell of this.#cells.around(i)) {
      const end = this.#cells.start(cell + 1);
      for (
        let place = this.#nextLeft(this.#firstInReach(point, cell));
        place < end && this.#isInReach(place, point);
        place = this.#nextLeft(place + 1)
      ) {
        if (!this.#isNear(place, point)) continue;
        taken[count++] = this.#order[place]!;
        this.#left[place] = place + 1;
      }
    }
    return count;
  }

  #isInReach(place: number, point: Float64Array): boolean {
    return this.#sorted[place * this.#points.columns + this.#along]! - point[this.#along]! <= this.#reach;
  }

  #isNear(place: number, point: Float64Array): boolean {
    const sorted = this.#sorted;
    const columns = point.length;
    const offset = place * columns;
    const most = this.#squaredRadius;
    let squared = 0;
    for (let c = 0; c < columns && squared <= most; c++) {
      const difference = sorted[offset + c]! - point[c]!;
      squared += difference * difference;
    }
    return squared <= most;
  }

  /** The first place of a cell whose point is not too far below. */
  #firstInReach(point: Float64Array, cell: number): number {
    const centre = point[this.#along]!;
    let low = this.#cells.start(cell);
    let high = this.#cells.start(cell + 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (centre - this.#sorted[middle * point.length + this.#along]! > this.#reach) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first place from this one on that is not taken; one after the last when there is none. */
  #nextLeft(from: number): number {
    const left = this.#left;
    let place = from;
    while (left[place]! !== place) {
      left[place] = left[left[place]!]!;
      place = left[place]!;
    }
    return place;
  }
}

/** The own cell comes first: most of what is near is in it. */
const NEAREST_FIRST = [0, -1, 1];

/** The occupied cells, numbered in the order of their keys. */
class Cells {
  readonly #starts: number[] = [];
  readonly #keys: number[] = [];
  readonly #byKey = new Map<number, number>();
  readonly #cellOf: Uint32Array;
  /** Of each cell the occupied ones around it, itself included; found when first asked for. */
  readonly #around: number[][] = [];

  constructor(order: Uint32Array, keys: Float64Array) {
    this.#cellOf = new Uint32Array(order.length);
    order.forEach((i, place) => {
      const key = keys[i]!;
      if (this.#keys.at(-1) !== key) {
        this.#byKey.set(key, this.#keys.length);
        this.#keys.push(key);
        this.#starts.push(place);
      }
      this.#cellOf[i] = this.#keys.length - 1;
    });
    this.#starts.push(order.length);
  }

  /** The first place of a cell; that of the cell after the last is the number of points. */
  start(cell: number): number {
    return this.#starts[cell]!;
  }

  around(i: number): readonly number[] {
    const cell = this.#cellOf[i]!;
    return (this.#around[cell] ??= this.aroundKey(this.#keys[cell]!));
  }

  /** The occupied cells around a key, itself included. */
  aroundKey(key: number): number[] {
    return NEAREST_FIRST.flatMap((row) => NEAREST_FIRST.flatMap((column) => this.#byKey.get(key + row * ROW + column) ?? []));
  }
}

/** Between two rows of cells is a gap, so that the last cell of one is no neighbour of the first of the next. */
const ROW = MOST_CELLS + 2;

/** How a column is cut into cells, the first of them at `least`. */
interface Cut {
  readonly column: number;
  readonly least: number;
  readonly side: number;
  /** The number of the last cell; the first is 0. */
  readonly last: number;
}

function cutOf(points: Matrix, column: number, width: number): Cut {
  const { least, range } = extent(points, column);
  const side = Math.max(width, range / (MOST_CELLS - 1));
  return { column, least, side, last: Math.floor(Math.max(0, range) / side) };
}

/** The key of each point's cell: row × ROW + column. Where few columns vary, fewer cut. */
function cellKeys({ rows, columns, values }: Matrix, cuts: readonly Cut[]): Float64Array {
  const keys = new Float64Array(rows);
  for (const { column, least, side } of cuts)
    for (let i = 0; i < rows; i++) keys[i] = keys[i]! * ROW + Math.floor((values[i * columns + column]! - least) / side);
  return keys;
}

/** The key of any point, in the cell at the rim when it is beyond it by one; null when it is further than that, where nothing is near. */
function keyAt(cuts: readonly Cut[], point: Float64Array): number | null {
  let key = 0;
  for (const { column, least, side, last } of cuts) {
    const cell = Math.floor((point[column]! - least) / side);
    if (!(cell >= -1 && cell <= last + 1)) return null;
    key = key * ROW + Math.min(last, Math.max(0, cell));
  }
  return key;
}

/** Columns by their range, widest first. */
function widestColumns(points: Matrix): number[] {
  const ranges = Array.from({ length: points.columns }, (_, column) => extent(points, column).range);
  return ranges.map((_, column) => column).sort((a, b) => ranges[b]! - ranges[a]! || a - b);
}

function extent({ rows, columns, values }: Matrix, column: number): { least: number; range: number } {
  let least = Infinity;
  let greatest = -Infinity;
  for (let at = column; at < rows * columns; at += columns) {
    least = Math.min(least, values[at]!);
    greatest = Math.max(greatest, values[at]!);
  }
  return { least, range: greatest - least };
}
