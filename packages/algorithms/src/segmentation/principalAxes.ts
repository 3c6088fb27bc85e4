import { squaredDistance } from "./squaredDistance.js";

/** The directions along which some points vary, and the points seen from them. */
export interface PrincipalAxes {
  /** d orthonormal directions, each of d numbers, in no particular order. */
  readonly axes: readonly (readonly number[])[];
  /** The points' mean. */
  readonly centre: readonly number[];
}

/** Principal axes of n × d points by Jacobi rotations of their covariance matrix. Time is n · d² + about 10 · d³. */
export function principalAxes(points: readonly (readonly number[])[]): PrincipalAxes {
  const d = points[0]?.length ?? 0;
  const centre = Array.from({ length: d }, (_, c) => points.reduce((sum, point) => sum + point[c]!, 0) / points.length);
  const matrix = covariance(points, centre);
  const axes = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)));
  const whole = squaredDistance(
    matrix.flat(),
    matrix.flat().map(() => 0),
  );
  for (let sweep = 0; sweep < 30 && offDiagonal(matrix) > 1e-20 * whole; sweep++) {
    for (let p = 0; p < d; p++) for (let q = p + 1; q < d; q++) rotate(matrix, axes, p, q);
  }
  return { axes, centre };
}

/** A point's coordinates along the axes. */
export function toAxes({ axes, centre }: PrincipalAxes, point: readonly number[]): number[] {
  return axes.map((axis) => axis.reduce((sum, a, c) => sum + a * (point[c]! - centre[c]!), 0));
}

/** The point with given coordinates along the axes. */
export function fromAxes({ axes, centre }: PrincipalAxes, coordinates: readonly number[]): number[] {
  return centre.map((mean, c) => mean + axes.reduce((sum, axis, i) => sum + axis[c]! * coordinates[i]!, 0));
}

function covariance(points: readonly (readonly number[])[], centre: readonly number[]): number[][] {
  const matrix = centre.map(() => centre.map(() => 0));
  for (const point of points) {
    for (let i = 0; i < centre.length; i++) {
      for (let j = 0; j < centre.length; j++) matrix[i]![j]! += ((point[i]! - centre[i]!) * (point[j]! - centre[j]!)) / points.length;
    }
  }
  return matrix;
}

function offDiagonal(matrix: readonly (readonly number[])[]): number {
  return matrix.reduce((sum, row, i) => sum + row.reduce((rowSum, value, j) => (i === j ? rowSum : rowSum + value * value), 0), 0);
}

/** Makes the cell (p, q) zero by a rotation in the plane of both. */
function rotate(matrix: number[][], axes: number[][], p: number, q: number): void {
  const cell = matrix[p]![q]!;
  if (cell === 0) return;
  const theta = (matrix[q]![q]! - matrix[p]![p]!) / (2 * cell);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of matrix) mix(row, p, q, cosine, sine);
  mixRows(matrix, p, q, cosine, sine);
  mixRows(axes, p, q, cosine, sine);
}

function mix(row: number[], p: number, q: number, cosine: number, sine: number): void {
  const [a, b] = [row[p]!, row[q]!];
  row[p] = cosine * a - sine * b;
  row[q] = sine * a + cosine * b;
}

function mixRows(rows: number[][], p: number, q: number, cosine: number, sine: number): void {
  const [a, b] = [rows[p]!, rows[q]!];
  rows[p] = a.map((value, c) => cosine * value - sine * b[c]!);
  rows[q] = a.map((value, c) => sine * value + cosine * b[c]!);
}
